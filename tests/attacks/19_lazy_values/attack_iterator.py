# exercise: ex03_hello
"""Returns an iterator without an end."""
import itertools


def hello(client):
    return itertools.count()
