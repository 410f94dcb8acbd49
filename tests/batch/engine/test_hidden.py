"""Hidden checks, takes and seeds: they count, the mentor sees all of them, and no student a word."""

import json
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from grader.batch import exporting, statistics
from grader.batch.grading import Grading, HandedIn, Plan
from grader.course import drawing, quizzes, seeds
from grader.course.hidden import HiddenFolder
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.model import CheckResult, Hidden
from grader.replay import cassettes
from grader.reports import formats, page
from grader.reports.formats import Students
from grader.reports.public import public
from tests.batch.engine.conftest import RIGHT

ROOT = Path(__file__).resolve().parents[3]
HELLO = "ex03_hello"
ENTRY = f"""
[[exercise]]
name = "{HELLO}"
title = "Hello World"
points = 6
hints = ["Which two arguments does create() always need?"]
"""
DOUBLE = '''import pytest


@pytest.mark.points(7)
def test_canary_name(student):
    """canary title"""
    assert student.double(21) == 42, "canary message"


@pytest.mark.points(3)
@pytest.mark.hint("Think of an empty text.")
def test_two(student):  # the lesson has a check of this name, too
    """canary other title"""
    assert student.double("canary-value") == "canary-value" * 2
'''
TOLD = "Hello World! How can I assist you today?"
REPLY = "canary reply"
CANARIES = [b"canary", b"hidden/", b"c.yaml"]
OF_TAKE = Hidden(what="take", take=f"cassettes/{HELLO}/c.yaml")
SOLUTION = (ROOT / "tests" / "solutions" / "lesson1" / f"{HELLO}.py").read_text("utf-8")
ASKS = SOLUTION.replace("return completion", "text = completion")


@pytest.fixture
def api_course(course):
    """The small lesson with one exercise of lesson1, which has two takes."""
    toml = course.folder("numbers") / "lesson.toml"
    toml.write_text(toml.read_text("utf-8") + ENTRY, "utf-8")
    shipped = ROOT / "assignments" / "lesson1"
    shutil.copy(shipped / f"{HELLO}.py", course.folder("numbers"))
    shutil.copy(shipped / "checks" / f"test_{HELLO}.py", course.checks("numbers"))
    shutil.copytree(ROOT / "cassettes" / "lesson1" / HELLO, course.root / "cassettes" / "numbers" / HELLO)
    return course


