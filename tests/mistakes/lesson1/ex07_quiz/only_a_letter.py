# fails: test_answer
# says: answers() returned 'A'; expected a dict
"""ex07: a quiz about what you have learned so far."""

SEED = 7


def answers():
    """The letters for the questions of this seed."""
    return "A"  # <- here
