# exercise: ex03_hello
# verdict: memory
"""Starts threads without end, at most 2000."""
import threading
import time


def hello(client):
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(60)
