# exercise: ex03_hello
"""Does nothing at all."""
def hello(client):
    pass
