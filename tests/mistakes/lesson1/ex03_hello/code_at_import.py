# fails: test_reply, test_one_message
# says: This line makes a client of its own, and there is no API key for it.
"""ex03: send your first message."""

from openai import OpenAI


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content


client = OpenAI()  # <- here
print(hello(client))
