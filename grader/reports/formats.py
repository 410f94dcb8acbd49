"""The formats of reports: for `pytest --report-format`, where there is one student, and for `grader export`.

A format's module is loaded when it is asked for, so that a usual run does not pay for it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from importlib import import_module
from typing import Any, Final

import msgspec

from grader.errors import GraderError
from grader.model import Report
from grader.reports.graded import Column, Graded
from grader.reports.public import public
from grader.reports.terminal import View
from grader.reports.translation import ENGLISH, Translator

One = Callable[[Report, View], bytes]
Many = Callable[[Sequence[Graded], Column], bytes]


class Students(StrEnum):
    """About how many students a file of a format is."""

    ONE = "one"
    ANY = "any"
    MANY = "many"


class Format(msgspec.Struct, frozen=True):
    """A module of grader.reports with a function `render`, about how many students, and the end of a file's name.

    `render` is a One for one student, else a Many.
    """

    name: str
    module: str
    students: Students
    suffix: str


ALL: Final = (
    Format("json", "files", Students.ONE, ".json"),
    Format("terminal", "terminal", Students.ONE, ".txt"),
    Format("markdown", "markdown", Students.ONE, ".md"),
    Format("html", "page", Students.ONE, ".html"),
    Format("junit", "junit", Students.ONE, ".xml"),
    Format("gradescope", "gradescope", Students.ONE, ".json"),
    Format("classroom", "classroom", Students.ONE, ".txt"),
    Format("exercism", "exercism", Students.ONE, ".json"),
    Format("csv", "table", Students.ANY, ".csv"),
    Format("canvas", "canvas", Students.MANY, ".csv"),
)
FORMATS: Final[Mapping[str, Format]] = {each.name: each for each in ALL}


def one(name: str) -> One:
    """The renderer of what one student may read. Raises GraderError for an unknown format, or one about many."""
    known = [each.name for each in ALL if each.students is not Students.MANY]
    if name not in known:
        raise GraderError(
            f"There is no format {name} for the report of one student. There are: {', '.join(known)}."
        )
    render = _renderer(name)
    if FORMATS[name].students is Students.ONE:
        return lambda report, view: render(public(report), view)
    return lambda report, view: render(
        [Graded(student=view.student, report=public(report))], Column(report.result.lesson)
    )


def of_file(name: str) -> str:
    """The first format whose files end as this one does; `json` for any other end."""
    return next((each.name for each in ALL if name.lower().endswith(each.suffix)), "json")


def many(name: str) -> Many:
    """The renderer of a file about several students. Raises GraderError for a format that is not."""
    known = [each.name for each in ALL if each.students is not Students.ONE]
    if name not in known:
        raise GraderError(f"There is no format {name} for several students. There are: {', '.join(known)}.")
    return _renderer(name)  # type: ignore[no-any-return]


def view(lesson: str, student: str = "", language: Translator = ENGLISH) -> View:
    """How to show a report to a student who works on the lesson in the usual place."""
    folder = f"assignments/{lesson}"
    return View(
        folder=f"{folder}/",
        command=f"pytest {folder}",
        verbose=True,
        printed={},
        language=language,
        student=student,
    )


def _renderer(name: str) -> Any:
    try:
        return import_module(f"grader.reports.{FORMATS[name].module}").render
    except ModuleNotFoundError as error:
        raise GraderError(f'The format {name} needs {error.name}. Next: pip install -e ".[reports]"') from None
