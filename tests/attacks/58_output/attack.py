# exercise: ex03_hello
# verdict: output_limit
"""Prints without end."""


def hello(client):
    while True:
        print("x" * 1000)
