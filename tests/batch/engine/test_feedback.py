"""Each student's result.json and feedback.md: written with the grade, kept as they are, mended where lost."""

import json
import shutil

import pytest

from grader.batch import exporting, gradebook
from grader.batch.feedback import Feedback
from grader.batch.grading import Grading, Plan
from grader.batch.names import folder_name
from grader.batch.tables import Override
from grader.reports import formats
from grader.reports.formats import Students


@pytest.fixture
def files(book):
    """The files of a student, by their names, as bytes."""

    def read(student):
        folder = book.path.parent / "students" / folder_name(student) / "numbers"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

    return read


def stamps(book):
    """When each file was written, by its path."""
    return {path: path.stat().st_mtime_ns for path in (book.path.parent / "students").rglob("*.*")}


def test_written_with_the_grade(graded, hand_in, files):
    """Both files, whole; nothing for who handed in nothing."""
    step = graded([hand_in("ben", "wrong"), hand_in("eva", None)])["ben"]
    found = files("ben")
    assert set(found) == {"feedback.md", "result.json"}
    assert json.loads(found["result.json"])["result"]["score"] == step.score == 3
    assert b"3 of 5 points" in found["feedback.md"]
    assert b"Next: " in found["feedback.md"]
    assert files("eva") == {}


def test_what_is_the_same_stays(graded, hand_in, book, files):
    """A known submission's files are not touched; a changed, lost or spoilt one is made again."""
    handed_in = [hand_in(name, "wrong") for name in ("ana", "ben", "cem")]
    graded(handed_in)
    before, text = stamps(book), files("ana")
    assert len(before) == 6
    graded(handed_in)
    assert stamps(book) == before
    folder = book.path.parent / "students"
    (folder / folder_name("ana") / "numbers" / "feedback.md").unlink()
    (folder / folder_name("ben") / "numbers" / "result.json").write_text("{}", "utf-8")
    graded(handed_in)
    assert files("ana") == text
    assert json.loads(files("ben")["result.json"])["result"]["score"] == 3
    same = {path for path, stamp in stamps(book).items() if before[path] == stamp}
    assert len(same) == 4


def test_a_student_who_took_everything_back(graded, hand_in, files):
    """What was graded before is no longer theirs."""
    graded([hand_in("ana", "right")])
    assert files("ana")
    graded([hand_in("ana", None)])
    assert files("ana") == {}


def test_a_student_whose_files_were_refused(graded, hand_in, book, files):
    """They read why; what they hand in afterwards takes its place, and hostile notes are only text."""
    hostile = "not read: a\x1b[2J`````\n# @mentor.zip: a damaged archive, or none at all"
    graded([hand_in("ana", None, hostile)])
    found = files("ana")
    assert set(found) == {"feedback.md"}
    text = found["feedback.md"].decode()
    assert text.startswith("## numbers: nothing could be graded\n\n``````text\nnot read: a")
    assert "\x1b" not in text
    assert "\n#" not in text
    assert text.endswith(
        ".zip: a damaged archive, or none at all\n``````\n\nNext: hand in the files of the exercises "
        "again, as they are or in one .zip\n"
    )
    before = stamps(book)
    graded([hand_in("ana", None, hostile)])
    assert stamps(book) == before
    graded([hand_in("ana", None, "not read: b.zip")])
    assert b"b.zip" in files("ana")["feedback.md"]
    graded([hand_in("ana", "right")])
    assert set(files("ana")) == {"feedback.md", "result.json"}
    assert b"b.zip" not in files("ana")["feedback.md"]
    graded([hand_in("ana", None, "not read: c.zip")])
    assert set(files("ana")) == {"feedback.md"}


