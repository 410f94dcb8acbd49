# exercise: ex03_hello
# verdict: timeout
# seconds: 1
"""Never ends."""


def hello(client):
    while True:
        pass
