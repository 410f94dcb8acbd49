# exercise: ex07_quiz
"""The right letters for this seed."""

SEED = 7
NAMES = ("two_settings", "temperature", "both_settings", "completion", "same_replies", "api_memory")


def answers():
    return dict(zip(NAMES, "DBCBDB"))
