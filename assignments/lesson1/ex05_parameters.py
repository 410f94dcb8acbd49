"""ex05: tell the model how to answer.

Each function makes one request to "gpt-4o-mini", with the question (or the topic)
in a message. `client` is an OpenAI client that is ready to use.
"""


def short_answer(client, question):
    """Return the text of a short answer.

    Ask for a short answer in your own words, in the same request. Set no limit
    of tokens.

    Example: short_answer(client, "What is the moon?") returns "A ball of rock."
    """
    raise NotImplementedError


def capped(client, question, most):
    """Return two values: the text of the answer, and True if it was cut off, else False.

    `most` is the number of tokens that may come back. Let the API stop there:
    send it as max_completion_tokens (or max_tokens, its old name).

    Example: capped(client, "What is the moon?", 5) returns ("The moon is a ball", True)
    """
    raise NotImplementedError


def reproducible(client, question):
    """Return the text of an answer that is the same each time: temperature 0."""
    raise NotImplementedError


def focused(client, question):
    """Return the text of an answer that uses likely words only: top_p 0.1."""
    raise NotImplementedError


def three_ideas(client, topic):
    """Return a list of three texts: three ideas about the topic, all from one request.

    Let the API write three replies, with n=3. They should differ, so the
    temperature must be above 0.

    Example: three_ideas(client, "a rainy day") returns
             ["Build a tent indoors.", "Bake bread.", "Read to each other."]
    """
    raise NotImplementedError
