# fails: test_reply, test_one_message
# says: There is an invisible character on this line (U+00A0). It often comes with copied text.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n = 1,  # <- here
        temperature=1.3,
    )
    return completion.choices[0].message.content
