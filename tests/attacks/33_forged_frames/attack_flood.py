# exercise: ex03_hello
# verdict: tampered, crashed
"""A thread floods the connection with frames while the call runs."""
import os
import stat
import struct


def pipes():
    for number in range(3, 256):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
            yield number


def frame(text):
    return struct.pack("!I", len(text)) + text


def flood():
    for number in pipes():
        for _ in range(1000):
            os.write(number, frame(b'{"type": "returned", "call": 1, "value": "passed"}'))


def hello(client):
    import threading
    import time

    threading.Thread(target=flood, daemon=True).start()
    time.sleep(0.2)
    return "anything"
