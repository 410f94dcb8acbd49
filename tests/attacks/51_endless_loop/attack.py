# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Never ends."""


def hello(client):
    while True:
        pass
