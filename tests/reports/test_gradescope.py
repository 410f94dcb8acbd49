"""Gradescope's results.json, by its autograder specification."""

import json

import jsonschema
from hypothesis import given

from grader.model import Verdict
from grader.reports import gradescope
from grader.reports.graded import Override, overridden
from tests.reports.hostile import SAMPLE, VIEW, check, exercise, report, shown

FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEST = {
    "score": {"type": "number"},
    "max_score": {"type": "number"},
    "status": {"enum": ["passed", "failed"]},
    "name": {"type": "string"},
    "name_format": FORMAT,
    "number": {"type": "string"},
    "output": {"type": "string"},
    "output_format": FORMAT,
    "tags": {"type": "array", "items": {"type": "string"}},
    "visibility": VISIBILITY,
    "extra_data": {"type": "object"},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": False, "properties": TEST},
        },
    },
}


def valid(content):
    """The file's data, if it keeps to the rules."""
    data = json.loads(content)
    jsonschema.validate(data, SCHEMA)
    return data


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote: the file is valid, every text is declared as plain, and nothing is hidden."""
    data = valid(gradescope.render(*case))
    assert {data["output_format"], data["test_output_format"], data["test_name_format"]} == {"text"}
    assert {data["visibility"], *(test["visibility"] for test in data["tests"])} == {"visible"}
    assert data["score"] == case[0].result.score
    assert len(data["tests"]) == sum(len(one.checks) for one in case[0].result.exercises)


def test_the_score_is_the_sum():
    """`score` counts in the place of the sum of the tests, and is the same, also where a mentor changed it."""
    for one in (SAMPLE, overridden(SAMPLE, {"ex03_hello": Override(0), "ex12_speech": Override(6)})):
        data = valid(gradescope.render(one, VIEW))
        assert data["score"] == sum(test["score"] for test in data["tests"]) == one.result.score


def test_only_passed_is_passed():
    """Each verdict but one is `failed`, with words about why, and comes without points."""
    for verdict in Verdict:
        one = report(exercise("ex01_x", "X", verdict, check("a", "b", verdict, 3)))
        [test] = valid(gradescope.render(one, VIEW))["tests"]
        passed = verdict is Verdict.PASSED
        assert (test["status"], test["score"]) == (("passed", 3) if passed else ("failed", 0))
        assert bool(test["output"]) != passed


def test_a_failure_says_what_where_next():
    """Tests are numbered by exercise; a failed one says what, where and next, relative to the submission."""
    test = valid(gradescope.render(SAMPLE, VIEW))["tests"][0]
    assert (test["number"], test["name"]) == ("1.1", "ex03 hello: hello() returns the text of the model's reply")
    assert test["output"].splitlines() == [
        "hello() returned None; expected 'Hi | <b>there</b>'.",
        "ex03_hello.py:8",
        "Next: hand the text back with return",
    ]
