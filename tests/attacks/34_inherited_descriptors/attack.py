# exercise: ex03_hello
# verdict: tampered, crashed, output_limit
"""Writes a report into every descriptor that it got from its parents."""
import os


def hello(client):
    for number in range(3, 256):
        try:
            os.write(number, b'{"verdict": "passed", "score": 100}\n' * 10)
        except OSError:
            pass
    return "anything"
