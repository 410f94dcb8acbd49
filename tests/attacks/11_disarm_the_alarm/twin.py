# exercise: ex03_hello
"""Ignores a signal, and answers."""
import signal


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return right(client)
