# exercise: ex03_hello
"""Brings easy tests, some beside the checks and some in it."""


def test_mine():
    pass


def hello(client):
    return "anything"
