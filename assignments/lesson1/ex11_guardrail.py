"""ex11: a guardrail around a chatbot.

The moderation model is "omni-moderation-latest", the chat model "gpt-4o-mini".
`client` is an OpenAI client that is ready to use.
"""


class SafeChat:
    """A conversation. Nothing harmful goes in, and nothing harmful comes out."""

    def __init__(self, client, messages):
        """Keep the client and the messages so far.

        `messages` is a list of dicts with "role" and "content". It may be empty.
        """
        raise NotImplementedError

    def send(self, text):
        """Return the model's reply to the text, or a refusal.

        1. Ask the moderation model about the text. If it is flagged, return a
           refusal. Then the chat model is not asked.
        2. Send the messages so far, and the text, to the chat model.
        3. Ask the moderation model about the reply. If it is flagged, return a
           refusal.
        4. Keep the text and the reply, so that the next request holds both of
           them, too. Return the reply.

        A refusal is a polite sentence of your own, with the word "sorry" in it.
        It does not repeat what the user or the model said. After a refusal the
        messages are what they were before: neither the text nor the reply is kept.

        If the moderation service fails in step 1 or 3 (an openai.APIError), nobody
        has looked at the text. Then return a refusal as well.

        Example: chat = SafeChat(client, [])
                 chat.send("Hello!") returns "Hi! How can I help you?"
                 chat.send("I want to kill my neighbor.") returns
                 "I am sorry, I cannot help you with that."
        """
        raise NotImplementedError
