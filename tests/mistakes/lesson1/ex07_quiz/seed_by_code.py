# fails: test_answer
# says: SEED must get its value in one line
"""ex07: a quiz about what you have learned so far."""

SEED = int("7")  # <- here


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
