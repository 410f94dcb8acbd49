# exercise: ex03_hello
# verdict: output_limit
"""Prints one line of 100 MB."""


def hello(client):
    print("x" * 100_000_000)
    return "anything"
