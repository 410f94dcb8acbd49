# exercise: ex03_hello
# verdict: failed, crashed
"""Raises an exception whose text raises one."""


class Loud(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__


def hello(client):
    raise Loud
