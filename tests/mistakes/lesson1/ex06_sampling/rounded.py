# fails: test_rescale, test_keep_top, test_equal_words, test_sum_just_reached, test_rescale_is_new, test_keep_top_is_new
# says: leave round() out
"""ex06: the two settings that change how the next word is drawn."""


def rescale(chances, temperature):  # <- here
    """Return the chances at this temperature. The largest is made 1 first, so that no sum becomes 0."""
    best = max(chances, key=chances.get)
    if temperature == 0:
        return {word: 1.0 if word == best else 0.0 for word in chances}
    powers = {word: (chance / chances[best]) ** (1 / temperature) for word, chance in chances.items()}
    total = sum(powers.values())
    return {word: round(power / total, 2) for word, power in powers.items()}


def keep_top(chances, top_p):
    """Return the most likely words that together reach top_p."""
    kept = {}
    for word in sorted(chances, key=chances.get, reverse=True):
        kept[word] = chances[word]
        if sum(kept.values()) >= top_p - 1e-9:
            break
    total = sum(kept.values())
    return {word: round(chance / total, 2) for word, chance in kept.items()}  # <- here
