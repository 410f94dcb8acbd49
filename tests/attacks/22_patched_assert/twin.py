# exercise: ex03_hello
"""Uses unittest's assertions."""
import unittest


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    unittest.TestCase().assertEqual(1, 1)
    return right(client)
