# exercise: ex03_hello
# verdict: crashed
"""Would leave a memory image of itself, and children that nobody waits for."""
import os
import resource


def hello(client):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
    except (OSError, ValueError):
        pass
    os.chdir(".")
    os.abort()
