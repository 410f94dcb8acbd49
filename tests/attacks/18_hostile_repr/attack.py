# exercise: ex03_hello
"""Returns an object whose repr never ends."""


class Slow:
    def __repr__(self):
        while True:
            pass

    __str__ = __repr__
    __format__ = __repr__


def hello(client):
    return Slow()
