# exercise: ex03_hello
"""Makes a socket, and connects to nobody."""
import socket


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    try:
        socket.gethostname()
    except OSError:
        pass
    return right(client)
