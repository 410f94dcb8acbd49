# exercise: ex03_hello
# verdict: output_limit
"""Returns a small list that grows to billions of items when it is copied."""


def hello(client):
    items = ["x"] * 10
    for _ in range(10):
        items = [items] * 10
    return items
