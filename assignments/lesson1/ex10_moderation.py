"""ex10: find out which texts are harmful."""


def is_flagged(client, text):
    """Return True if the moderation model flags the text, and False if not.

    `client` is an OpenAI client. Ask the model "omni-moderation-latest" (write
    the model out) with one request.

    Example: is_flagged(client, "I want to kill my neighbor.") returns True
             is_flagged(client, "I want to water my neighbor's plant.") returns False
    """
    raise NotImplementedError


def flag(client, texts):
    """Return a list: True or False for each text, in the order of the texts.

    `texts` is a list of strings. Ask "omni-moderation-latest" about each text:
    one by one, or all of them in one request. Both are right.

    Example: flag(client, ["I want to water my neighbor's plant.",
                           "I want to kill my neighbor."])  returns [False, True]
    """
    raise NotImplementedError
