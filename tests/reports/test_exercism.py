"""Exercism's results.json, version 3, by the interface that its test runners must keep to."""

import json

import jsonschema
import msgspec
import pytest
from hypothesis import given

from grader.errors import GraderError
from grader.model import Verdict
from grader.reports import exercism
from tests.reports.hostile import SAMPLE, VIEW, check, exercise, report, shown

STATUS = {"enum": ["pass", "fail", "error"]}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status", "message", "tests"],
    "properties": {
        "version": {"const": 3},
        "status": STATUS,
        "message": {"type": ["string", "null"], "maxLength": 65_535},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "status"],
                "properties": {
                    "name": {"type": "string"},
                    "status": STATUS,
                    "message": {"type": "string", "minLength": 1},
                    "output": {"type": "string", "maxLength": 500},
                    "test_code": {"type": "string"},
                    "task_id": {"type": "integer", "minimum": 1},
                },
                "if": {"properties": {"status": {"const": "pass"}}},
                "else": {"required": ["message"]},
            },
        },
    },
    "if": {"properties": {"status": {"const": "error"}}},
    "then": {"properties": {"message": {"type": "string", "minLength": 1}}},
    "else": {"properties": {"message": {"type": "null"}, "tests": {"minItems": 1}}},
}
LIMIT = 500_000


def valid(content):
    """The file's data, if it keeps to the rules."""
    assert len(content) <= LIMIT
    data = json.loads(content)
    jsonschema.validate(data, SCHEMA)
    return data


def of(*verdicts):
    """A report with these verdicts."""
    return report(
        exercise("ex01_x", "X", "failed", *(check(f"t{i}", "b", one, 1) for i, one in enumerate(verdicts)))
    )


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote: the file is valid, small enough, and has the tests in their order."""
    data = valid(exercism.render(*case))
    tasks = [number for number, one in enumerate(case[0].result.exercises, 1) for _ in one.checks]
    assert [test["task_id"] for test in data["tests"]] == tasks


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([Verdict.PASSED], "pass"),
        ([Verdict.PASSED, Verdict.FAILED], "fail"),
        ([Verdict.NOT_STARTED], "fail"),
        ([Verdict.TIMEOUT, Verdict.CRASHED], "fail"),
        ([Verdict.ERROR, Verdict.PASSED], "fail"),
        ([Verdict.ERROR, Verdict.BLOCKED], "error"),
        ([], "error"),
    ],
)
def test_error_means_that_no_test_ran(verdicts, status):
    """The whole is an `error` only where nothing could be tried, and then says why."""
    assert valid(exercism.render(of(*verdicts), VIEW))["status"] == status


def test_verdicts():
    """A wrong answer fails; whatever ended otherwise is an error."""
    tests = valid(exercism.render(of(*Verdict), VIEW))["tests"]
    assert [test["status"] for test in tests] == ["pass", "fail", "fail", *["error"] * 7]


@pytest.mark.parametrize("printed", ["x" * 501, "\U0001f642" * 400, "x\n" * 300])
def test_output_is_cut(printed):
    """What a student printed has at most 500 characters, however they are counted, with the note of the cut."""
    view = msgspec.structs.replace(VIEW, printed={("ex03_hello", "test_reply"): printed})
    output = valid(exercism.render(SAMPLE, view))["tests"][0]["output"]
    assert len(output.encode("utf-16-le")) // 2 <= 500
    assert "... [cut: it has" in output


def test_a_short_output_is_whole():
    """The student's own prints, and nothing else."""
    assert valid(exercism.render(SAMPLE, VIEW))["tests"][0]["output"] == "Hi\nthere"


@pytest.mark.parametrize("count", [1, 36, 300])
def test_a_large_lesson_fits(count):
    """The texts of many checks are cut so far that the file keeps to its limit."""
    long = '"\\' * 5_000
    many = [check(f"t{i}", long, "failed", 1, message=long, next=long) for i in range(count)]
    view = msgspec.structs.replace(VIEW, printed={("ex01_x", one.id): long for one in many})
    assert len(valid(exercism.render(report(exercise("ex01_x", "X", "failed", *many)), view))["tests"]) == count


def test_too_many_checks():
    """Where even short texts do not fit, it is told; a file that its reader refuses is never written."""
    with pytest.raises(GraderError, match="20000 checks do not fit"):
        exercism.render(of(*[Verdict.FAILED] * 20_000), VIEW)


def test_paths_are_relative():
    """A message names files as the student sees them."""
    assert valid(exercism.render(SAMPLE, VIEW))["tests"][0]["message"].splitlines()[1] == "ex03_hello.py:8"
