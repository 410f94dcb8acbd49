# fails: test_answered, test_gate, test_refusal, test_history, test_reply, test_closed
# says: It did not ask the moderation model about it.
# says: send() returned 'I am sorry.' and did not ask the chat model.
# says: It asked the chat model about 0 of them.
"""ex11: a guardrail around a chatbot."""


class SafeChat:
    """A conversation that says one thing only."""

    def __init__(self, client, messages):
        """Keep the client and a list of the messages so far."""
        self.client = client
        self.messages = list(messages)

    def send(self, text):
        """Return a refusal."""
        return "I am sorry."  # <- here
