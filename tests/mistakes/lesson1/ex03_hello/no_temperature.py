# fails: test_reply
# says: Your request did not send temperature; this exercise wants temperature=1.3.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
    )
    return completion.choices[0].message.content
