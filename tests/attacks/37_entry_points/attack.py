# exercise: ex03_hello
"""Brings a plugin that looks installed."""


def hello(client):
    return "anything"
