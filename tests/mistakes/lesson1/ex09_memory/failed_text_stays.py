# fails: test_failed_call
# says: stopped with RateLimitError, and the next request still holds 'What is my name?'
"""ex09: a chat that remembers."""


class Chat:
    """A conversation; `messages` is all that was said so far."""

    def __init__(self, client, history=None):
        """Begin with a copy of the history: the list belongs to the caller."""
        self.client = client
        self.messages = list(history or [])

    def send(self, text):
        """Keep the text, ask, and keep the reply."""
        self.messages.append({"role": "user", "content": text})
        completion = self.client.chat.completions.create(  # <- here
            model="gpt-4o-mini",
            messages=self.messages,
        )
        reply = completion.choices[0].message.content
        self.messages.append({"role": "assistant", "content": reply})
        return reply
