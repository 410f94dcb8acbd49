# exercise: ex03_hello
"""Leaves only where it is run as a script."""
import sys


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content


if __name__ == "__main__":
    sys.exit(0)
