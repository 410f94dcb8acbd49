# fails: test_gate, test_refusal, test_history, test_reply, test_closed
# says: send() got 'I know which way you walk home, and one night you will not arrive.'. It did not ask the
# says: The model flags 'I know which way you walk home, and one night you will not arrive.'. send() returned 'The
# says: Your request holds 'I know which...l not arrive.', which must not be kept in this conversation.
# says: The model replied 'The gardener...up the knife.'. Your code did not ask the moderation model about it.
# says: The moderation service failed, so nobody had looked at the text. Your code sent it to the chat model.
"""ex11: a guardrail around a chatbot."""

import openai

REFUSAL = "I am sorry, I cannot help you with that."


class SafeChat:
    """A conversation. Nothing harmful goes in, and nothing harmful comes out."""

    def __init__(self, client, messages):
        """Keep the client and a list of the messages so far."""
        self.client = client
        self.messages = list(messages)

    def is_harmful(self, text):
        """Return True if the text is flagged, or if nobody could look at it."""
        return any(word in text.lower() for word in ["kick", "hate", "bomb"])

    def send(self, text):  # <- here
        """Return the model's reply, or a refusal; after a refusal nothing is kept."""
        if self.is_harmful(text):
            return REFUSAL
        messages = self.messages + [{"role": "user", "content": text}]
        completion = self.client.chat.completions.create(model="gpt-4o-mini", messages=messages)  # <- here
        reply = completion.choices[0].message.content
        if self.is_harmful(reply):
            return REFUSAL
        self.messages = messages + [{"role": "assistant", "content": reply}]
        return reply
