# fails: test_keep_top_is_new
# says: changed chances; this dict is {'juice': 0.15} now
# says: build a new dict, and leave chances as it is
"""ex06: the two settings that change how the next word is drawn."""


def rescale(chances, temperature):
    best = max(chances, key=chances.get)
    if temperature == 0:
        return {word: 1.0 if word == best else 0.0 for word in chances}
    powers = {word: (chance / chances[best]) ** (1 / temperature) for word, chance in chances.items()}
    total = sum(powers.values())
    return {word: power / total for word, power in powers.items()}


def keep_top(chances, top_p):
    kept = {}
    while sum(kept.values()) < top_p - 1e-9:
        best = max(chances, key=chances.get)
        kept[best] = chances.pop(best)
    total = sum(kept.values())
    return {word: chance / total for word, chance in kept.items()}  # <- here
