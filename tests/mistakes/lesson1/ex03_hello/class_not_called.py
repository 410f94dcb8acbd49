# fails: test_reply, test_one_message
# says: OpenAI is the class. A client is an object of it, which OpenAI() makes.
"""ex03: send your first message."""

from openai import OpenAI


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = OpenAI.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
