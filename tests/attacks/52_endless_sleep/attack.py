# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Sleeps."""
import time


def hello(client):
    time.sleep(1e9)
