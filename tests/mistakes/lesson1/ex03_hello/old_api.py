# fails: test_reply, test_one_message
# says: openai.ChatCompletion belongs to an old version of the library. It does not work any more.
"""ex03: send your first message."""

import openai


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    completion = openai.ChatCompletion.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
