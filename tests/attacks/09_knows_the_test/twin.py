# exercise: ex03_hello
"""Reads a variable of the environment that is always there."""
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
    os.environ["PATH"]
    return right(client)
