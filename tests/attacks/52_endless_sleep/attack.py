# exercise: ex03_hello
# verdict: timeout
# seconds: 1
"""Sleeps."""
import time


def hello(client):
    time.sleep(1e9)
