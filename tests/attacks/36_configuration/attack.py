# exercise: ex03_hello
"""Brings configuration that selects nothing, or loads a plugin."""


def hello(client):
    return "anything"
