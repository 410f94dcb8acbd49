# exercise: ex03_hello
"""The same in names."""


def hello(client):
    return type("\x1b[31m=cmd|x<b>", (), {})()
