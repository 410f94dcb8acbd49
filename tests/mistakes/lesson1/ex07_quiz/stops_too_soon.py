# fails: test_answer[two_settings]
# says: For setting 2, add up the chances from the top
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return {  # <- here
        "two_settings": "C",
        "temperature": "B",
        "both_settings": "C",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "B",
    }