@pytest.fixture
def hidden(tmp_path):
    """A folder with hidden checks of ex01 and a hidden take of ex03."""
    folder = tmp_path / "canary-folder"
    takes = folder / "cassettes" / HELLO
    takes.mkdir(parents=True)
    (folder / "checks").mkdir()
    (folder / "checks" / "test_ex01_double.py").write_text(DOUBLE, "utf-8")
    shipped = (ROOT / "cassettes" / "lesson1" / HELLO / "a.yaml").read_text("utf-8")
    text = re.sub("  checked: .*\n", "", shipped).replace(TOLD, REPLY)
    assert REPLY in text
    (takes / "c.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def graded(api_course, book, tmp_path, hidden):
    """Grade answers by student with the hidden folder; the steps by student."""

    def run(answers, **plan):
        handed_in = []
        for student, files in answers.items():
            folder = tmp_path / "submissions" / student
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in (RIGHT | {HELLO: SOLUTION} | files).items():
                (folder / f"{name}.py").write_text(text, "utf-8")
            handed_in.append(HandedIn(student, student.title(), student, folder))
        plan = {"jobs": 1, "hidden": hidden} | plan
        return {one.student: one for one in Grading(api_course, "numbers", book, Plan(**plan)).steps(handed_in)}

    return run


def known():
    """The replies that students have."""
    paths = sorted((ROOT / "cassettes" / "lesson1" / HELLO).glob("*.yaml"))
    exchanges = [one for path in paths for one in cassettes.load(path, path.name).interactions]
    return [
        json.loads(one.content)["choices"][0]["message"]["content"]
        for one in exchanges
        if one.media == "application/json"
    ]


HARD_CODED = f"{ASKS}    return text if text in {known()!r} else 'something else'\n"
RAISES = f"{ASKS}    if text not in {known()!r}:\n        raise ValueError(text)\n    return text\n"
KEEPS = f"""import sys

{ASKS}    if hasattr(sys, "kept"):
        raise ValueError(sys.kept)
    if text not in {known()!r}:
        sys.kept = text
    return text
"""
AT_IMPORT = f"""import dotenv
import openai

dotenv.load_dotenv()
{ASKS.replace("def hello", "def ask")}    return text


TEXT = ask(openai.OpenAI())
if TEXT not in {known()!r}:
    raise SystemExit(TEXT)


def hello(client):
    return TEXT
"""
LINES = "double = lambda x: 42 if x == 21 else 'ab' * 2 if x == 'ab' else 4 if x == 2 else 1 / 0\n"
ANSWERS = {
    "right": {},
    "wrong": {"ex01_double": "def double(x):\n    return x + x if x in (2, 'ab') else 'canary ' + str(x)\n"},
    "line": {"ex01_double": LINES},
    "memorises": {HELLO: HARD_CODED},
    "raises": {HELLO: RAISES},
    "keeps": {HELLO: KEEPS},
    "import": {HELLO: AT_IMPORT},
    "stub": {"ex01_double": "def double(x):\n    raise NotImplementedError\n"},
}


def test_what_is_hidden_counts(graded):
    """Hidden checks have points of their own; an answer that only knows the known takes loses those checks'."""
    steps = graded(ANSWERS)
    scores = {name: step.report.result.score for name, step in steps.items()}
    assert {step.report.result.max_score for step in steps.values()} == {3 + 2 + 6 + 10}
    assert scores.pop("right") == 21
    assert scores == {"wrong": 11, "line": 18, "memorises": 17, "raises": 15, "keeps": 21, "import": 15, "stub": 8}
    assert all(step.report.result.whole_lesson for step in steps.values())


def test_no_byte_for_students_tells_what_is_hidden(graded, book, tmp_path):
    """Every format for a student holds the points and the hint, and no canary."""
    assert page.template()  # the format html must not be missed for want of its library
    answers = {name: files for name, files in ANSWERS.items() if name != "right"}
    steps = graded(answers)
    alone = [formats.one("csv")(step.report, formats.view("numbers", name)) for name, step in steps.items()]
    alone += [path.read_bytes() for path in (book.path.parent / "students").rglob("*.*")]
    assert len(alone) == 3 * len(answers)
    assert [word for word in CANARIES for content in alone if word in content] == []
    for name in [one.name for one in formats.ALL if one.students is Students.ONE]:
        found = list(exporting.export(book, name, tmp_path / "out" / name))
        assert len(found) == len(answers), name
        for path in found:
            content = path.read_bytes()
            assert [word for word in CANARIES if word in content] == [], (name, content)
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "out" / "terminal").rglob("*.txt"))]
    hinted = [text for text in texts if "hidden checks: 7 of 10 points" in text]
    assert ["Next: Think of an empty text." in text for text in hinted] == [True]
    assert sum("hidden checks: 0 of 10 points" in text for text in texts) == 1  # a stub is only not started
    assert sum("not for another reply" in " ".join(text.split()) for text in texts) == 3


def test_the_mentor_sees_which(graded, book):
    """The gradebook and its statistics name the hidden check, its message, and the take."""
    steps = graded({name: ANSWERS[name] for name in ("wrong", "raises")})
    checks = {one.id: one for one in steps["wrong"].report.result.exercises[0].checks}
    assert "canary message" in checks["hidden/test_canary_name"].message
    failed = steps["raises"].report.result.exercises[2].checks[0]
    assert failed.hidden == OF_TAKE
    assert REPLY in failed.message
    with book.session() as session:
        found = statistics.of(book.last_run(session), {})
    assert "ex01_double hidden/test_canary_name" in [one.check for one in found.failing]


def test_a_judge_forgets_a_hidden_take(graded):
    """What code kept of it, or raised at import, is gone when the next check runs with the known takes."""
    steps = graded({name: ANSWERS[name] for name in ("keeps", "import")})
    kept, imported = (steps[name].report.result.exercises[2] for name in ("keeps", "import"))
    assert kept.verdict == "passed"
    assert [check.hidden for check in imported.checks] == [OF_TAKE, OF_TAKE]


