# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Waits for a lock that it holds, in C."""
import threading


def hello(client):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
