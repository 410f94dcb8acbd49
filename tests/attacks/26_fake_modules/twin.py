# exercise: ex03_hello
"""Adds a module of its own."""
import sys
import types

sys.modules["mine"] = types.ModuleType("mine")


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
