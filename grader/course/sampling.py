"""The two settings of the draw of the next word, computed: the truth of a quiz's questions.

`chances` are words with their chances; all are above 0, and together they are 1.
"""

ROUNDING = 1e-9  # sums of floats miss by less than this
Chances = dict[str, float]


def rescale(chances: Chances, temperature: float) -> Chances:
    """The chances at a temperature above 0: each to the power 1 / temperature, divided by their sum."""
    return divided(powers(chances, temperature))


def keep_top(chances: Chances, top_p: float) -> Chances:
    """The most likely words whose chances together reach `top_p`, divided by their sum."""
    return divided(top(chances, count(chances, top_p)))


def powers(chances: Chances, temperature: float) -> Chances:
    """Each chance to the power 1 / temperature."""
    return {word: chance ** (1 / temperature) for word, chance in chances.items()}


def divided(numbers: Chances) -> Chances:
    """The numbers divided by their sum."""
    total = sum(numbers.values())
    return {word: number / total for word, number in numbers.items()}


def top(chances: Chances, most: int) -> Chances:
    """The `most` most likely words, the most likely first."""
    words = sorted(chances, key=lambda word: chances[word], reverse=True)
    return {word: chances[word] for word in words[:most]}


def count(chances: Chances, top_p: float) -> int:
    """How many of the most likely words it takes until their chances together reach `top_p`."""
    enough = (number for number, total in enumerate(sums(chances), start=1) if total >= top_p - ROUNDING)
    return next(enough, len(chances))


def sums(chances: Chances) -> list[float]:
    """What the most likely word has, the two most likely have together, and so on."""
    ordered = sorted(chances.values(), reverse=True)
    return [sum(ordered[:number]) for number in range(1, len(ordered) + 1)]
