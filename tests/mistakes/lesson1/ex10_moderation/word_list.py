# fails: test_one_text, test_balanced, test_every_text_sent
# says: request
"""ex10: find out which texts are harmful."""

BAD_WORDS = ["kill", "beat", "attack", "die"]


def is_flagged(client, text):
    for word in BAD_WORDS:
        if word in text.lower():
            return True
    return False


def flag(client, texts):
    return [is_flagged(client, text) for text in texts]
