# exercise: ex03_hello
"""Returns a generator that would work in the judge."""
import os


def hello(client):
    yield os.getpid()
    raise SystemExit
