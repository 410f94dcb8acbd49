# fails: test_reply, test_one_message
# says: The client has nothing called completion at this place. Did you mean completions?
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completion.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
