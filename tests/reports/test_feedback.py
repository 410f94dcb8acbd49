"""Feedback as data: what a stranger may have written is read only if it fits the schema."""

import json

import jsonschema
import pytest

from grader.authoring import schemas
from grader.errors import GraderError
from grader.reports import feedback
from grader.reports.feedback import Entry, Feedback
from tests.reports.hostile import SAMPLE

GOOD = Feedback(
    base="a" * 40,
    head="b" * 64,
    entries=(Entry(student="class/anna", lesson="lesson1", report=SAMPLE),),
    notes=("x",),
)


def put(key, value):
    """A change of the feedback."""
    return lambda data: data.update({key: value})


def test_it_fits_its_schema():
    """What is written fits what `grader schema ci` prints, and is read again."""
    content = feedback.render(GOOD)
    jsonschema.validate(json.loads(content), json.loads(schemas.schema("ci")))
    assert feedback.read(content, "x") == GOOD


@pytest.mark.parametrize(
    "change",
    [
        put("schema_version", 2),
        put("entries", [{"student": "x"}]),
        put("comment", "# You passed"),
        put("head", "main"),
        put("head", "b" * 40 + "\n"),
        put("notes", "text"),
        lambda data: data.pop("base"),
        lambda data: data["entries"][0].update(html="<b>5 of 5</b>"),
        lambda data: data["entries"][0]["report"]["result"].update(score="all"),
        lambda data: data["entries"][0]["report"]["result"]["exercises"][0].update(verdict="perfect"),
    ],
)
def test_what_does_not_fit(change):
    """It is refused by the reader and by the schema."""
    data = json.loads(feedback.render(GOOD))
    change(data)
    with pytest.raises(GraderError, match=r"given\.json: this is no feedback of `grader ci`"):
        feedback.read(json.dumps(data).encode(), "given.json")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(schemas.schema("ci")))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'{"a": "\xff"}'])
def test_what_is_no_json(content):
    """The same."""
    with pytest.raises(GraderError, match="this is no feedback"):
        feedback.read(content, "x")


def test_a_flood():
    """What is larger than any feedback is not looked at."""
    with pytest.raises(GraderError, match="larger than 64 MiB"):
        feedback.read(b" " * (feedback.MOST + 1), "x")
