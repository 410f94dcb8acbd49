# fails: test_answer
# says: SEED is 7.5; expected a whole number or a short word
"""ex07: a quiz about what you have learned so far."""

SEED = 7.5  # <- here


def answers():
    """The letters for the questions of this seed."""
    return {
        "two_settings": "D",
        "temperature": "B",
        "both_settings": "C",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "B",
    }
