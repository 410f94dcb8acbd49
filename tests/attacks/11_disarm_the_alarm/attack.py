# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Takes all signals away, then waits for ever."""
import signal
import time


def hello(client):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.alarm(0)
    while True:
        time.sleep(1)
