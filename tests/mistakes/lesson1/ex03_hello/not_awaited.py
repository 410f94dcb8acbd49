# fails: test_reply, test_one_message
# says: This is not the reply yet: an async function was called without await.
"""ex03: send your first message."""


async def ask(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion


def hello(client):
    """Return the text of the reply."""
    completion = ask(client)
    return completion.choices[0].message.content  # <- here
