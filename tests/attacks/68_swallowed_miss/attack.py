# exercise: ex03_hello
"""Swallows that its request is wrong, and returns a constant."""


def hello(client):
    try:
        client.chat.completions.create(model="no-such-model", messages=[{"role": "user", "content": "Hello World"}])
    except Exception:
        pass
    return "Hello! How can I help you today?"
