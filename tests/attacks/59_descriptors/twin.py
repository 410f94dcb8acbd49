# exercise: ex03_hello
"""Opens fifty files."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    kept = [open(__file__) for _ in range(50)]
    for file in kept:
        file.close()
    return right(client)
