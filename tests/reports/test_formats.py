"""All formats: golden files, hostile text, the list of formats, and that only mentors read evidence.

Rewrite the golden files after a wanted change, then read the difference with `git diff`:

    REWRITE_GOLDEN=1 python -m pytest tests/reports/test_formats.py
"""

import importlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import given

from grader.errors import GraderError
from grader.reports import formats
from grader.reports.formats import FORMATS, Students
from grader.reports.graded import Column, Graded, Override, overridden
from tests.reports.hostile import EVIDENCE, SAMPLE, VIEW, shown

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden") / "formats"
FOR_ONE = [name for name, each in FORMATS.items() if each.students is not Students.MANY]
FOR_MENTORS = {"json", "csv"}
UNSAFE = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe]"
)


def rendered(name, report=SAMPLE, view=VIEW):
    """A report in a format, as bytes."""
    if FORMATS[name].students is Students.MANY:
        graded = Graded(student="ada", name="Ada Lovelace", email="ada@example.org", report=report)
        return formats.many(name)([graded], Column("Lesson 1", 77))
    return formats.one(name)(report, view)


@pytest.mark.parametrize("name", FORMATS)
def test_golden(name):
    """A report that a mentor changed, in each format, letter for letter."""
    content = rendered(name, overridden(SAMPLE, {"ex10_moderation": Override(3, "Said it in <b>class</b>.")}))
    golden = GOLDEN / f"{name}{FORMATS[name].suffix}"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_bytes(content)
    assert content == golden.read_bytes()


@pytest.mark.parametrize("name", sorted(set(FOR_ONE) - {"json"}))
@given(shown)
def test_no_format_hands_control_characters_on(name, case):
    """No escape sequence, change of direction or half pair of a student reaches a reader of any format."""
    text = rendered(name, *case).decode("utf-8-sig")
    assert not UNSAFE.search(text)


@pytest.mark.parametrize("name", FORMATS)
def test_equal_reports_have_equal_bytes(name):
    """A renderer depends on nothing but the report and the view."""
    assert rendered(name) == rendered(name)


@pytest.mark.parametrize("name", FORMATS)
def test_evidence_is_for_mentors(name):
    """What made a verdict `tampered` stands in the formats that mentors read, and in no other."""
    assert (EVIDENCE.encode() in rendered(name)) == (name in FOR_MENTORS)


@pytest.mark.parametrize("name", ["nope", "canvas", "", "__init__", "../files"])
def test_no_such_format_for_one(name):
    """An unknown format, or one about a whole course, is told with the known ones."""
    with pytest.raises(GraderError, match="There are: json, terminal, markdown, html, junit, gradescope"):
        formats.one(name)


@pytest.mark.parametrize("name", ["nope", "html"])
def test_no_such_format_for_many(name):
    """A format about one student is none for a course."""
    with pytest.raises(GraderError, match="There are: csv, canvas"):
        formats.many(name)


def test_a_missing_library_is_told(monkeypatch):
    """Without Jinja2 the HTML format says what to install; no other format needs it."""

    def import_module(name):
        if name.endswith(".page"):
            raise ModuleNotFoundError(name="jinja2")
        return importlib.import_module(name)

    monkeypatch.setattr(formats, "import_module", import_module)
    with pytest.raises(GraderError, match=r"html needs jinja2.*\[reports\]"):
        formats.one("html")
    assert all(formats.one(name) for name in FOR_ONE if name != "html")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.txt", "terminal"),
        ("a.md", "markdown"),
        ("a.HTML", "html"),
        ("a.xml", "junit"),
        ("a.csv", "csv"),
        ("a.json", "json"),
        ("a.html.out", "json"),
        ("html", "json"),
        ("", "json"),
    ],
)
def test_the_format_of_a_file(file, name):
    """The end of a file's name stands for a format; what is not known is JSON."""
    assert formats.of_file(file) == name


def test_the_usual_view():
    """A report that is shown away from the student's computer names the usual place of the lesson."""
    view = formats.view("lesson1", "Ada")
    assert (view.folder, view.command, view.student) == (
        "assignments/lesson1/",
        "pytest assignments/lesson1",
        "Ada",
    )


@pytest.mark.parametrize("name", FORMATS)
def test_readme_lists_the_formats(name):
    """README.md has a row for each format."""
    assert f"| `{name}` |" in (ROOT / "README.md").read_text("utf-8")
