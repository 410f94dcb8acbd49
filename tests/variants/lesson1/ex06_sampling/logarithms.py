import math


def rescale(chances, temperature):
    logs = {word: math.log(chance) if chance > 0 else -math.inf for word, chance in chances.items()}
    most = max(logs.values())
    if temperature == 0:
        first = list(logs.values()).index(most)
        return {word: int(number == first) for number, word in enumerate(logs)}
    powers = {word: math.exp((value - most) / temperature) for word, value in logs.items()}
    return {word: power / math.fsum(powers.values()) for word, power in powers.items()}


def keep_top(chances, top_p):
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    count = next(
        (n for n in range(1, len(ranked)) if math.fsum(chance for _, chance in ranked[:n]) > top_p - 1e-9),
        len(ranked),
    )
    total = math.fsum(chance for _, chance in ranked[:count])
    return {word: chance / total for word, chance in ranked[:count]}
