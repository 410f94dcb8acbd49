# exercise: ex03_hello
# verdict: output_limit
"""Opens files without end."""


def hello(client):
    kept = []
    while True:
        kept.append(open(__file__))
