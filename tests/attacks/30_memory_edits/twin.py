# exercise: ex03_hello
"""Reads its own memory."""
import ctypes


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    ctypes.string_at(id(None), 8)
    return right(client)
