# fails: test_answer
# says: It stopped with NameError: name 'anna' is not defined
# says: put quotes around it if it is a text: 'anna'
"""ex07: a quiz about what you have learned so far."""

SEED = anna  # <- here


def answers():
    """The letters for the questions of this seed."""
    return {"two_settings": "D"}
