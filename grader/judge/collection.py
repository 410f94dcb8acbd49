"""Collection is the judge's: under assignments/ only a lesson's registered checks, whatever else lies there."""

import os
import types
from pathlib import Path

import msgspec
import pytest

from grader.course.lessons import Course, Lesson
from grader.errors import LessonError


class Target(msgspec.Struct, frozen=True):
    """The lesson that a run is about, and pytest's arguments for its checks."""

    course: Course
    name: str
    lesson: Lesson
    arguments: list[str]


def ignore_conftests(assignments: Path, manager: pytest.PytestPluginManager) -> None:
    """Stand an empty plugin in the place of each conftest.py below assignments/, so that none is imported."""
    for path in assignments.rglob("conftest.py"):
        if not manager.has_plugin(str(path)):
            manager.register(types.ModuleType("ignored"), name=str(path))


def target(course: Course, arguments: list[str], start: Path) -> Target | None:
    """The lesson that the command line names, or None for a run of other tests.

    A stub's path selects its checks. Raises LessonError for anything that no lesson has.
    """
    paths = [((start / argument.partition("::")[0]).resolve(), argument) for argument in arguments]
    inside = [(path, argument) for path, argument in paths if path.is_relative_to(course.assignments)]
    outside = [(path, argument) for path, argument in paths if not path.is_relative_to(course.assignments)]
    missing = next((argument for path, argument in outside if not path.exists()), None)
    if missing and course.lessons():
        if inside:
            raise LessonError(f"There is no {missing!r}. For one exercise of a lesson write -k before its name.")
        lessons = ", ".join(f"assignments/{name}" for name in course.lessons())
        raise LessonError(f"There is no {missing!r}. The lessons here: {lessons}.")
    if not inside:
        return None
    deeper = next(
        (argument for path, argument in inside if not path.exists() and (course.root / argument).exists()), None
    )
    if deeper:
        up = Path(os.path.relpath(course.root, start)).as_posix()
        raise LessonError(f"There is no {deeper} in this folder. Go to the main folder first: cd {up}")
    if outside:
        raise LessonError("Run the lesson and other tests apart: this command names both.")
    names = {_lesson_name(course, path, argument) for path, argument in inside}
    if len(names) > 1:
        raise LessonError(f"One lesson at a time. The lessons here: {', '.join(course.lessons())}.")
    name = names.pop()
    for folder in (course.assignments, course.folder(name), course.checks(name)):
        if (folder / "__init__.py").exists():  # pytest would import it into the judge
            shown = (folder / "__init__.py").relative_to(course.root).as_posix()
            raise LessonError(f"{shown}: a lesson is not a package. Delete this file.")
    lesson = course.lesson(name)
    found = [_argument(course, name, lesson, path, argument) for path, argument in inside]
    return Target(course, name, lesson, found)


def registered(path: Path, found: Target) -> bool:
    """Whether a file or folder is part of the lesson's checks."""
    folder, checks = found.course.folder(found.name), found.course.checks(found.name)
    if path in (found.course.assignments, folder, checks):
        return True
    return path.parent == checks and path.name in {exercise.checks_file for exercise in found.lesson.exercise}


def _lesson_name(course: Course, path: Path, argument: str) -> str:
    lessons = course.lessons()
    if path == course.assignments and len(lessons) == 1:
        return lessons[0]
    name = path.relative_to(course.assignments).parts[0] if path != course.assignments else ""
    if name not in lessons:
        raise LessonError(f"There is no lesson {argument!r}. The lessons here: {', '.join(lessons)}.")
    return name


def _argument(course: Course, name: str, lesson: Lesson, path: Path, argument: str) -> str:
    folder, checks = course.folder(name), course.checks(name)
    if path in (course.assignments, folder, checks):
        return str(checks)
    for exercise in lesson.exercise:
        if path in (folder / exercise.file, checks / exercise.checks_file):
            _, colons, test = argument.partition("::")
            return f"{checks / exercise.checks_file}{colons}{test}"
    names = ", ".join(exercise.file for exercise in lesson.exercise)
    raise LessonError(f"{argument} is not an exercise of {name}. Its exercises: {names}.")
