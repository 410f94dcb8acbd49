# exercise: ex03_hello
"""Returns a coroutine."""


async def hello(client):
    import os

    return os.getpid()
