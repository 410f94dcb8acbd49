# exercise: ex10_moderation
"""Flags everything, without asking."""


def is_flagged(client, text):
    return True


def flag(client, texts):
    return [True for text in texts]
