# exercise: ex03_hello
# verdict: timeout
# seconds: 1
"""Never ends, and catches what would end it."""


def hello(client):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
