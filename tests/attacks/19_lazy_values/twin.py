# exercise: ex03_hello
"""Uses a generator, and joins what it gives."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    return "".join(part for part in right(client))
