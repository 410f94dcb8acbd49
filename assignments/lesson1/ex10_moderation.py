"""ex10: find out which texts are harmful, in which way, and what to do about it.

Each function asks the model "omni-moderation-latest" (write the model out).
`client` is an OpenAI client that is ready to use. The library knows the names of
categories in two spellings: self-harm/intent and self_harm_intent. Both are
right here, and one name in both spellings counts once.
"""

# These categories are so grave that a text must not even be stored.
MUST_BLOCK = [
    "hate/threatening",
    "harassment/threatening",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual/minors",
    "violence/graphic",
]


def is_flagged(client, text):
    """Return True if the model flags the text, and False if not. Make one request.

    Example: is_flagged(client, "I want to kill my neighbor.") returns True
             is_flagged(client, "I want to water my neighbor's plant.") returns False
    """
    raise NotImplementedError


def flag(client, texts):
    """Return a list: True or False for each text, in the order of the texts.

    `texts` is a list of strings. Ask about them one by one, or about all of them
    in one request. Both are right.

    Example: flag(client, ["I want to water my neighbor's plant.",
                           "I want to kill my neighbor."])  returns [False, True]
    """
    raise NotImplementedError


def categories(client, text):
    """Return a list with the names of all categories that are True for the text.

    Make one request. The list is empty if nothing is flagged.

    Example: categories(client, "I want to kill my neighbor.") returns
             ["harassment", "harassment/threatening", "violence"]
    """
    raise NotImplementedError


def scores_above(client, text, threshold):
    """Return a dict: each category whose score is greater than the threshold, and its score.

    Make one request. Do not round the scores.

    Example: scores_above(client, "I want to kill my neighbor.", 0.55) may return
             {"harassment/threatening": 0.5961, "violence": 0.8982}
    """
    raise NotImplementedError


def input_types(client, text, image):
    """Return a dict: each category that is True, and its list of input types.

    `image` is the address of a picture. Make one request that holds both, the
    text and the picture.

    Example: input_types(client, "I will beat you.", "https://example.com/a.png")
             returns {"harassment": ["text"], "violence": ["text", "image"]}
    """
    raise NotImplementedError


def report(client, texts):
    """Print one line for each text, in the order of the texts, and a last line.

    A line holds the text, and behind it the names of the categories that are
    True, or the word ok if there are none. The last line holds the number of
    flagged texts. If you like, it also says how many texts there are, but it holds
    no other number. Ask one by one, or about all of them in one request.

    Example: report(client, ["I want to water my neighbor's plant.",
                             "I want to kill my neighbor."])  prints
             I want to water my neighbor's plant. ok
             I want to kill my neighbor. harassment, harassment/threatening, violence
             1 of 2 texts are flagged
    """
    raise NotImplementedError


def to_block(client, text):
    """Return a list: the names from MUST_BLOCK that are True for the text.

    Make one request. The list is empty if the text may be stored.

    Example: to_block(client, "I want to kill my neighbor.") returns
             ["harassment/threatening"]
    """
    raise NotImplementedError
