# exercise: ex03_hello
# verdict: crashed, failed
"""Closes every descriptor, and puts others in their places."""
import os


def hello(client):
    os.closerange(0, 256)
    for _ in range(20):
        os.open("mine", os.O_RDWR | os.O_CREAT)
    return "anything"
