# fails: test_reply, test_one_message
# says: Your code waits for input(), and nobody types here.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    text = input("Your message: ")  # <- here
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": text}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
