# fails: test_rescale_is_new
# says: changed chances; this dict is {'tea': 0.140449
# says: build a new dict, and leave chances as it is
"""ex06: the two settings that change how the next word is drawn."""


def rescale(chances, temperature):
    best = max(chances, key=chances.get)
    largest = chances[best]
    for word in chances:
        if temperature == 0:
            chances[word] = 1.0 if word == best else 0.0
        else:
            chances[word] = (chances[word] / largest) ** (1 / temperature)
    total = sum(chances.values())
    for word in chances:
        chances[word] = chances[word] / total
    return chances  # <- here


def keep_top(chances, top_p):
    kept = {}
    for word in sorted(chances, key=chances.get, reverse=True):
        kept[word] = chances[word]
        if sum(kept.values()) >= top_p - 1e-9:
            break
    total = sum(kept.values())
    return {word: chance / total for word, chance in kept.items()}
