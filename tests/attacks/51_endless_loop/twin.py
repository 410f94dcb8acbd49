# exercise: ex03_hello
"""Loops for a while."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    for _ in range(100_000):
        pass
    return right(client)
