# exercise: ex07_quiz
# place: chain
# verdict: failed, crashed, memory, timeout
"""A quiz whose SEED stands in a file that no parser should meet."""

SEED = 7


def answers():
    return {}
