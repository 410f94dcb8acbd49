# exercise: ex03_hello
"""Writes YAML, too."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    with open("notes.yaml", "w") as file:
        file.write("a: 1")
    return right(client)
