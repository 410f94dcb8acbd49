# fails: test_two_chats, test_one_history
# says: stands in a request of the
"""ex09: a chat that remembers."""


class Chat:
    """A conversation; `messages` is all that was said so far."""

    def __init__(self, client, history=[]):
        """Begin with the history."""
        self.client = client
        self.messages = history

    def send(self, text):
        """Ask with the new text; keep it, and the reply, once the reply is there."""
        question = {"role": "user", "content": text}
        completion = self.client.chat.completions.create(  # <- here
            model="gpt-4o-mini",
            messages=[*self.messages, question],
        )
        reply = completion.choices[0].message.content
        self.messages += [question, {"role": "assistant", "content": reply}]
        return reply
