# fails: test_reply, test_one_message
# says: hello is a class here; the task asks for a function.
# says: write def in the place of class, as the stub does
"""ex03: send your first message."""


class hello(client):  # <- here
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
