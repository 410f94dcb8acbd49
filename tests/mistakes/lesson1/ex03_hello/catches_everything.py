# fails: test_reply
# says: hello() returned 'Something went wrong.'. This except catches every error, and hides what is wrong.
"""ex03: send your first message."""


def hello(client):
    """Return the text of the model's reply to "Hello World"."""
    try:
        completion = client.chat.completions.create(
            model="gpt-4o-mini",
            messages=[{"role": "user", "content": "Hello World"}],
            n=1,
            temperature=1.3,
        )
        return completion.choices[0].content
    except:  # <- here
        return "Something went wrong."
