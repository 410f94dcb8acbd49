# exercise: ex03_hello
# place: unreadable
"""Changes the rights of a file of its own."""
import os


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    open("mine", "w").close()
    os.chmod("mine", 0o600)
    return right(client)
