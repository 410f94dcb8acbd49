# exercise: ex03_hello
# verdict: crashed
"""Aborts."""
import os


def hello(client):
    os.abort()
