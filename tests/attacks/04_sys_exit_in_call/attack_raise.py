# exercise: ex03_hello
"""The same by its other name."""


def hello(client):
    raise SystemExit
