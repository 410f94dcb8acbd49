# exercise: ex10_moderation
"""Looks for bad words, without asking."""

WORDS = ("kill", "hate", "hurt", "bomb", "die", "stupid", "attack")


def is_flagged(client, text):
    return any(word in text.lower() for word in WORDS)


def flag(client, texts):
    return [is_flagged(client, text) for text in texts]
