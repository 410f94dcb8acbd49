# exercise: ex03_hello
"""The same request, written otherwise."""


def hello(client):
    message = dict(role="user", content="Hello World")
    return client.chat.completions.create(
        temperature=1.3, n=1, messages=[message], model="gpt-4o-mini"
    ).choices[0].message.content
