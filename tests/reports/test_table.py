"""The table for mentors: what CSV readers get, and that no spreadsheet runs a cell."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.reports import table
from grader.reports.graded import Graded, Override
from tests.reports.hostile import EVIDENCE, NASTY, SAMPLE, students, texts

NUMBER = re.compile(r"-?\d+")


def read(content):
    """The rows as a spreadsheet gets them."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True)), text


@given(st.lists(students(), max_size=4))
def test_hostile_text_is_only_text(rows):
    """Whatever students are called or wrote: each has one whole row, and no cell is a formula."""
    found, text = read(table.render(rows))
    assert len(found) == len(rows) == len(text.split("\r\n")) - 2
    for row, graded in zip(found, rows, strict=True):
        assert None not in row
        assert None not in row.values()
        report = graded.final()
        assert row["score"] == (str(report.result.score) if report else "")
        for value in row.values():
            assert NUMBER.fullmatch(value) or not dangerous(value), value


def dangerous(value):
    """Whether a spreadsheet could take a part of the cell for a formula."""
    return any(re.match('[\\s"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]', part) for part in re.split("[,;]", value))


@pytest.mark.parametrize("text", [one for one in NASTY if dangerous(one.strip())])
def test_formulas_become_texts(text):
    """An apostrophe before a formula makes it a text."""
    assert not dangerous(table.cell(text))
    assert "'" in table.cell(text)


@given(texts)
def test_other_texts_stay(text):
    """A text that is no formula is as in every other format."""
    shown = table.line(text)
    assert table.cell(shown) == shown or dangerous(shown)


def test_a_row():
    """Points of each exercise, what did not pass and why a mentor changed it, notes, evidence and tier."""
    changed = {"ex03_hello": Override(5, "late")}
    rows = [
        Graded(student="ada", name="Ada Lovelace", email="ada@example.org", report=SAMPLE, overrides=changed),
        Graded(student="bob", report=None),
    ]
    [ada, bob], _ = read(table.render(rows))
    assert ada == {
        "student": "ada",
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "score": "5",
        "max_score": "20",
        "ex03_hello": "5",
        "ex10_moderation": "0",
        "ex12_speech": "0",
        "not_passed": "ex03_hello: failed; ex10_moderation: not_started; ex12_speech: tampered",
        "changed_by_hand": "ex03_hello: +3 Your mentor changed the points: late",
        "notes": "my_notes.py is not part of the lesson. It was not used.",
        "evidence": EVIDENCE,
        "isolation_tier": "3",
        "submission": "5ub",
    }
    assert bob["student"] == "bob"
    assert {value for name, value in bob.items() if name != "student"} == {""}


def test_points_by_hand_are_not_lost():
    """Points for what was not graded stop the table."""
    with pytest.raises(GraderError, match="bob"):
        table.render([Graded(student="bob", report=None, overrides={"ex03_hello": Override(1)})])
