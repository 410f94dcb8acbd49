# fails: test_reply, test_one_message
# says: Round brackets call a function, and this is a list.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices(0).message.content  # <- here
