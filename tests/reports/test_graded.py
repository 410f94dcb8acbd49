"""Points that a mentor gave by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.reports.graded import Graded, Override, changes, overridden
from tests.reports.hostile import SAMPLE, overrides

NAMES = [one.name for one in SAMPLE.result.exercises]


@given(st.dictionaries(st.sampled_from(NAMES), overrides))
def test_all_sums_hold(changed):
    """The points of checks, exercises and lesson add up whatever was changed, and what was decided stays."""
    result = overridden(SAMPLE, changed).result
    for one, before in zip(result.exercises, SAMPLE.result.exercises, strict=True):
        assert one.score == sum(check.points for check in one.checks)
        assert one.score == (changed[one.name].points if one.name in changed else before.score)
        assert one.max_score == before.max_score == sum(check.max_points for check in one.checks)
        assert one.verdict is before.verdict
        assert one.checks[: len(before.checks)] == before.checks
    assert result.score == sum(one.score for one in result.exercises)
    assert {one.name for one, _ in changes(overridden(SAMPLE, changed))} == set(changed)


def test_the_comment_is_told():
    """The entry says who changed the points and why."""
    _, entry = changes(overridden(SAMPLE, {"ex03_hello": Override(6, "Wrong in the lesson.")}))[0]
    assert entry.title == "Your mentor changed the points: Wrong in the lesson."
    assert (entry.points, entry.max_points) == (4, 0)
    _, entry = changes(overridden(SAMPLE, {"ex03_hello": Override(0)}))[0]
    assert (entry.title, entry.points) == ("Your mentor changed the points.", -2)


def test_points_are_not_lost():
    """Points for something that was not graded are an error with the student's name, and are never left out."""
    with pytest.raises(GraderError, match="ada: points of 'ex99' were changed"):
        Graded(student="ada", report=SAMPLE, overrides={"ex99": Override(1)}).final()
    with pytest.raises(GraderError, match="ada: points were changed by hand, but nothing was graded"):
        Graded(student="ada", report=None, overrides={"ex03_hello": Override(1)}).final()
    assert Graded(student="ada", report=None).final() is None
    assert Graded(student="ada", report=SAMPLE).final() == SAMPLE
