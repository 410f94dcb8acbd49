# fails: test_answer[api_memory]
# says: The client adds your key to a request, and not your earlier messages.
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return {  # <- here
        "two_settings": "D",
        "temperature": "B",
        "both_settings": "C",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "D",
    }