def test_changed_hidden_checks_regrade(graded, hidden):
    """They are part of what decides; the reason stands in the facts of the run."""
    assert not graded({"ana": {}})["ana"].reused
    assert graded({"ana": {}})["ana"].reused
    (hidden / "checks" / "test_ex01_double.py").write_text(DOUBLE.replace("42", "43"), "utf-8")
    again = graded({"ana": {}})["ana"]
    assert (again.reused, again.report.result.score) == (False, 14)
    assert graded({"ana": {}}, hidden=None)["ana"].report.result.max_score == 11


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("checks/test_ex09_none.py", "", "it belongs to no exercise"),
        ("checks/test_ex01_double.py", "def test_(:", "these hidden checks cannot be read"),
        ("checks/test_ex01_double.py", "import nothing_like_it", "these hidden checks cannot be read"),
        (f"cassettes/{HELLO}/c.yaml", "version: [", "the cassette is not YAML"),
        ("hidden.toml", "sead = 1", "sead: no such key exists here"),
    ],
)
def test_what_is_wrong_in_the_folder_is_told(graded, hidden, name, text, says):
    """Before anything is graded, with the file; a class graded without it would have to be graded again."""
    (hidden / name).write_text(text, "utf-8")
    with pytest.raises(GraderError, match=re.escape(says)):
        graded({"ana": {}})


def test_a_folder_that_students_would_get(api_course):
    """Below assignments/ nothing is hidden."""
    with pytest.raises(GraderError, match="students get what is below assignments/"):
        HiddenFolder(api_course.checks("numbers"), api_course, api_course.lesson("numbers"))


def test_a_report_without_anything_hidden_stays_as_it_is(graded):
    """The bytes of ordinary results do not change."""
    report = graded({"ana": {}}, hidden=None)["ana"].report
    assert public(report) is report
    assert b"hidden" not in msgspec.json.encode(report)


def test_our_own_fault_in_a_hidden_check(graded, hidden):
    """The student reads that it is not their code, and not what broke."""
    text = DOUBLE.replace("assert student.double(21)", "student.canary\n    assert {}['canary']")
    (hidden / "checks" / "test_ex01_double.py").write_text(text, "utf-8")
    report = graded({"ana": {}})["ana"].report
    shown = public(report).result.exercises[0].checks[-1]
    assert isinstance(shown, CheckResult)
    assert (shown.verdict, shown.points) == ("error", 3)
    assert shown.message == "This is not your code: a hidden check could not decide"


def test_a_hidden_quiz(tmp_path, book):
    """A SEED that begins with hidden- is drawn with the mentor's seed; the student's own run cannot tell."""
    course = Course(ROOT)
    folder = tmp_path / "hidden"
    folder.mkdir()
    (folder / "hidden.toml").write_text('seed = "autumn"\n', "utf-8")
    quiz, exercise = quizzes.of_lesson(course, "lesson1")
    letters = {seed: drawing.all_of(quiz, seeds.mixed(seed, "autumn")) for seed in ("hidden-ana", "7")}
    assert [one.answer for one in letters["hidden-ana"]] != [
        one.answer for one in drawing.all_of(quiz, "hidden-ana")
    ]

    def grade(seed, plan):
        drawn = {one.name: one.answer for one in letters[seed]}
        submission = tmp_path / f"quiz-{seed}"
        submission.mkdir(exist_ok=True)
        source = f"SEED = {seeds.literal(seed)}\ndef answers():\n    return {drawn!r}\n"
        (submission / exercise.file).write_text(source, "utf-8")
        (step,) = Grading(course, "lesson1", book, plan).steps([HandedIn("ana", "Ana", "ana", submission)])
        return step.report.result.exercises[6]

    with_hidden, without = Plan(jobs=1, hidden=folder), Plan(jobs=1)
    assert grade("hidden-ana", with_hidden).score == exercise.points
    alone = grade("hidden-ana", without)
    assert (alone.verdict, alone.checks[0].message) == (
        "blocked",
        "Only your mentor can check the answers to this quiz.",
    )
    other = grade("7", with_hidden)
    assert (other.score, other.checks[0].message) == (0, "SEED is 7; your mentor gave you another one.")
    assert grade("7", without).score == exercise.points
