# fails: test_answer[two_settings]
# says: Your answer to two_settings is ['C', 'D']; expected one letter: A, B, C or D
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return {  # <- here
        "two_settings": ["C", "D"],
        "temperature": "B",
        "both_settings": "C",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "B",
    }
