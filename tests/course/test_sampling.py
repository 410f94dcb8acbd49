"""The reference functions, compared with the solution of the exercise in which students write them."""

import runpy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import sampling

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = runpy.run_path(str(ROOT / "tests" / "solutions" / "lesson1" / "ex06_sampling.py"))
CHECK = runpy.run_path(str(ROOT / "assignments" / "lesson1" / "checks" / "test_ex06_sampling.py"))
WORDS = ("tea", "milk", "juice", "cocoa", "water", "soup")


def table(parts):
    """Words with chances in the proportion of these numbers."""
    return {word: part / sum(parts) for word, part in zip(WORDS, parts, strict=False)}


tables = st.lists(st.integers(1, 20), min_size=1, max_size=6).map(table)
temperatures = st.floats(0.1, 2)
shares = st.floats(0.01, 1)


@given(tables, temperatures)
def test_rescale_is_the_solutions(chances, temperature):
    """Three independent implementations agree about temperatures."""
    got = sampling.rescale(chances, temperature)
    assert got == pytest.approx(SOLUTION["rescale"](chances, temperature))
    assert got == pytest.approx(CHECK["rescaled"](chances, temperature))


@given(tables, shares | st.integers(1, 20).map(lambda part: part / 20))
def test_keep_top_is_the_solutions(chances, top_p):
    """The same about top_p, also where a sum is exactly top_p, and where chances are equal."""
    got = sampling.keep_top(chances, top_p)
    assert got == pytest.approx(SOLUTION["keep_top"](chances, top_p))
    assert got == pytest.approx(CHECK["kept"](chances, top_p))
    assert list(got) == list(SOLUTION["keep_top"](chances, top_p))
