"""Checks of ex06: drawn inputs, compared with a reference that is exact at the edges too."""

import pytest
from hypothesis import strategies as st

DRINKS = {"tea": 0.25, "milk": 0.6, "juice": 0.15}
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


@pytest.mark.points(1)
def test_rescale(student):
    """rescale() follows the rule at temperatures above 0"""
    for args, got in student.each("rescale", st.tuples(ALL, st.sampled_from([0.5, 0.8, 1, 1.5, 2]))):
        check_rescaled(args, got)


@pytest.mark.points(1)
def test_temperature_zero(student):
    """rescale() gives all to one word at temperature 0"""
    try:
        for args, got in student.each("rescale", st.tuples(ALL, st.just(0))):
            check_complete("rescale", args, got)
            assert close(got, rescaled(*args)), (
                f"rescale({shown(args[0])}, 0) returned {shown(got)}; expected {shown(rescaled(*args))}.\n"
                "Next: give 1 to the most likely word (or the first of them), 0 to the others"
            )
    except ZeroDivisionError:
        pytest.fail(
            "rescale() divides by 0 at temperature 0.\n"
            "Next: ask for temperature 0 first; give 1 to the most likely word, 0 to the others"
        )


@pytest.mark.points(1)
def test_tiny_temperature(student):
    """rescale() works at very small temperatures"""
    try:
        for args, got in student.each("rescale", st.tuples(ALL, st.sampled_from([0.01, 0.001, 0.0001]))):
            check_rescaled(args, got)
    except ZeroDivisionError:
        pytest.fail(
            "rescale() divides by 0 at a very small temperature: all powers have become 0.\n"
            "Next: divide all chances by the largest one before you raise them to the power"
        )


@pytest.mark.points(1)
def test_rescale_is_new(student):
    """rescale() returns a new dict"""
    check_rescaled((DRINKS, 0.5), unchanged(student, "rescale", 0.5))


@pytest.mark.points(1)
def test_keep_top(student):
    """keep_top() keeps the most likely words"""
    for args, got in student.each("keep_top", st.tuples(DIFFERENT, OFF_THE_EDGE)):
        check_kept(args, got)


@pytest.mark.points(1)
def test_equal_words(student):
    """keep_top() takes the first of equal words first"""
    for args, got in student.each("keep_top", st.tuples(ALL, OFF_THE_EDGE)):
        check_kept(args, got)


@pytest.mark.points(1)
def test_sum_just_reached(student):
    """keep_top() stops when the sum is exactly top_p"""
    for args, got in student.each("keep_top", st.tuples(DIFFERENT, st.integers(1, 5)).map(on_the_edge)):
        check_kept(args, got)


@pytest.mark.points(1)
def test_keep_top_is_new(student):
    """keep_top() returns a new dict"""
    check_kept((DRINKS, 0.8), unchanged(student, "keep_top", 0.8))


def unchanged(student, name, setting):
    """Call the function with a dict that stays in the cell, and return its result; the dict must be as before."""
    held = student.hold(DRINKS)
    got = student.call(name, held, setting)
    after = held.call("copy")
    assert after == DRINKS, (
        f"{name}({shown(DRINKS)}, {setting}) changed chances; this dict is {shown(after)} now.\n"
        "Next: build a new dict, and leave chances as it is"
    )
    return got


def check_rescaled(args, got):
    """Compare with the reference, at a temperature above 0."""
    expected = rescaled(*args)
    check_complete("rescale", args, got)
    check_exact("rescale", args, got, expected)
    assert close(got, expected), (
        f"rescale({shown(args[0])}, {args[1]}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: raise each chance to the power 1 / temperature, and divide by their sum"
    )


def check_kept(args, got):
    """Compare with the reference; where other words are kept, say why."""
    chances, top_p = args
    expected = kept(*args)
    check_complete("keep_top", args, got)
    assert close(got, expected) or are_most_likely(got, chances), (
        f"keep_top({shown(chances)}, {top_p}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: sort the words by their chances first, the largest first"
    )
    assert chances_of(got, chances) != chances_of(expected, chances) or set(got) == set(expected), (
        f"keep_top({shown(chances)}, {top_p}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: use sorted() with reverse=True; it leaves equal words in the order of the dict"
    )
    assert len(got) >= len(expected), (
        f"keep_top({shown(chances)}, {top_p}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: add a word first, and only then ask if the sum has reached top_p"
    )
    assert len(got) <= len(expected) or abs(sum(chances_of(expected, chances)) - top_p) > 1e-9, (
        f"keep_top({shown(chances)}, {top_p}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: compare the sum with top_p - 1e-9, because floats are not exact"
    )
    check_exact("keep_top", args, got, expected)
    assert close(got, expected), (
        f"keep_top({shown(chances)}, {top_p}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: take the most likely words, and stop as soon as their sum reaches top_p"
    )


def check_complete(name, args, got):
    """A dict of numbers must come back that are 1 together."""
    assert got is not None, (
        f"{name}({shown(args[0])}, {args[1]}) returned None; expected a dict.\n"
        "Next: hand the dict back with return; print() only shows it"
    )
    assert isinstance(got, dict) and all(isinstance(number, int | float) for number in got.values()), (
        f"{name}({shown(args[0])}, {args[1]}) returned {shown(got)}; expected a dict of numbers.\n"
        "Next: return one dict, with a number for each word in it"
    )
    assert abs(sum(got.values()) - 1) < 0.02, (
        f"{name}({shown(args[0])}, {args[1]}) returned {shown(got)}; the numbers must be 1 together.\n"
        "Next: divide each number by the sum of all numbers that you return"
    )


def check_exact(name, args, got, expected):
    """No number may be rounded."""
    rounded = ({word: round(number, digits) for word, number in expected.items()} for digits in (1, 2, 3, 4))
    assert close(got, expected) or not any(close(got, one) for one in rounded), (
        f"{name}({shown(args[0])}, {args[1]}) returned {shown(got)}; expected {shown(expected)}.\n"
        "Next: leave round() out"
    )


def close(got, expected):
    """Whether both hold the same words, with the same numbers to six digits."""
    return got.keys() == expected.keys() and all(abs(got[word] - expected[word]) <= 1e-6 for word in expected)


def chances_of(words, chances):
    """Return the chances of some words, the largest first."""
    return sorted((chances.get(word, 0) for word in words), reverse=True)


def are_most_likely(got, chances):
    """Whether no other word has a larger chance, and the words were not taken in the order of an unsorted dict."""
    taken, words = [chances.get(word, 0) for word in got], list(chances)
    unsorted = list(got) == words[: len(got)] and taken != sorted(taken, reverse=True)
    return sorted(taken) == sorted(chances.values())[-len(taken) :] and not unsorted


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
