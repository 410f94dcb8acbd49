"""JUnit XML, by the rules of junit-10.xsd of Jenkins' xunit plugin: elements and their attributes."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from grader.model import Verdict
from grader.reports import junit
from tests.reports.hostile import SAMPLE, VIEW, check, exercise, report, shown

TIME = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?"  # SUREFIRE_TIME
# element: its children, the attributes that it may have, those that it must have
RULES = {
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors"}, set()),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {
            "name",
            "tests",
            "failures",
            "errors",
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        }
        | {"file", "log", "url"},
        {"name", "tests", "failures", "errors"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, {"name", "value"}),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name", "time", "classname", "group"},
        {"name"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
    "system-err": (set(), set(), set()),
}


def valid(content):
    """The parsed file, if it keeps to the rules."""
    root = ET.fromstring(content)  # noqa: S314 - our own
    assert root.tag == "testsuites"
    for element in root.iter():
        children, allowed, needed = RULES[element.tag]
        assert {child.tag for child in element} <= children
        assert needed <= set(element.attrib) <= allowed
        assert re.fullmatch(TIME, element.get("time", ""))
    return root


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote, the file is sound XML, and its counts are those of its cases."""
    root = valid(junit.render(*case))
    checks = [check for one in case[0].result.exercises for check in one.checks]
    assert len(list(root.iter("testcase"))) == len(checks)
    for suite in [*root.iter("testsuite"), root]:
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        for kind, count in {"failure": "failures", "error": "errors", "skipped": "skipped"}.items():
            assert suite.tag == "testsuites" or int(suite.get(count)) == len(list(suite.iter(kind)))


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        *zip(Verdict, ["", "failure", "skipped", "skipped", *["error"] * 6], strict=True),
    ],
)
def test_verdicts(verdict, kind):
    """Nothing that is not passed counts as passed; what could not be tried is skipped."""
    root = valid(junit.render(report(exercise("ex01_x", "X", verdict, check("a", "b", verdict, 1))), VIEW))
    assert [element.tag for element in root.find("testsuite/testcase")] == [kind] * bool(kind)


def test_points_are_properties():
    """A suite is an exercise, with its points and those of each check."""
    suite = valid(junit.render(SAMPLE, VIEW)).find("testsuite")
    told = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert told == {
        "title": "Hello World",
        "points": "2",
        "max_points": "6",
        "points of test_reply": "0 of 4",
        "points of test_one_question": "2 of 2",
    }


def test_a_failure_says_what_where_next():
    """A failure's message is what was wrong; its text adds title, place and next step; output stands beside it."""
    case = valid(junit.render(SAMPLE, VIEW)).find("testsuite/testcase")
    failure = case.find("failure")
    assert failure.get("message") == "hello() returned None; expected 'Hi | <b>there</b>'."
    assert failure.text.splitlines() == [
        "hello() returns the text of the model's reply",
        "hello() returned None; expected 'Hi | <b>there</b>'.",
        "assignments/lesson1/ex03_hello.py:8",
        "Next: hand the text back with return",
    ]
    assert case.find("system-out").text == "Hi\nthere"
