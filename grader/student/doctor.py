"""`grader doctor`: what this computer holds, what is missing and why, and whether the lessons are in order."""

import platform
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import msgspec

from grader import settings
from grader.cell import isolation
from grader.cell.isolation import Isolation
from grader.cell.launch import launcher
from grader.course import manifest, quizzes
from grader.course.lessons import Course
from grader.course.manifest import Change
from grader.errors import GraderError
from grader.judge import tiers
from grader.replay import cassettes

PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that pyproject.toml allows


class Diagnosis(msgspec.Struct, frozen=True):
    """What was found. `isolation` is None where no cell starts; `problems` are what is to be mended."""

    isolation: Isolation | None
    versions: Mapping[str, str]
    lessons: tuple[str, ...]
    problems: tuple[str, ...]


def examine(root: Path) -> Diagnosis:
    """Start a cell as a run does, and read all lessons of the project at `root`."""
    problems = list(python_problems(sys.version_info[:2]))
    found, versions = None, {"python": platform.python_version(), "pytest": version("pytest")}
    cells = launcher(settings.cell_environment())
    try:
        ready = cells.ready()
        found, versions = ready.isolation, versions | ready.versions
    except GraderError as error:
        problems.append(str(error))
    finally:
        cells.close()
    course = Course(root)
    try:
        published = manifest.of(root)
        versions |= {"edition": published.edition} if published else {}
        problems += map(as_published, manifest.changes(root, published) if published else ())
    except GraderError as error:
        problems.append(str(error))
    names = course.lessons()
    if not names:
        problems.append(f"{root}: there is no lesson. Run this in the folder that holds assignments/.")
    problems += [problem for name in names for problem in lesson_problems(course, name)]
    return Diagnosis(found, versions, tuple(names), tuple(problems))


def python_problems(present: tuple[int, ...]) -> Iterator[str]:
    """What is wrong with this Python."""
    oldest, newest = (".".join(map(str, one)) for one in PYTHONS)
    if not PYTHONS[0] <= present <= PYTHONS[1]:
        yield f"Python {'.'.join(map(str, present))} is not supported; use {oldest} to {newest}."


def as_published(change: Change) -> str:
    """A file of an edition that is not as it was published, and what brings it back."""
    if change.what == "added":
        return f"{change.path}: it is not part of your course's files; delete it."
    was = "was changed" if change.what == "changed" else "is missing"
    return f"{change.path}: it {was}; `grader update NEW` brings it back (NEW: your course's files)."


def lesson_problems(course: Course, name: str) -> Iterator[str]:
    """What is wrong with a lesson's files."""
    folder = course.folder(name)
    quiz = folder / "quiz.toml"
    try:
        lesson = course.lesson(name)
        if quiz.exists():
            quizzes.load(quiz, quiz.relative_to(course.root).as_posix())
    except GraderError as error:
        yield str(error)
        return
    for exercise in lesson.exercise:
        for path in (folder / exercise.file, course.checks(name) / exercise.checks_file):
            if not path.is_file():
                yield f"{path.relative_to(course.root).as_posix()}: it is missing; get the lesson's files again."
        try:
            cassettes.takes(course.takes(name, exercise.name), course.root)
        except GraderError as error:
            yield str(error)


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The diagnosis for a terminal."""
    if diagnosis.isolation:
        yield from isolation_lines(diagnosis.isolation)
        yield ""
    yield ", ".join(f"{name} {number}" for name, number in diagnosis.versions.items())
    in_order = not diagnosis.problems
    yield from (f"{name}: its files are in order" for name in diagnosis.lessons if in_order)
    yield from (f"To mend: {problem}" for problem in diagnosis.problems)


def isolation_lines(found: Isolation) -> Iterator[str]:
    """The tier, what is missing, and what that means."""
    practice = "  (practice grade: the code is trusted)" if found.tier <= isolation.PRACTICE else ""
    yield f"Isolation tier {found.tier} of {isolation.HIGHEST}{practice}"
    if found.missing:
        yield f"Missing: {found.missing}"
    for remedy in tiers.remedies(found):
        yield f"  For more: {remedy}"
    open_attacks = tiers.open_attacks(found.tier)
    if open_attacks:
        yield "Not held off here:"
        yield from (f"  {what}" for what in open_attacks)
