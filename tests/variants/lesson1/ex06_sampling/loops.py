import math


def rescale(chances, temperature):
    largest = max(chances.values())
    result = dict.fromkeys(chances, 0)
    if temperature == 0:
        for word in chances:
            if chances[word] == largest:
                result[word] = 1
                return result
    total = 0
    for word in chances:
        result[word] = (chances[word] / largest) ** (1 / temperature)
        total += result[word]
    for word in result:
        result[word] /= total
    return result


def keep_top(chances, top_p):
    left = dict(chances)
    kept = {}
    while left and not (sum(kept.values()) >= top_p or math.isclose(sum(kept.values()), top_p)):
        best = None
        for word in left:
            if best is None or left[word] > left[best]:
                best = word
        kept[best] = left.pop(best)
    total = sum(kept.values())
    return {word: kept[word] / total for word in chances if word in kept}
