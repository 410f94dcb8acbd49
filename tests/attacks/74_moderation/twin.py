# exercise: ex10_moderation
"""Asks the model about each text."""

MODEL = "omni-moderation-latest"


def is_flagged(client, text):
    return client.moderations.create(model=MODEL, input=text).results[0].flagged


def flag(client, texts):
    return [result.flagged for result in client.moderations.create(model=MODEL, input=texts).results]
