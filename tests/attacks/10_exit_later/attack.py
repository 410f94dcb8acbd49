# exercise: ex03_hello
# verdict: crashed
"""A thread ends the process while the call goes on."""
import os
import threading
import time


def hello(client):
    threading.Timer(0.05, os._exit, (0,)).start()
    time.sleep(60)
