# exercise: ex07_quiz
# place: tall
"""A quiz in a file that the cell can compile, and Python's ast module cannot read."""

SEED = 7


def answers():
    return {}
