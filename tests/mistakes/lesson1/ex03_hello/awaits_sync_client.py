# fails: test_reply, test_one_message
# says: This client gives its reply at once. There is nothing to await.
"""ex03: send your first message."""


async def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = await client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
