# exercise: ex03_hello
# verdict: output_limit
"""Writes newlines below Python, without end."""
import os


def hello(client):
    while True:
        os.write(2, b"\n" * 65536)
