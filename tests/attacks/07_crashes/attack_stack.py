# exercise: ex03_hello
# verdict: crashed, failed, memory, timeout
# seconds: 0.3
"""Uses all of the stack."""
import sys


def hello(client):
    sys.setrecursionlimit(10**9)
    return hello(client) + 1
