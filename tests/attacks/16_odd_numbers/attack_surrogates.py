# exercise: ex03_hello
"""Returns lone surrogates, which no encoding bears."""


def hello(client):
    return "\ud800" * 10
