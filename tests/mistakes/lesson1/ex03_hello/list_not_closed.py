# fails: test_reply, test_one_message
# says: On line 11 the bracket [ was opened; ) on this line does not close it.
# says: write the bracket that closes [ before this )
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "user", "content": "Hello World"},
    )  # <- here
    return completion.choices[0].message.content
