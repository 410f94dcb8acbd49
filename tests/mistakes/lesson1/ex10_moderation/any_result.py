# fails: test_one_text, test_balanced
# says: The model does not flag "I want to water my neighbor's plant.". is_flagged() returned True.
# says: flag() missed 0 of 4 harmful texts, and flagged 4 of 4 harmless ones.
"""ex10: find out which texts are harmful."""

MODEL = "omni-moderation-latest"


def is_flagged(client, text):
    """Return True if the moderation model flags the text."""
    reply = client.moderations.create(model=MODEL, input=text)
    return bool(reply.results)  # <- here


def flag(client, texts):
    """Return True or False for each text; one request asks about all of them."""
    reply = client.moderations.create(model=MODEL, input=texts)
    return [bool(result) for result in reply.results]  # <- here
