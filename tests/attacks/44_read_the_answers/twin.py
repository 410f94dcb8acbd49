# exercise: ex03_hello
"""Reads its own file."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    with open(__file__) as file:
        file.read()
    return right(client)
