# exercise: ex03_hello
# verdict: crashed
"""Reads at address 0."""
import ctypes


def hello(client):
    ctypes.string_at(0)
