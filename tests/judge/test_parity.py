"""The same verdict, points and message in a cell and in process, in part and in any order."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def told(graded):
    """What differs from another run is best seen check by check."""
    return {
        (answer, name, check["id"]): check
        for answer, report in graded.items()
        for name, exercise in report["exercises"].items()
        for check in exercise["checks"]
    }


def differences(one, other):
    """The checks that differ, with both findings; pytest would take minutes to compare all of them."""
    return [(key, one[key], other[key]) for key in one.keys() & other.keys() if one[key] != other[key]][:3]


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.full)])
def test_in_process_gives_what_a_cell_gives(in_cells, stored, every):
    """Verdict, points, message, place and next step of every check of every stored answer are the same."""
    here, cells = told(stored("in-process", str(every))), told(in_cells)
    assert differences(here, cells) == []
    assert len(here) > len(cells) / every * 0.8
    assert here.keys() <= cells.keys()
    verdicts = {check["verdict"] for check in here.values()}
    assert verdicts >= {"passed", "failed", "not_started"}


@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.full)])
def test_another_order_gives_the_same(in_cells, stored, every):
    """Checks in a random order, across exercises, find the same: none depends on one before it."""
    shuffled, usual = told(stored("cell", str(every), "7")), told(in_cells)
    assert differences(shuffled, usual) == []
    assert shuffled.keys() <= usual.keys()
    assert len(shuffled) > len(usual) / (every + 1)


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.full)])
def test_each_exercise_alone_gives_the_same_bytes(grade, submit, lesson, every):
    """Sharded by exercise, with -k, each part of the result has the bytes that it has in the whole lesson."""
    firsts = [
        min(folder.glob("*.py")) for folder in (ROOT / "tests/mistakes/lesson1").iterdir() if folder.is_dir()
    ]
    mistaken = submit({f"{path.parent.name}.py": path.read_bytes() for path in firsts})
    whole = grade(mistaken)
    parts = {one["name"]: json.dumps(one).encode() for one in whole.result["exercises"]}
    assert [one["name"] for one in lesson["exercise"]] == list(parts)
    for name, part in list(parts.items())[::every]:
        alone = grade(mistaken, "-k", name)
        assert [json.dumps(one).encode() for one in alone.result["exercises"]] == [part]
