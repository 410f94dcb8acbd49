"""A new exercise: stub, check, solution, mistake, entry and section, with marks where the author writes."""

import keyword
import re
from pathlib import Path
from string import Template
from typing import Final

from grader.authoring import written
from grader.authoring.stored import Stored
from grader.course.lessons import NAME, Course
from grader.errors import GraderError
from grader.judge.student import Student

MARK: Final = "TODO(author)"
LESSON: Final = r"[a-z][a-z0-9_]*"

TOML: Final = f"""\
#:schema ../lesson.schema.json
title = "{MARK}: the lesson's title"
"""
ENTRY: Final = f"""
[[exercise]]
name = "$name"
title = "{MARK}: its title"
points = 2
hints = ["{MARK}: a question that leads on"]
"""
PAGE: Final = f"""\
# {MARK}: the lesson's title

Each exercise is one file in this folder. Open it, read the text under each function, and put your code in the
place of `raise NotImplementedError`. Then run, in the main folder of the project:

    pytest assignments/$lesson              # the whole lesson
    pytest assignments/$lesson -k $short      # one exercise
"""
SECTION: Final = f"""
## $short {MARK}: its title

{MARK}: what the student needs to know, with an example that is not the answer.

**Your task.** {MARK}: what to write into `$name.py`.
"""
STUB: Final = f'''\
"""$short: {MARK}: what this exercise is about."""


def $function(client):
    """{MARK}: what the function does, which request it makes, what it returns.

    `client` is an OpenAI client that is ready to use.
    """
    raise NotImplementedError
'''
CHECKS: Final = f'''\
"""Checks of $short."""

import pytest


@pytest.mark.points(2)
def test_reply(student, api):
    """{MARK}: what $function() must do, as the student reads it"""
    api.expect("chat", times=1, model="gpt-4o-mini")
    assert student.$function(api.client()) == api.replies[0].text
'''
SOLUTION: Final = f'''\
"""$short: {MARK}: the right answer, which gets all points."""


def $function(client):
    raise NotImplementedError
'''
MISTAKE: Final = f"""\
# fails: test_reply
# says: $function() returned None
# {MARK}: a typical wrong answer. Above: the checks that it loses, and words that the student must read.


def $function(client):
    return None
"""


def new(course: Course, lesson: str, name: str) -> list[str]:
    """Write a new exercise, and the lesson if there is none. The paths written. Raises GraderError."""
    if not re.fullmatch(LESSON, lesson) or not re.fullmatch(NAME, name):
        raise GraderError(f"{lesson} {name}: expected names as in `grader new lesson2 ex01_topic`")
    short, _, function = name.partition("_")
    if not function.isidentifier() or keyword.iskeyword(function) or _reserved(function):
        raise GraderError(f"{name}: no function can be called {function!r}. Next: choose another name")
    folder, stored = course.folder(lesson), Stored(course.root, lesson)
    names = {"lesson": lesson, "name": name, "short": short, "function": function}
    whole = {
        folder / f"{name}.py": STUB,
        course.checks(lesson) / f"test_{name}.py": CHECKS,
        stored.solutions / f"{name}.py": SOLUTION,
        course.root / "tests" / "mistakes" / lesson / name / "returns_nothing.py": MISTAKE,
    }
    _require_free(course, lesson, short, list(whole))
    grown = {folder / "lesson.toml": (TOML, ENTRY), folder / "README.md": (PAGE, SECTION)}
    added = {path: more if path.exists() else start + more for path, (start, more) in grown.items()}
    files = {path: _text(path) + Template(text).substitute(names) for path, text in (added | whole).items()}
    written.replace_all({path: text.encode() for path, text in files.items()})
    return [_shown(course, path) for path in files]


def _reserved(function: str) -> bool:
    """Whether a check that writes `student.name` would mean something else than the student's function."""
    return function.startswith("_") or hasattr(Student, function)


def left(path: Path) -> list[tuple[int, str]]:
    """The lines of a file in which the author still has to write, and what."""
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1) if path.is_file() else ()
    return [(number, text.partition(MARK)[2].strip(':"]. ')) for number, text in lines if MARK in text]


def _require_free(course: Course, lesson: str, short: str, paths: list[Path]) -> None:
    """Raise GraderError where the exercise's number or a file of it is there already."""
    known = course.lesson(lesson).exercise if lesson in course.lessons() else ()
    taken = [one.name for one in known if one.short == short]
    if taken:
        raise GraderError(f"{lesson} has {taken[0]} already. Next: choose another number than {short}")
    there = [path for path in paths if path.exists()]
    if there:
        raise GraderError(f"{_shown(course, there[0])} is there already. Next: choose another name, or delete it")


def _text(path: Path) -> str:
    """What a file holds by now, with an end of its last line; empty where there is none."""
    return f"{path.read_text('utf-8').rstrip()}\n" if path.exists() else ""


def _shown(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
