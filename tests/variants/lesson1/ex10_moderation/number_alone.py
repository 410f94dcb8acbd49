"""ex10: find out which texts are harmful, in which way, and what to do about it."""

MODEL = "omni-moderation-latest"

MUST_BLOCK = [
    "hate/threatening",
    "harassment/threatening",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual/minors",
    "violence/graphic",
]


def moderate(client, texts):
    """Return the results of the moderation model: one for each text."""
    return client.moderations.create(model=MODEL, input=texts).results


def true_names(result):
    """Return the names of a result's categories that are True, in the API's spelling."""
    return [name for name, hit in result.categories.to_dict().items() if hit]


def is_flagged(client, text):
    """Return True if the model flags the text."""
    return moderate(client, text)[0].flagged


def flag(client, texts):
    """Return True or False for each text; one request asks about all of them."""
    return [result.flagged for result in moderate(client, texts)]


def categories(client, text):
    """Return the names of all categories that are True for the text."""
    return true_names(moderate(client, text)[0])


def scores_above(client, text, threshold):
    """Return the categories whose score is greater than the threshold, with their scores."""
    scores = moderate(client, text)[0].category_scores.to_dict()
    return {name: score for name, score in scores.items() if score > threshold}


def input_types(client, text, image):
    """Return the categories that are True for text and picture, with their input types."""
    parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": image}}]
    result = moderate(client, parts)[0]
    types = result.category_applied_input_types.to_dict()
    return {name: types[name] for name in true_names(result)}


def report(client, texts):
    """Print a line for each text, and the number of flagged texts without that of all."""
    results = moderate(client, texts)
    for text, result in zip(texts, results):
        print(text, ", ".join(true_names(result)) or "ok")
    count = sum(result.flagged for result in results)
    print(f"{count} texts are flagged")


def to_block(client, text):
    """Return the names from MUST_BLOCK that are True for the text."""
    return [name for name in true_names(moderate(client, text)[0]) if name in MUST_BLOCK]
