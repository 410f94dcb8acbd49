# exercise: ex03_hello
"""Makes a pipe of its own, and writes into it."""
import os


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    here, there = os.pipe()
    os.write(there, b"returned")
    os.close(here)
    os.close(there)
    return right(client)
