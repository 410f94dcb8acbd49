"""ex03: send your first message."""


def hello(client):
    """Send "Hello World" to the model, and return the text of its reply.

    `client` is an OpenAI client that is ready to use. Make one request:
    - model "gpt-4o-mini"
    - one message, with role "user" and content "Hello World"
    - n=1 and temperature=1.3, both written out

    Example: hello(client) returns "Hi! What can I do for you?"
    """
    raise NotImplementedError
