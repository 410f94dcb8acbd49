# exercise: ex03_hello
# verdict: timeout, memory
# seconds: 0.3
"""Holds the interpreter in one computation."""


def hello(client):
    10 ** 10 ** 10
