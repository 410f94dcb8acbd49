# fails: test_reply, test_one_message
# says: create() needs model and messages. One of them is missing, or its name is misspelt.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        mesages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
