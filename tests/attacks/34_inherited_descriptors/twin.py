# exercise: ex03_hello
"""Opens and closes a file by its number."""
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
    number = os.open("mine", os.O_RDWR | os.O_CREAT)
    os.write(number, b"passed")
    os.close(number)
    return right(client)
