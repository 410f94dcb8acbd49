# exercise: ex03_hello
# verdict: output_limit
"""Returns 200 MB of text."""


def hello(client):
    return "x" * 200_000_000
