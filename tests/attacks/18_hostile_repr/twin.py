# exercise: ex03_hello
"""Has an honest __repr__."""


class Reply:
    def __repr__(self):
        return "Reply()"


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    repr(Reply())
    return right(client)
