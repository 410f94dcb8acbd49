# fails: test_one_text
# says: Your request asked about 'text'; this exercise did not give you that text.
"""ex10: find out which texts are harmful."""

MODEL = "omni-moderation-latest"


def is_flagged(client, text):
    """Return True if the moderation model flags the text."""
    reply = client.moderations.create(model=MODEL, input="text")  # <- here
    return reply.results[0].flagged


def flag(client, texts):
    """Return True or False for each text; one request asks about all of them."""
    reply = client.moderations.create(model=MODEL, input=texts)
    return [result.flagged for result in reply.results]
