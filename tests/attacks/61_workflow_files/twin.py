# exercise: ex03_hello
"""Looks for them, and is right."""
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
    os.environ.get("GITHUB_OUTPUT")
    return right(client)
