"""Canvas' gradebook: the CSV, read by the rules of its importer (canvas-lms, lib/gradebook_importer.rb)."""

import csv
import io
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.reports import canvas
from grader.reports.graded import Column, Graded, Override, Unmatched
from tests.reports.hostile import NASTY, SAMPLE, students, texts
from tests.reports.test_table import dangerous

COLUMN = Column("Lesson 1", 77)
NOT_ASSIGNMENTS = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")
EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),Lesson 1 (77),Lesson 1 (78),Current Score,Final Grade
,,,,,Manual Posting,,,,
    Points Possible,,,,,100,20,20,(read only),(read only)
"Lovelace, Ada",501,s1,ada@example.org,Group A,88,17,,88,B
"Boole, George",502,s2,george,Group B,,,,,
"Hopper, Grace",503,s3,grace,Group A,70,9,,70,C
"Hopper, Grace",504,s4,grace2,Group A,71,8,,71,C
"Student, Test",599,,,Group A,,,,,
"""


class Importer:
    """What Canvas makes of a file: assignments by header, points, and scores by student. Raises where it would."""

    def __init__(self, content):
        text = content.decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        header = rows[0]
        assert len(header) > 3
        assert "Student" in header[0] or "LastName" in header[0]
        names = 2 if "LastName" in header[0] else 1
        assert "ID" in header[names]
        count = names + 2
        if re.search(r"SIS\s+Login\s+ID", header[names + 1]):
            count += 1
        elif re.search(r"SIS\s+User\s+ID", header[names + 1]) and re.search(
            r"SIS\s+Login\s+ID", header[names + 2]
        ):
            integration = "Integration ID" in header[names + 3]
            count += 2 + integration + ("Root Account" in header[names + 3 + integration])
        assert "Section" in header[count - 1]
        self.students_header = header[:count]
        places = {
            at: title for at, title in enumerate(header) if at >= count and not NOT_ASSIGNMENTS.search(title)
        }
        self.assignments = list(places.values())
        self.points, self.scores = {}, []
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.points = {places[at]: row[at] for at in places}
            elif not all(re.fullmatch(r"(?i)\s*(Muted|Manual Posting.*)?\s*", each) for each in row):
                self.scores.append((row[:count], {places[at]: row[at] for at in places}))


def graded(student, name="", email="", **more):
    """A student with the sample's report: 2 of 20 points."""
    return Graded(student=student, name=name, email=email, report=SAMPLE, **more)


def template(text=EXPORT, **fields):
    """The column of an assignment in an export."""
    return msgspec.structs.replace(COLUMN, template=text.encode(), **fields)


# --- without an export


def test_a_new_file():
    """A roster's students, by their ids and addresses, with the points that are possible in the second row."""
    read = Importer(canvas.render([graded("ada", "Ada Lovelace", "ada@example.org"), graded("bob")], COLUMN))
    assert read.assignments == ["Lesson 1 (77)"]
    assert read.points == {"Lesson 1 (77)": "20"}
    assert read.scores == [
        (["Ada Lovelace", "", "ada", "ada@example.org", ""], {"Lesson 1 (77)": "2"}),
        (["bob", "", "bob", "bob", ""], {"Lesson 1 (77)": "2"}),
    ]


def test_a_new_assignment_only_on_demand():
    """Without a number Canvas could create an assignment, so that is an error unless it is wanted."""
    with pytest.raises(GraderError, match=r"Canvas creates a new assignment .* 'Lesson 1'"):
        canvas.render([graded("ada")], Column("Lesson 1"))
    read = Importer(canvas.render([graded("ada")], Column("Lesson 1", unmatched=Unmatched.CREATE)))
    assert read.assignments == ["Lesson 1"]


def test_nobody_loses_a_score():
    """An empty cell would take a score away, so who was not graded has no row."""
    read = Importer(canvas.render([Graded(student="bob", report=None), graded("ada")], COLUMN))
    assert [who[2] for who, _ in read.scores] == ["ada"]


def test_points_by_hand_count():
    """A mentor's points are in the score."""
    read = Importer(canvas.render([graded("ada", overrides={"ex03_hello": Override(6)})], COLUMN))
    assert read.scores[0][1] == {"Lesson 1 (77)": "6"}


@pytest.mark.parametrize("title", ["Final Grade", "My Current Points", "Override Status"])
def test_titles_that_canvas_ignores(title):
    """A title that Canvas takes for one of its own columns is told."""
    with pytest.raises(GraderError, match="Canvas ignores a column"):
        canvas.render([graded("ada")], Column(title, 77))


@given(st.lists(students(), max_size=3), texts)
def test_hostile_names_are_only_names(rows, title):
    """Whatever students are called: Canvas reads one column and a row for each, and no cell is a formula."""
    most = {one.report.result.max_score for one in rows if one.report}
    column = Column(title, 77)
    if len(most) != 1:
        with pytest.raises(GraderError):
            canvas.render(rows, column)
        return
    read = Importer(canvas.render(rows, column))
    assert len(read.assignments) == 1
    assert read.assignments[0].endswith("(77)")
    scores = [score for who, scores in read.scores for score in scores.values()]
    assert scores == [str(one.final().result.score) for one in rows if one.report]
    assert not [cell for who, _ in read.scores for cell in who if dangerous(cell)]


def test_different_totals():
    """Reports of parts of the lesson cannot stand in one column."""
    part = msgspec.structs.replace(SAMPLE, result=msgspec.structs.replace(SAMPLE.result, max_score=6))
    with pytest.raises(GraderError, match="Canvas needs one number of possible points"):
        canvas.render([graded("ada"), Graded(student="bob", report=part)], COLUMN)
    with pytest.raises(GraderError, match="Nobody has a score"):
        canvas.render([Graded(student="bob", report=None)], COLUMN)


