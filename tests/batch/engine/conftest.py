"""A small lesson without an API, and submissions for it."""

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest

from grader.batch.gradebook import Gradebook
from grader.batch.grading import Grading, HandedIn, Plan
from grader.course.lessons import Course
from tests.batch.engine import processes

ROOT = Path(__file__).resolve().parents[3]
LESSON = """title = "Numbers"

[[exercise]]
name = "ex01_double"
title = "Double"
points = 3
hints = ["What is twice a number?"]

[[exercise]]
name = "ex02_half"
title = "Half"
points = 2
hints = ["What is half of a number?"]
"""
DOUBLE = '''import pytest


@pytest.mark.points(1)
def test_two(student):
    """double(2) is 4"""
    assert student.double(2) == 4


@pytest.mark.points(2)
def test_text(student):
    """double() repeats a text"""
    assert student.double("ab") == "abab", "A text times 2 is that text twice."
'''
HALF = '''import pytest


@pytest.mark.points(2)
def test_half(student):
    """half(4) is 2"""
    assert student.half(4) == 2
'''
RIGHT = {"ex01_double": "def double(x):\n    return x * 2\n", "ex02_half": "def half(x):\n    return x / 2\n"}
STUBS = {name: f"def {name.split('_')[1]}(x):\n    raise NotImplementedError\n" for name in RIGHT}
ANSWERS = {
    "right": RIGHT,
    "wrong": RIGHT | {"ex01_double": "def double(x):\n    return x + 2\n"},  # 2 + 2 is 4
    "endless": RIGHT | {"ex02_half": "def half(x):\n    while True:\n        pass\n"},
    "ends": RIGHT | {"ex02_half": "import os\nos._exit(0)\n"},
}


@pytest.fixture
def course(tmp_path):
    """The project of the small lesson."""
    root = tmp_path / "course"
    files = {"assignments/numbers/lesson.toml": LESSON}
    files |= {f"assignments/numbers/{name}.py": text for name, text in STUBS.items()}
    files |= {
        "assignments/numbers/checks/test_ex01_double.py": DOUBLE,
        "assignments/numbers/checks/test_ex02_half.py": HALF,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    shutil.copy(ROOT / "pyproject.toml", root)
    return Course(root)


@pytest.fixture
def hand_in(tmp_path):
    """Hand in one of ANSWERS for a student; None: nothing was handed in."""

    def one(student, answer, *notes):
        folder = tmp_path / "submissions" / student
        if answer:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in ANSWERS[answer].items():
                (folder / f"{name}.py").write_text(text, "utf-8")
        return HandedIn(student, student.title(), f"{student}.zip", folder if answer else None, notes)

    return one


@pytest.fixture
def book(tmp_path):
    """A new gradebook."""
    opened = Gradebook.create(tmp_path / "out")
    yield opened
    opened.close()


@pytest.fixture
def graded(course, book):
    """Grade what was handed in; the steps by student."""

    def run(handed_in, jobs=1, **plan):
        options = ("-o", "call_seconds=1")
        steps = Grading(course, "numbers", book, Plan(jobs=jobs, options=options, **plan)).steps(handed_in)
        return {step.student: step for step in steps}

    return run


@pytest.fixture
def batch(request, course, hand_in, tmp_path):
    """A class, ready to be graded; so many students as a parameter says."""
    for number in range(getattr(request, "param", processes.COUNT)):
        hand_in(f"s{number:02}", processes.ANSWERS[number % len(processes.ANSWERS)])
    made = processes.Batch(course.root, tmp_path / "submissions", f"mark-{os.getpid()}-{tmp_path.name}")
    yield made
    for pid in made.alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
