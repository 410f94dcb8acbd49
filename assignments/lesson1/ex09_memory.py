"""ex09: a chat that remembers."""


class Chat:
    """A conversation with the model "gpt-4o-mini".

    Example: chat = Chat(client)
             chat.send("My name is Ana.") returns "Nice to meet you, Ana!"
             chat.send("What is my name?") returns "Your name is Ana."
    """

    def __init__(self, client, history=None):
        """Begin a conversation, or go on with an earlier one.

        `client` is an OpenAI client that is ready to use. `history` is the earlier
        conversation: a list of messages, the oldest first. Without it nothing was
        said so far.

        Two chats share nothing, even if both get the same list as their history.
        """
        raise NotImplementedError

    def send(self, text):
        """Send the user's text, and return the text of the model's reply.

        Make one request. It holds the whole conversation: the history, then each text
        and each reply so far, in order, and the new text last. The replies are
        assistant messages, with their text exactly as it came.

        If the request fails, let the error through. Then the conversation stays as it
        was before: the new text is not part of it.
        """
        raise NotImplementedError
