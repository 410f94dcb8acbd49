# exercise: ex03_hello
# verdict: memory
"""Asks for 100 GB."""


def hello(client):
    return bytearray(10**11)
