# fails: test_answer[temperature]
# says: (SEED 7): D is not right. Add up the four numbers of this choice
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return {  # <- here
        "two_settings": "D",
        "temperature": "D",
        "both_settings": "C",
        "completion": "B",
        "same_replies": "D",
        "api_memory": "B",
    }
