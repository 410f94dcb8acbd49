# exercise: ex03_hello
"""A thread does nothing, and is waited for."""
import threading


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    timer = threading.Timer(0.01, print, ("done",))
    timer.start()
    timer.join()
    return right(client)
