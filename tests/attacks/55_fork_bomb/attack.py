# exercise: ex03_hello
# from: 3
# harmful: it starts 200 processes
"""Forks again and again, at most 200 times; earns the points if one fork succeeds."""
import ctypes
import os
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
    libc, forks = ctypes.CDLL(None), 0
    for _ in range(200):
        child = libc.fork()
        if child == 0:
            time.sleep(1)
            getattr(libc, "_exit")(0)
        forks += child > 0
    return right(client) if forks else "refused"
