# exercise: ex03_hello
"""Returns an object made to be equal in tests."""
from unittest import mock


def hello(client):
    return mock.ANY
