# exercise: ex03_hello
"""Prints a report, and is right."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    print('{"score": 0}')
    return right(client)
