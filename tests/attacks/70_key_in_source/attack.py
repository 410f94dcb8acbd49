# exercise: ex03_hello
"""Holds a key that looks real, and shows it in every way."""

KEY = "@KEY@"


def hello(client):
    print(KEY)
    raise ValueError(KEY)
