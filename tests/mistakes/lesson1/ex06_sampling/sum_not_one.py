# fails: test_rescale, test_tiny_temperature, test_rescale_is_new
# says: the numbers must be 1 together.
"""ex06: the two settings that change how the next word is drawn."""


def rescale(chances, temperature):  # <- here
    """Return the chances at this temperature. The largest is made 1 first, so that no sum becomes 0."""
    best = max(chances, key=chances.get)
    if temperature == 0:
        return {word: 1.0 if word == best else 0.0 for word in chances}
    powers = {word: chance ** (1 / temperature) for word, chance in chances.items()}
    return powers


def keep_top(chances, top_p):
    """Return the most likely words that together reach top_p."""
    kept = {}
    for word in sorted(chances, key=chances.get, reverse=True):
        kept[word] = chances[word]
        if sum(kept.values()) >= top_p - 1e-9:
            break
    total = sum(kept.values())
    return {word: chance / total for word, chance in kept.items()}
