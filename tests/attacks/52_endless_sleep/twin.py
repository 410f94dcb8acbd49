# exercise: ex03_hello
"""Sleeps a little."""
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
    time.sleep(0.01)
    return right(client)
