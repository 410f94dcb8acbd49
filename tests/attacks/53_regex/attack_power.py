# exercise: ex03_hello
# verdict: timeout, memory
# seconds: 1
"""Holds the interpreter in one computation."""


def hello(client):
    10 ** 10 ** 10