def test_two_lessons_side_by_side(graded, hand_in, book, course):
    """One gradebook can hold both; the files of one lesson do not take the place of the other's."""
    shutil.copytree(course.folder("numbers"), course.folder("more"))
    handed_in = [hand_in("ana", "wrong")]
    graded(handed_in)
    before = stamps(book)
    for _ in range(2):
        assert {step.score for step in Grading(course, "more", book, Plan(jobs=1)).steps(handed_in)} == {3}
    after = stamps(book)
    assert {path: after[path] for path in before} == before
    assert sorted(path.parent.name for path in after) == ["more", "more", "numbers", "numbers"]


def test_points_given_by_hand(graded, hand_in, book, files):
    """They stand in the files of the next run, and nobody else's are touched."""
    handed_in = [hand_in("ana", "wrong"), hand_in("ben", "wrong")]
    graded(handed_in)
    before = files("ben")
    with book.session() as session:
        words = {"lesson": "numbers", "student": "ana", "exercise": "ex01_double", "who": "mo"}
        session.add(Override(**words, points=2, comment="well explained", made=gradebook.now()))
    graded(handed_in)
    assert b"well explained" in files("ana")["feedback.md"]
    assert json.loads(files("ana")["result.json"])["result"]["score"] == 4
    assert files("ben") == before


def test_a_student_with_a_hostile_name(graded, hand_in, book):
    """Nothing is written outside of the folder of students, and no name makes markup."""
    one = hand_in("ana", "wrong")
    hostile = "../../../x\n# [a](http://b)\x1b[2J"
    graded([type(one)(hostile, hostile, "x.zip", one.folder)])
    (folder,) = (book.path.parent / "students").iterdir()
    assert folder.name == folder_name(hostile)
    assert b"\x1b" not in (folder / "numbers" / "feedback.md").read_bytes()


def test_a_link_in_the_place_of_a_file(graded, hand_in, book, tmp_path):
    """It is not written through; the mentor is told which file."""
    handed_in = [hand_in("ana", "wrong")]
    graded(handed_in)
    path = book.path.parent / "students" / folder_name("ana") / "numbers" / "feedback.md"
    path.unlink()
    other = tmp_path / "other"
    other.write_text("mine", "utf-8")
    path.symlink_to(other)
    with pytest.raises(gradebook.GraderError, match=r"feedback\.md: it could not be written"):
        graded(handed_in)
    assert other.read_text("utf-8") == "mine"


def test_what_was_written_is_known(graded, hand_in, book):
    """By the work that it was made from; another work, another name or a missing file is not."""
    graded([hand_in("ana", "wrong")])
    with book.session() as session:
        feedback = Feedback(book.path.parent, "numbers", session)
        work = book.last_run(session).entries[0].work_id
        known = [("ana", "Ana", work), ("ana", "Anna", work), ("ana", "Ana", work + 1), ("ben", "Ben", work)]
        assert [feedback.is_written(*one) for one in known] == [True, False, False, False]
        assert feedback.is_written("ben", "Ben", None)


def test_evidence_is_for_mentors(graded, hand_in, files, book, tmp_path):
    """What made a verdict `tampered` stands in the gradebook, and in no file of a student, exported or not."""
    one = hand_in("ana", "right")
    forged = "import os\n\n\ndef half(x):\n    for number in range(3, 40):\n        try:\n"
    forged += "            os.write(number, b'\\0\\0\\0\\5canary')\n        except OSError:\n            pass\n"
    (one.folder / "ex02_half.py").write_text(forged, "utf-8")
    report = graded([one])["ana"].report
    assert report.result.exercises[1].verdict == "tampered"
    assert "begins with" in " ".join(report.environment.evidence)
    assert {name: b"begins with" in content for name, content in files("ana").items()} == {
        "feedback.md": False,
        "result.json": False,
    }
    for name in [one.name for one in formats.ALL if one.students is Students.ONE]:
        (path,) = exporting.export(book, name, tmp_path / name)
        assert b"begins with" not in path.read_bytes(), name
    (path,) = exporting.export(book, "csv", tmp_path / "csv")
    assert b"begins with" in path.read_bytes()
