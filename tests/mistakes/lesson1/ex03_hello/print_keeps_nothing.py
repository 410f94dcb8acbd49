# fails: test_reply, test_one_message
# says: There is None on this line where your code needs a value.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = print(client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    ))
    return completion.choices[0].message.content  # <- here
