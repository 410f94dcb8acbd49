# exercise: ex03_hello
"""A daemon thread, which ends with the process."""
import threading
import time


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    return right(client)
