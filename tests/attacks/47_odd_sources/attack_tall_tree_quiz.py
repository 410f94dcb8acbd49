# exercise: ex07_quiz
# place: tall
"""A quiz in a file whose syntax tree is deeper than Python reads."""

SEED = 7


def answers():
    return {}
