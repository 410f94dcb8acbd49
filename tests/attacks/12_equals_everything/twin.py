# exercise: ex03_hello
"""Has a class with an honest __eq__, and returns text."""


class Reply:
    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return self.text == other.text


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    return Reply(right(client)).text
