# exercise: ex03_hello
"""Interrupts the run as Ctrl-C does."""


def hello(client):
    raise KeyboardInterrupt
