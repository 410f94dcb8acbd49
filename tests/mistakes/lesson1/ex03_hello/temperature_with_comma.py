# fails: test_reply, test_one_message
# says: In the call that ends here, a value has no name.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1,3
    )  # <- here
    return completion.choices[0].message.content
