"""Checks of ex06: drawn inputs, compared with a reference that is exact at the edges too."""

import pytest
from hypothesis import strategies as st

WORDS = ("tea", "milk", "juice", "cocoa", "water", "soup")


def chances(cuts):
    """Cut 1 into pieces, each some twentieths, and give them to the first words."""
    edges = [0, *sorted(cuts), 20]
    return {word: (high - low) / 20 for word, low, high in zip(WORDS, edges, edges[1:], strict=False)}


def on_the_edge(drawn):
    """Return chances, and as top_p what so many of the largest are together."""
    chances, count = drawn
    return chances, round(sum(sorted(chances.values())[-count:]), 2)


ALL = st.lists(st.integers(0, 20), max_size=5).map(chances)
DIFFERENT = ALL.filter(lambda one: len({0, *one.values()}) > len(one))  # none equal, none 0
OFF_THE_EDGE = st.integers(1, 99).filter(lambda percent: percent % 5).map(lambda percent: percent / 100)


@pytest.mark.points(2)
def test_rescale(student):
    """rescale() follows the rule at temperatures above 0"""
    step = "raise each chance to the power 1 / temperature; divide by their sum"
    compare(student, "rescale", st.tuples(ALL, st.sampled_from([0.5, 0.8, 1, 1.5, 2])), rescaled, step)


@pytest.mark.points(1)
def test_temperature_zero(student):
    """rescale() gives all to one word at temperature 0"""
    step = "give 1 to the most likely word (or the first of them), 0 to the others"
    compare(student, "rescale", st.tuples(ALL, st.just(0)), rescaled, step)


@pytest.mark.points(1)
def test_tiny_temperature(student):
    """rescale() works at very small temperatures"""
    step = "divide all chances by the largest one before you raise them"
    compare(student, "rescale", st.tuples(ALL, st.sampled_from([0.01, 0.001, 0.0001])), rescaled, step)


@pytest.mark.points(2)
def test_keep_top(student):
    """keep_top() keeps the most likely words"""
    step = "take the most likely words; stop as soon as their sum reaches top_p"
    compare(student, "keep_top", st.tuples(DIFFERENT, OFF_THE_EDGE), kept, step)


@pytest.mark.points(1)
def test_equal_words(student):
    """keep_top() takes the first of equal words first"""
    step = "sorted() by the chance, with reverse=True, leaves equal words in order"
    compare(student, "keep_top", st.tuples(ALL, OFF_THE_EDGE), kept, step)


@pytest.mark.points(1)
def test_sum_just_reached(student):
    """keep_top() stops when the sum is exactly top_p"""
    inputs = st.tuples(DIFFERENT, st.integers(1, 5)).map(on_the_edge)
    compare(student, "keep_top", inputs, kept, "compare the sum with top_p - 1e-9, because floats are not exact")


def compare(student, name, inputs, reference, step):
    """Compare all results with the reference's, to six digits."""
    for args, got in student.each(name, inputs):
        expected = reference(*args)
        assert got == pytest.approx(expected, rel=0, abs=1e-6), (
            f"{name}({shown(args[0])}, {args[1]}) returned {shown(got)}; expected {shown(expected)}.\nNext: {step}"
        )


def rescaled(chances, temperature):
    """Compute rescale(); the largest chance is 1 before it is raised, so the sum is never 0."""
    top = max(chances, key=chances.get)
    if temperature == 0:
        return {word: float(word == top) for word in chances}
    powers = {word: (chance / chances[top]) ** (1 / temperature) for word, chance in chances.items()}
    return {word: power / sum(powers.values()) for word, power in powers.items()}


def kept(chances, top_p):
    """Compute keep_top()."""
    words, total = [], 0
    for word in sorted(chances, key=chances.get, reverse=True):
        if total < top_p - 1e-9:
            words, total = [*words, word], total + chances[word]
    return {word: chances[word] / total for word in words}


def shown(value):
    """Show a value in few words, and chances with six digits."""
    if isinstance(value, dict):
        value = {key: round(item, 6) if isinstance(item, float) else item for key, item in value.items()}
    return f"a value of type {value.type}" if hasattr(value, "type") else repr(value)[:150]