def test_ids_of_canvas():
    """A number that Canvas gave stands where Canvas looks for it first; other ids are the school's."""
    rows = [
        graded("101", "Ada", canvas_id="101"),
        graded("102", "Bob", "bob@x.org", canvas_id="102"),
        graded("s3"),
    ]
    read = Importer(canvas.render(rows, COLUMN))
    assert [who[1:4] for who, _ in read.scores] == [["101", "", ""], ["102", "", "bob@x.org"], ["", "s3", "s3"]]


# --- with an export of the gradebook


def test_an_export_is_filled():
    """The columns about students and the assignment's own stay as Canvas wrote them, for who was graded."""
    rows = [graded("s1", "Ada"), graded("george")]
    read = Importer(canvas.render(rows, template()))
    assert read.students_header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert read.assignments == ["Lesson 1 (77)"]
    assert read.points == {"Lesson 1 (77)": "20"}
    assert read.scores == [
        (["Lovelace, Ada", "501", "s1", "ada@example.org", "Group A"], {"Lesson 1 (77)": "2"}),
        (["Boole, George", "502", "s2", "george", "Group B"], {"Lesson 1 (77)": "2"}),
    ]


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (graded("501"), "501"),
        (graded("s2"), "502"),
        (graded("grace2"), "504"),
        (graded("x", email="ADA@example.org"), "501"),
        (graded("x", "George Boole"), "502"),
        (graded("x", "Boole, George"), "502"),
        (graded("x", "Grace Hopper"), None),  # there are two
        (graded("x", "Nobody"), None),
        (graded("x"), None),
    ],
)
def test_who_is_who(who, found):
    """A student is found by an id, by the address as login, or by a name that only one has; else is reported."""
    other = graded("s4") if found != "504" else graded("s3")
    read = Importer(canvas.render([who, other], template()))
    assert [row[1] for row, _ in read.scores] == [*([found] if found else []), "503" if found == "504" else "504"]
    assert canvas.unmatched([who, other], template()) == ([] if found else [who])


def test_two_students_for_one_row():
    """Where two could be meant by one row, neither gets it."""
    two = [graded("501"), graded("s1"), graded("s2")]
    assert canvas.unmatched(two, template()) == two[:2]
    assert [who[1] for who, _ in Importer(canvas.render(two, template())).scores] == ["502"]


@pytest.mark.parametrize(
    "header",
    [
        "Student,ID,Section",
        "Student,ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Root Account,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section",
        "LastName,FirstName,ID,SIS Login ID,Section",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_layouts_of_exports(header, delimiter, mark):
    """All layouts that Canvas exports stay as they are, with either delimiter and with a byte order mark."""
    names = header.split(",")
    row = ["Ada" if name == "Student" else "501" if name == "ID" else f"a {name}" for name in names]
    text = "\n".join(delimiter.join(line) for line in [[*names, "Lesson 1 (77)"], [*row, "3"]])
    read = Importer(canvas.render([graded("501")], template(mark + text)))
    assert read.students_header == names
    assert read.scores == [(row, {"Lesson 1 (77)": "2"})]


def test_the_assignment_by_its_title():
    """Without a number the title decides, if one column only has it."""
    text = EXPORT.replace("Essay (11)", "Lesson 2 (11)").replace(",100,20,20,", ",20,20,20,")
    read = Importer(canvas.render([graded("501")], template(text, title="Lesson 2", id=None)))
    assert read.assignments == ["Lesson 2 (11)"]
    with pytest.raises(GraderError, match=r"2 columns of the template are 'Lesson 1'\. Its assignments: Lesson 2"):
        canvas.render([graded("501")], template(text, id=None))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no gradebook of Canvas"),
        ("a,b\n1,2\n", "no gradebook of Canvas"),
        ('Student,ID,"Section\n', "cannot be read as CSV"),
        (EXPORT.replace("(77)", "(79)"), r"0 columns of the template are \(77\)"),
        (EXPORT.replace(",100,20,", ",100,(read only),"), "Canvas does not let 'Lesson 1 .77.' be changed"),
        (EXPORT.replace(",100,20,", ",100,25,"), "has '25' points in Canvas, and 20 here"),
        (EXPORT.replace(",100,20,", ",100,many,"), "has 'many' points in Canvas, and 20 here"),
    ],
)
def test_exports_that_do_not_fit(text, message):
    """What is wrong with an export is told before anything is written."""
    with pytest.raises(GraderError, match=message):
        canvas.render([graded("501")], template(text))


def test_not_utf8():
    """An export in another encoding is told."""
    with pytest.raises(GraderError, match="cannot be read as CSV in UTF-8"):
        canvas.render([graded("501")], msgspec.structs.replace(COLUMN, template=b"Student,ID,Section\xff"))


@pytest.mark.parametrize("name", NASTY)
def test_hostile_names_in_an_export(name):
    """A student can choose their name in Canvas, too: it is made safe, and the number finds the student."""
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [["Student", "ID", "Section", "Lesson 1 (77)"], [f"x{name}"[1:] or "-", "501", "A", ""]]
    )
    content = stream.getvalue().encode("utf-8", "replace")
    read = Importer(canvas.render([graded("501")], msgspec.structs.replace(COLUMN, template=content)))
    [(who, scores)] = read.scores
    assert who[1] == "501"
    assert scores == {"Lesson 1 (77)": "2"}
    assert not dangerous(who[0])
