# fails: test_one_text, test_balanced, test_every_text_sent
# says: Your code made no moderation request.
"""ex10: find out which texts are harmful."""

BAD_WORDS = ["kill", "beat", "attack", "die"]


def is_flagged(client, text):  # <- here
    for word in BAD_WORDS:
        if word in text.lower():
            return True
    return False


def flag(client, texts):
    return [is_flagged(client, text) for text in texts]  # <- here
