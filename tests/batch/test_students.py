"""Rosters are read as gradebooks write them; an error names the line and what to write."""

import pytest

from grader.batch.students import Known, Student, roster
from grader.errors import GraderError

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (77)
    Points Possible,,,,,60
"Smith, Jane",101,s1,jane,A,
"O'Brien, Joe",102,s2,joe,A,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade
Participant 201,Jane Smith,jane@x.org,Submitted,
Participant 202,Joe O'Brien,joe@x.org,No submission,
"""
GRADESCOPE = "First Name\tLast Name\tSID\tEmail\nJane\tSmith\t301\tjane@x.org\n"
WINDOWS = "\ufeffid;name;e-mail\r\njane;Jane Smith;jane@x.org\r\n\r\n"


@pytest.mark.parametrize(
    ("text", "students"),
    [
        (CANVAS, [Student("101", "Smith, Jane"), Student("102", "O'Brien, Joe")]),
        (MOODLE, [Student("201", "Jane Smith", "jane@x.org"), Student("202", "Joe O'Brien", "joe@x.org")]),
        (GRADESCOPE, [Student("301", "Jane Smith", "jane@x.org")]),
        (WINDOWS, [Student("jane", "Jane Smith", "jane@x.org")]),
        ("student\njane\njoe\n", [Student("jane", "jane"), Student("joe", "joe")]),
        ("email\njane@x.org\n", [Student("jane@x.org", "jane@x.org", "jane@x.org")]),
        ('id,name\n1,"Smith,\nJane"\n', [Student("1", "Smith,\nJane")]),
        ("id,name\n1,Zoe\u0308\n", [Student("1", "Zo\u00eb")]),
    ],
    ids=["Canvas", "Moodle", "Gradescope", "Windows", "ids", "addresses", "a name in two lines", "decomposed"],
)
def test_rosters(tree, text, students):
    """Whatever the titles, the delimiter and the line ends are."""
    assert list(roster(tree({"roster.csv": text}) / "roster.csv")) == students


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"jane\njoe\n", r"roster.csv:1: .*student,name,email"),
        (b"id,name\njane,J\njane,K\n", r"roster.csv:3: 'jane'"),
        (b"id,name\n,\n1,x\n , ,x\n", r"roster.csv:4: this line names no student"),
        (b"id\n\xff\n", r"roster.csv:2: this is not UTF-8"),
        (b"id\n\x00\n", r"not a text"),
        ("id\njane\n".encode("utf-16"), r"not UTF-8"),
    ],
)
def test_rosters_that_cannot_be_read(tree, content, says):
    """The line, and what to write."""
    with pytest.raises(GraderError, match=says):
        roster(tree({"roster.csv": content}) / "roster.csv")


def test_a_missing_roster(tmp_path):
    """The path is named."""
    with pytest.raises(GraderError, match=r"none.csv: it cannot be read"):
        roster(tmp_path / "none.csv")


JANE, JOE, OTHER = Student("101", "Smith, Jane", "jane@x.org"), Student("102", "Joe Doe"), Student("9", "Doe Joe")


@pytest.mark.parametrize(
    ("meant", "found"),
    [
        (Student("101"), JANE),
        (Student("7", "x", "JANE@x.org"), JANE),
        (Student("jane", "jane"), JANE),
        (Student("7", "Jane Smith"), JANE),
        (Student("7", "smithjane"), JANE),
        (Student("7", "SMITH JANE"), JANE),
        (Student("7", "Joe Doe"), None),
        (Student("101", "Joe Doe"), JANE),
        (Student("7", "Jane Smythe"), None),
    ],
    ids=["id", "address", "login", "name", "Canvas", "capitals", "two of one name", "the id wins", "another name"],
)
def test_who_is_meant(meant, found):
    """By id, address, login, or a name that only one has; never by guessing."""
    assert Known([JANE, JOE, OTHER]).find(meant) == found
