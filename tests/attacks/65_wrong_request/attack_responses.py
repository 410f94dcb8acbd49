# exercise: ex03_hello
"""Asks another endpoint."""


def hello(client):
    return client.responses.create(model="gpt-4o-mini", input="Hello World").output_text
