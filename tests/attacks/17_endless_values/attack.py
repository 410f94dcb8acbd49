# exercise: ex03_hello
# verdict: output_limit
"""Returns a list that holds itself."""


def hello(client):
    loop = []
    loop.append(loop)
    return loop
