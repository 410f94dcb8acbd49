# exercise: ex03_hello
"""The same in the names of functions and types."""

Forged = type("x\n::error::forged", (ValueError,), {})


def hello(client):
    raise Forged("##[error]forged")
