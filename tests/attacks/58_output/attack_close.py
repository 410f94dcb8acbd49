# exercise: ex03_hello
"""Closes its output, and gives no answer."""
import os


def hello(client):
    os.close(1)
    os.close(2)
    return "anything"
