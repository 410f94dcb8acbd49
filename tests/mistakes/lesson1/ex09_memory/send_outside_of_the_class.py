# fails: test_reply, test_conversation, test_history, test_two_chats, test_one_history, test_failed_call
# says: send() stands outside of its class.
# says: four spaces to the right, into the class
"""ex09: a chat that remembers."""


class Chat:
    """A conversation; `messages` is all that was said so far."""

    def __init__(self, client, history=None):
        """Begin with a copy of the history: the list belongs to the caller."""
        self.client = client
        self.messages = list(history or [])


def send(self, text):  # <- here
    """Ask with the new text; keep it, and the reply, once the reply is there."""
    question = {"role": "user", "content": text}
    completion = self.client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[*self.messages, question],
    )
    reply = completion.choices[0].message.content
    self.messages += [question, {"role": "assistant", "content": reply}]
    return reply
