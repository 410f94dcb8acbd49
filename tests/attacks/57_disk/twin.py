# exercise: ex03_hello
"""Writes 1 MB in ten files."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    for number in range(10):
        with open(f"file{number}", "wb") as file:
            file.write(bytes(10**5))
    return right(client)
