"""GitHub Classroom, read as its reporter reads it: autograding-grading-reporter, src/*.js."""

import base64
import json
import math
import re

import msgspec
import pytest
from hypothesis import given

from grader.model import Verdict
from grader.reports import classroom
from grader.reports.graded import Override, overridden
from tests.reports.hostile import SAMPLE, VIEW, check, exercise, report, shown

LONGEST_VARIABLE = 128 * 1024  # bytes of NAME=value in Linux


def read(content):
    """The results as the reporter gets them through $GITHUB_OUTPUT and its environment."""
    [line] = content.decode("ascii").splitlines()
    name, _, value = line.partition("=")
    assert name == "result"
    assert re.fullmatch("[A-Za-z0-9+/=]*", value)
    assert len(f"{'A_LONG_NAME' * 20}_RESULTS={value}") < LONGEST_VARIABLE
    return json.loads(base64.b64decode(value, validate=True))


def reporter(results):
    """The lines that the reporter prints, and its points."""
    printed = []
    for test in results["tests"]:
        line = f" - line {test['line_no']}" if test.get("line_no") else ""
        if test["status"] == "error":
            printed.append(f"Error: {test['message'] or test['name']}")
        else:
            printed.append(f"{'passed' if test['status'] == 'pass' else 'failed'} {test['name']}{line}")
    return printed, sum(test["score"] for test in results["tests"])


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote: the reporter's points are the report's, and no line of its log is a command."""
    results = read(classroom.render(*case))
    printed, points = reporter(results)
    assert points == case[0].result.score
    assert results["max_score"] == case[0].result.max_score
    assert math.isfinite(points / len(results["tests"]))
    assert not [
        line for text in printed for line in text.splitlines() if re.match(r"\s*::", line) or "##[" in line
    ]
    assert {test["status"] for test in results["tests"]} <= {"pass", "fail", "error"}


def test_a_failed_test_teaches():
    """The reporter shows only the name of a failed test, so the name says what was wrong and what to do."""
    results = read(classroom.render(SAMPLE, VIEW))
    printed, _ = reporter(results)
    assert printed[0] == (
        "failed ex03 hello: hello() returns the text of the model's reply: hello() returned None; "
        "expected 'Hi | <b>there</b>'. ex03_hello.py:8 Next: hand the text back with return - line 8"
    )
    assert results["tests"][0]["filename"] == "assignments/lesson1/ex03_hello.py"


def test_a_mentors_points_count():
    """What a mentor changed is in the sum."""
    changed = overridden(SAMPLE, {"ex03_hello": Override(6), "ex12_speech": Override(1)})
    assert reporter(read(classroom.render(changed, VIEW)))[1] == 7


def test_there_is_always_a_test():
    """Without any check there is one test that says so: the reporter divides by their number."""
    results = read(classroom.render(report(), VIEW))
    assert [(test["status"], test["score"]) for test in results["tests"]] == [("error", 0)]
    assert results["status"] == "error"


@pytest.mark.parametrize("count", [1, 36, 100])
def test_a_large_lesson_fits(count):
    """The texts of many checks are cut so far that the line fits into an environment variable."""
    long = '"\\' * 5_000
    many = [check(f"t{i}", long, Verdict.FAILED, 1, message=long, next=long) for i in range(count)]
    view = msgspec.structs.replace(VIEW, printed={("ex01_x", one.id): long for one in many})
    assert len(read(classroom.render(report(exercise("ex01_x", "X", "failed", *many)), view))["tests"]) == count
