# exercise: ex03_hello
"""Knows the recorded answer, and asks for it."""

USUAL = 'Hello World! How can I assist you today?'


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
