# fails: test_failed_call
# says: as if all were well
"""ex09: a chat that remembers."""


import openai


class Chat:
    """A conversation; `messages` is all that was said so far."""

    def __init__(self, client, history=None):
        """Begin with a copy of the history: the list belongs to the caller."""
        self.client = client
        self.messages = list(history or [])

    def send(self, text):  # <- here
        """Keep the text, ask, and keep the reply; give the text up if the call fails."""
        self.messages.append({"role": "user", "content": text})
        try:
            completion = self.client.chat.completions.create(
                model="gpt-4o-mini",
                messages=self.messages,
            )
        except openai.OpenAIError:
            self.messages.pop()
            return None
        reply = completion.choices[0].message.content
        self.messages.append({"role": "assistant", "content": reply})
        return reply
