# fails: test_reply, test_one_message
# says: The API refused your request: Invalid value for 'content': expected a string, got null.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "contents": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
