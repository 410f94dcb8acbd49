# exercise: ex03_hello
"""Asks its own frame for its name."""
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
    sys._getframe().f_code.co_name
    return right(client)
