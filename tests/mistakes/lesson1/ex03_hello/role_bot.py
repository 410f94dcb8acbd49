# fails: test_reply, test_one_message
# says: The API refused your request: Invalid value: 'bot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "bot", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
