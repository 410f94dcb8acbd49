"""The quiz of a submission: drawn from the SEED in its file, in every mode, whatever the file's code does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import drawing, quizzes
from grader.course.lessons import Course

ROOT = Path(__file__).resolve().parents[2]
QUIZ, EXERCISE = quizzes.of_lesson(Course(ROOT), "lesson1")
ANSWERS = "{head}\n\ndef answers():\n    return {letters!r}\n"


def letters(seed):
    """The right letters of a seed."""
    return {asked.name: asked.answer for asked in drawing.all_of(QUIZ, seed)}


def file(head, letters):
    """A student's file."""
    return ANSWERS.format(head=head, letters=letters)


@pytest.fixture
def quiz(grade, submit):
    """Grade a file with answers to the quiz; gives the exercise's result."""

    def graded(text):
        return grade(submit(ex07_quiz=text), "-k", "ex07").exercise("ex07")

    return graded


def test_seeds_have_other_answers():
    """The tests below compare seeds whose letters differ."""
    assert letters("7") != letters("anna") != letters("8") != letters("7")


@pytest.mark.parametrize(
    ("head", "seed"),
    [("SEED = 'anna'", "anna"), ("SEED = 'Mu\u0308ller'", "M\u00fcller"), ("SEED = 8", "8"), ("", "7")],
    ids=["a word", "a name in another form", "a number", "none"],
)
def test_the_seed_of_the_file_decides(quiz, head, seed):
    """Its right letters have all points; without a SEED they are those of the lesson's."""
    assert quiz(file(head, letters(seed)))["score"] == EXERCISE.points


def test_the_letters_of_another_seed(quiz):
    """Copied letters lose the points of each question whose letter is another one; the message tells the seed."""
    checks = quiz(file("SEED = 8", letters("7")))["checks"]
    right = [check["id"] for check in checks if check["points"]]
    both = [f"test_answer[{name}]" for name in letters("7") if letters("7")[name] == letters("8")[name]]
    assert right == both
    assert all("(SEED 8): " in check["message"] for check in checks if not check["points"])


def test_code_cannot_change_the_seed(quiz):
    """The line counts, not what the file's code makes of it while it runs."""
    text = file("SEED = 8", letters("7")) + "\nglobals()['SEED'] = 7\n"
    assert quiz(text) == quiz(file("SEED = 8", letters("7")))


def test_a_seed_that_cannot_be_read(quiz):
    """A SEED that only a run could tell loses the points, at its line."""
    exercise = quiz(file("import random\nSEED = random.choice([7, 8])", letters("7")))
    assert exercise["score"] == 0
    assert {check["where"] for check in exercise["checks"]} == {"ex07_quiz.py:2"}
    assert all(check["message"].startswith("SEED must get its value in one line") for check in exercise["checks"])


SEVERAL = """\
class Every(str):
    def __eq__(self, other):
        return True
    __hash__ = str.__hash__
    def strip(self):
        return self
    def upper(self):
        return self

class All(list):
    pass

def answers():
    return {
        "two_settings": ["A", "B", "C", "D"],
        "temperature": Every("B"),
        "both_settings": All("ABCD"),
        "completion": "ABCD",
        "same_replies": ("D",),
        "api_memory": {"B"},
    }
"""


def test_only_one_letter_is_an_answer(quiz):
    """A list of all letters, a text that is equal to everything, or a letter in something else has no points."""
    exercise = quiz(SEVERAL)
    assert [check["points"] for check in exercise["checks"]] == [0] * len(exercise["checks"])
    assert {check["verdict"] for check in exercise["checks"]} == {"failed"}
    assert all("expected one letter: A, B, C or D" in check["message"] for check in exercise["checks"])


def test_only_a_dict_holds_answers(quiz):
    """A dict of one's own class can say anything, so it is none."""
    text = f"class Mine(dict):\n    pass\n\ndef answers():\n    return Mine({letters('7')!r})\n"
    exercise = quiz(text)
    assert exercise["score"] == 0
    assert "a value of type Mine; expected a dict" in exercise["checks"][0]["message"]


MANY = """\
import sys
from pathlib import Path
import msgspec
from grader.judge import many
from grader.judge.many import Submitted

root, *folders = map(Path, sys.argv[1:])
found = []
submitted = [Submitted(folder.name, folder, frozenset(["ex07_quiz"])) for folder in folders]
many.grade(root, "lesson1", submitted, lambda _, report: found.append(report.result.exercises[0]))
print(msgspec.json.encode(found).decode())
"""


def test_many_submissions_have_their_own_seeds(quiz, submit):
    """One judge of many submissions reads each file's SEED, and finds what a run of its own finds."""
    texts = [file("SEED = 8", letters("8")), file("SEED = 'anna'", letters("7")), file("", letters("7"))]
    folders = [submit(ex07_quiz=text) for text in texts]
    command = [sys.executable, "-c", MANY, ROOT, *folders]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == [quiz(text) for text in texts]
