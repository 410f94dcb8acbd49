# fails: test_reply, test_one_message
# says: The API refused your request: Incorrect API key provided: your-key*here.
"""ex03: send your first message."""

from openai import OpenAI


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    client = OpenAI(api_key="your-key-here")
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
