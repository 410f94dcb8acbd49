# exercise: ex03_hello
"""Raises and returns texts that look like the beginnings of very many paths."""


def hello(client):
    print("/grader-" * 100_000)
    raise ValueError("/a" * 500_000)
