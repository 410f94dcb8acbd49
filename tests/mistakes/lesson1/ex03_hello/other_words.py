# fails: test_one_message
# says: 'Hello, world!'; this exercise wants 'Hello World'
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello, world!"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
