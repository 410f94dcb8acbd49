# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Never ends, and catches what would end it."""


def hello(client):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
