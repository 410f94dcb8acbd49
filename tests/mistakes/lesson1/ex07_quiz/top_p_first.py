# fails: test_answer[both_settings]
# says: Here top_p was used on the old chances.
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return {  # <- here
        "two_settings": "D",
        "temperature": "B",
        "both_settings": "B",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "B",
    }
