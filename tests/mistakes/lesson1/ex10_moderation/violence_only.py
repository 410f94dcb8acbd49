# fails: test_balanced
# says: flag() missed 2 of 4 harmful texts, and flagged 0 of 4 harmless ones.
"""ex10: find out which texts are harmful."""

MODEL = "omni-moderation-latest"


def is_flagged(client, text):
    """Return True if the moderation model flags the text."""
    reply = client.moderations.create(model=MODEL, input=text)
    return reply.results[0].categories.violence


def flag(client, texts):
    """Return True or False for each text; one request asks about all of them."""
    reply = client.moderations.create(model=MODEL, input=texts)
    return [result.categories.violence for result in reply.results]  # <- here
