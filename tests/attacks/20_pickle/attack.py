# exercise: ex03_hello
"""Returns an object, and raises another, that would run code where they are unpickled."""
import os


class Payload(Exception):
    def __reduce__(self):
        return os.system, ("touch @OPEN@/unpickled",)


def hello(client):
    try:
        return Payload()
    finally:
        raise Payload
