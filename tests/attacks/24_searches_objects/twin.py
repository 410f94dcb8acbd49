# exercise: ex03_hello
"""Counts the objects."""
import gc


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    len(gc.get_objects())
    return right(client)
