# fails: test_answered, test_gate, test_refusal, test_history, test_reply, test_closed
# says: The class SafeChat has no __init__(), so SafeChat() takes no values.
"""ex11: a guardrail around a chatbot."""

import openai

REFUSAL = "I am sorry, I cannot help you with that."


class SafeChat:  # <- here
    """A conversation. Nothing harmful goes in, and nothing harmful comes out."""

    def _init_(self, client, messages):
        """Keep the client and a list of the messages so far."""
        self.client = client
        self.messages = list(messages)

    def is_harmful(self, text):
        """Return True if the text is flagged, or if nobody could look at it."""
        try:
            reply = self.client.moderations.create(model="omni-moderation-latest", input=text)
        except openai.APIError:
            return True
        return reply.results[0].flagged

    def send(self, text):
        """Return the model's reply, or a refusal; after a refusal nothing is kept."""
        if self.is_harmful(text):
            return REFUSAL
        messages = self.messages + [{"role": "user", "content": text}]
        completion = self.client.chat.completions.create(model="gpt-4o-mini", messages=messages)
        reply = completion.choices[0].message.content
        if self.is_harmful(reply):
            return REFUSAL
        self.messages = messages + [{"role": "assistant", "content": reply}]
        return reply
