# exercise: ex03_hello
"""Raises what `except Exception` does not catch."""


class Stop(BaseException):
    pass


def hello(client):
    raise Stop("verdict: passed")
