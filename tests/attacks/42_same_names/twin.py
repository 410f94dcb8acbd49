# exercise: ex03_hello
"""Defines the function twice; the last one is right."""


def hello(client):
    return "anything"


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
