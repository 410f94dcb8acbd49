# exercise: ex03_hello
"""Uses 50 MB for a moment."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    len(bytearray(50_000_000))
    return right(client)
