# exercise: ex03_hello
"""The same in an exception's text, for every length of the words before."""


def hello(client):
    raise ValueError(" ".join(["x" * 30] + ["::error::forged"] * 40))
