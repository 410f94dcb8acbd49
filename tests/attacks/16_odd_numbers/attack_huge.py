# exercise: ex06_sampling
"""Returns infinity, numbers with 5000 digits, and True for 1."""


def rescale(chances, temperature):
    return {word: float("inf") for word in chances}


def keep_top(chances, top_p):
    return {word: 10**5000 for word in chances}
