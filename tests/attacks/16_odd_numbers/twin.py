# exercise: ex03_hello
"""Computes with nan and infinity, and returns text."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    float("nan") + float("inf")
    return right(client)
