# fails: test_reply, test_one_message
# says: Your code asked api.openai.com for POST '/v1/responses', which is not part of this exercise.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    response = client.responses.create(model="gpt-4o-mini", input="Hello World", temperature=1.3)  # <- here
    return response.output_text
