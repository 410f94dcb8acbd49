# exercise: ex03_hello
"""Calls a function of its own named _exit."""


def _exit(code):
    return code


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    _exit(0)
    return right(client)
