# exercise: ex03_hello
# place: odd names
"""Files beside it whose names forge output."""


def hello(client):
    return "anything"
