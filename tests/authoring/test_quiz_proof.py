"""What `grader verify` proves about a quiz: each kind of fault is found, and the shipped quiz has none."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring.quiz_proof import QuizProof
from grader.course.lessons import Course

ROOT = Path(__file__).resolve().parents[2]
GRADED = """\
import sys
from pathlib import Path
from grader.authoring.quiz_proof import QuizProof
from grader.course.lessons import Course
from grader.judge import many

root, work = map(Path, sys.argv[1:])
proof = QuizProof(Course(root), "lesson1")
found = []
note = lambda submitted, report: found.extend(proof.judged(submitted, report.result.exercises[0]))
many.grade(root, "lesson1", proof.submissions(work), note)
for flaw in found:
    print(*flaw)
"""


@pytest.fixture
def spoil(project):
    """Replace words in a file of the lesson."""

    def spoiled(name, old, new):
        path = project / "assignments" / "lesson1" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return spoiled


def flaws(project):
    """What is wrong with the quiz and its stub."""
    return [
        f"{where}: {what}. Next: {mend}" for where, what, mend in QuizProof(Course(project), "lesson1").flaws()
    ]


def graded(project, work):
    """What is wrong with the grades of right and wrong letters, one line each."""
    command = [sys.executable, "-c", GRADED, project, work]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_shipped_quiz_holds(project, tmp_path):
    """It can be drawn, its stub is fresh, right letters have all points, each wrong one is told why."""
    assert flaws(project) == []
    assert graded(project, tmp_path / "work") == []


def test_a_stale_stub(project, spoil):
    """A question that was changed has to be written into the stub anew."""
    spoil("quiz.toml", "What is wrong with it?", "What is not wise about it?")
    stub = "assignments/lesson1/ex07_quiz.py"
    what = "it does not hold the questions of quiz.toml"
    assert flaws(project) == [f"{stub}: {what}. Next: grader quiz lesson1 --stub > {stub}"]


def test_questions_that_cannot_be_drawn(project, spoil):
    """Settings of which none is clear are named."""
    spoil("quiz.toml", "draw = { temperature = [0.5, 2] }", "draw = { temperature = [1] }")
    what = "temperature: no draw of 1000 is clear"
    mend = "give `draw` or [tables] other values"
    assert flaws(project) == [f"assignments/lesson1/quiz.toml: {what}. Next: {mend}"]


def test_a_check_that_likes_every_letter(project, spoil, tmp_path):
    """Points for a wrong letter are found, for each question."""
    spoil("checks/test_ex07_quiz.py", "assert letter == question.answer", "assert letter in question.choices")
    found = graded(project, tmp_path / "work")
    assert len(found) == 3 * 3 * 6
    assert all("a wrong letter: test_answer[" in line for line in found)


def test_a_check_that_likes_no_letter(project, spoil, tmp_path):
    """A right letter without its points is found, and so is a wrong one without its reason."""
    spoil("checks/test_ex07_quiz.py", "letter == question.answer", "letter == question.answer == 0")
    spoil("checks/test_ex07_quiz.py", "{question.why[letter]}", "Sorry.")
    found = graded(project, tmp_path / "work")
    assert len(found) == 3 * 4 * 6
    assert len([line for line in found if "the right letter: test_answer[" in line]) == 3 * 6
