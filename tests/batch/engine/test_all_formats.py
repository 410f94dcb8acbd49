"""All formats come out of one batch, and each is what its consumer reads, by the consumer's own rules."""

import json

import msgspec

from grader.model import Report
from grader.reports.formats import ALL, Students
from tests.batch.engine.test_commands import USUAL, handed_in, mentor
from tests.reports import (
    test_canvas,
    test_classroom,
    test_exercism,
    test_gradescope,
    test_junit,
    test_markdown,
    test_page,
    test_table,
)

__all__ = ["handed_in", "mentor"]  # fixtures
POINTS = {"ana": 5, "ben": 3, "cem": 5}
# The points that a consumer finds in a student's file; None where it only shows them, and the file was sound.
READERS = {
    "json": lambda content: msgspec.json.decode(content, type=Report).result.score,
    "terminal": lambda content: next(
        int(line.split()[0]) for line in content.decode().splitlines() if " of 5 points" in line
    ),
    "markdown": lambda content: test_markdown.tags(test_markdown.page(content.decode())) and None,
    "html": lambda content: test_page.tree(content) and None,
    "junit": lambda content: test_junit.valid(content).tag and None,
    "gradescope": lambda content: test_gradescope.valid(content)["score"],
    "classroom": lambda content: test_classroom.reporter(test_classroom.read(content))[1],
    "exercism": lambda content: test_exercism.valid(content)["version"] and None,
}


def test_all_formats_of_one_batch(mentor, handed_in, tmp_path):
    """Nothing has to be graded again for another system, and each one sees the same points."""
    out = tmp_path / "out"
    assert mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)[0] == 0
    assert {one.name for one in ALL if one.students is Students.ONE} == READERS.keys()
    for one in ALL:
        more = ("--assignment", "17") if one.name == "canvas" else ()
        code, lines = mentor("export", out, "--format", one.name, "--out", tmp_path / one.name, *more)
        assert code == 0, lines
        if one.students is Students.ONE:
            files = {
                path.parent.name.partition("-")[0]: path
                for path in (tmp_path / one.name).glob(f"*/feedback{one.suffix}")
            }
            read = {student: READERS[one.name](path.read_bytes()) for student, path in files.items()}
            assert read in (POINTS, dict.fromkeys(POINTS)), one.name
    rows, _ = test_table.read((tmp_path / "csv" / "numbers.csv").read_bytes())
    assert {row["student"]: int(row["score"]) for row in rows} == POINTS
    canvas = test_canvas.Importer((tmp_path / "canvas" / "numbers.csv").read_bytes())
    assert canvas.assignments == ["numbers (17)"]
    assert sorted(float(scores[canvas.assignments[0]]) for _, scores in canvas.scores) == sorted(POINTS.values())
    assert (
        json.loads(next((out / "students").glob("ben*/*/result.json")).read_bytes())["result"]["score"]
        == POINTS["ben"]
    )


def test_students_whom_canvas_does_not_have_are_named(mentor, handed_in, tmp_path):
    """Its CSV changes known students only; who is left out is told."""
    out, export = tmp_path / "out", tmp_path / "canvas.csv"
    export.write_text(
        "Student,ID,SIS Login ID,Section,numbers (17)\n    Points Possible,,,,5\nAna,1,ana,A,\nCem,3,cem,A,\n"
    )
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    code, lines = mentor("export", out, "--format", "canvas", "--template", export)
    assert code == 0, lines
    assert lines[-1] == "Not in Canvas' export, so left out: ben"
    canvas = test_canvas.Importer((out / "export" / "numbers.csv").read_bytes())
    assert [float(scores["numbers (17)"]) for _, scores in canvas.scores] == [5, 5]
