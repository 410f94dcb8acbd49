# exercise: ex03_hello
"""Catches its own SystemExit."""
import sys


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    try:
        sys.exit(0)
    except SystemExit:
        return right(client)
