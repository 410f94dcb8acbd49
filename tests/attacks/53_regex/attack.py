# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Holds the interpreter in a regular expression."""
import re


def hello(client):
    re.match("(a+)+$", "a" * 60 + "b")
