# fails: test_balanced, test_every_text_sent
# says: flag() got 8 texts and returned a list of 1
"""ex10: find out which texts are harmful."""

MODEL = "omni-moderation-latest"


def is_flagged(client, text):
    """Return True if the moderation model flags the text."""
    reply = client.moderations.create(model=MODEL, input=text)
    return reply.results[0].flagged


def flag(client, texts):
    """Return True or False for each text; one request asks about all of them."""
    reply = client.moderations.create(model=MODEL, input=texts)
    return [reply.results[0].flagged]  # <- here
