# exercise: ex03_hello
"""Uses the same expression on a text that fits."""
import re


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    re.match("(a+)+$", "a" * 60)
    return right(client)
