# exercise: ex03_hello
# verdict: memory
"""Doubles a list until there is no more."""


def hello(client):
    items = [0] * 10**7
    while True:
        items += items
