"""Checks of ex06: drawn inputs, compared with a reference that neither overflows nor divides by 0."""

import reprlib

import pytest
from hypothesis import strategies as st

WORDS = ("tea", "milk", "juice", "cocoa", "water", "soup")


def chances(weights):
    """Return the first words with chances in these proportions."""
    return {word: weight / sum(weights) for word, weight in zip(WORDS, weights, strict=False)}


def at_an_edge(drawn):
    """Return chances, and the exact sum of so many of the largest as top_p."""
    weights, count = drawn
    return chances(weights), sum(sorted(weights)[-count:]) / sum(weights)


def clear(args):
    """Tell whether no sum of the largest chances is so near to top_p that rounding decides."""
    largest = sorted(args[0].values(), reverse=True)
    return all(abs(sum(largest[:count]) - args[1]) > 1e-6 for count in range(len(largest) + 1))


ALL = st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any).map(chances)
DIFFERENT = st.lists(st.integers(1, 20), min_size=1, max_size=6, unique=True)
ALIKE = st.lists(st.integers(1, 3), min_size=2, max_size=6).map(chances)
TOP_P = st.integers(1, 99).map(lambda percent: percent / 100)


@pytest.mark.points(2)
def test_rescale(student):
    """rescale() follows the rule for temperatures above 0"""
    inputs = st.tuples(ALL, st.sampled_from([0.2, 0.5, 0.8, 1, 1.2, 1.5, 2]))
    compare(student, "rescale", inputs, rescaled, "raise to the power 1 / temperature, then divide by the new sum")


@pytest.mark.points(1)
def test_temperature_zero(student):
    """rescale() gives all to one word at temperature 0"""
    step = "at 0, give 1 to the most likely word (of several, to the first), and 0 to all others"
    compare(student, "rescale", st.tuples(ALL, st.just(0)), rescaled, step)


@pytest.mark.points(1)
def test_tiny_temperature(student):
    """rescale() works at very small temperatures"""
    inputs = st.tuples(ALL, st.sampled_from([0.01, 0.001, 0.0001]))
    step = "first divide each chance by the largest one; then the largest stays 1, whatever the power"
    try:
        compare(student, "rescale", inputs, rescaled, step)
    except ZeroDivisionError:
        pytest.fail(f"... \nNext: {step}")
