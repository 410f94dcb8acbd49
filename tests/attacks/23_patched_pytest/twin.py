# exercise: ex03_hello
"""Patches a module of its own making."""
import types


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    module = types.ModuleType("mine")
    module.runtest = right
    return module.runtest(client)
