# exercise: ex03_hello
# verdict: output_limit, crashed
"""Returns a list a million deep."""


def hello(client):
    deep = []
    for _ in range(10**6):
        deep = [deep]
    return deep
