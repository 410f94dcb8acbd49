"""The checks inside Jupyter: the last cell of a lesson's notebook calls `check("lesson1")`.

The judge is a process of its own, as everywhere. This one is the student's: what it shows is for practice, and no
grade is taken from it.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

from grader import settings
from grader.course import history
from grader.course.lessons import Course, Lesson
from grader.errors import GraderError
from grader.model import Report
from grader.reports import in_notebook, languages

PATIENCE = 600  # seconds; the judge ends student code long before


class Shown(msgspec.Struct, frozen=True):
    """What a cell shows: HTML where the front end can, else plain text."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_html_(self) -> str:
        return self.html


def check(lesson: str) -> Shown:
    """Run the checks of a lesson on the cells that were run in this session, and show a table."""
    language = languages.chosen(None)
    try:
        report = judged(Course(_root(lesson)), lesson, _ran())
    except GraderError as error:
        told = language.sentence(str(error))
        return Shown(told, f"<p>{escape(told)}</p>")
    return Shown(in_notebook.plain(report, language), in_notebook.html(report, language))


def judged(course: Course, name: str, ran: Sequence[str]) -> Report:
    """The report on what was run; `ran[7]` is the text of [7]. Raises GraderError where the judge gives none."""
    lesson = course.lesson(name)
    with tempfile.TemporaryDirectory(prefix="notebook-") as folder:
        submission, report = Path(folder, f"{name}.ipynb"), Path(folder, "report.json")
        submission.write_bytes(history.notebook(ran, lesson, _stubs(course.folder(name), lesson)))
        options = [f"--rootdir={course.root}", f"--config-file={course.root / 'pyproject.toml'}", "--noconftest"]
        options += ["-p", "grader.judge.plugin", f"--submission={submission}", f"--report={report}"]
        said = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-P", "-m", "pytest", *options, str(course.folder(name))],
            cwd=course.root,
            env=settings.judge_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if not report.is_file():
            text = (said.stderr or said.stdout).decode("utf-8", "replace").strip()
            raise GraderError(f"The checks could not be run: {text}")
        return msgspec.json.decode(report.read_bytes(), type=Report)


def _stubs(folder: Path, lesson: Lesson) -> dict[str, str]:
    return {exercise.name: (folder / exercise.file).read_text("utf-8") for exercise in lesson.exercise}


def _ran() -> list[str]:
    """The cells of this session as they were typed; the first is [1], and [0] is empty."""
    try:
        from IPython.core.getipython import get_ipython  # noqa: PLC0415 - only Jupyter has it
    except ModuleNotFoundError:
        shell = None
    else:
        shell = get_ipython()
    history_of = shell.history_manager if shell else None
    if history_of is None:
        raise GraderError("check() runs in a notebook. Elsewhere run  pytest assignments/<lesson>")
    return [str(text) for text in history_of.input_hist_raw]


def _root(lesson: str) -> Path:
    """The project's folder: the nearest one above the notebook that has the lesson, else the grader's own."""
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / "assignments" / lesson / "lesson.toml").is_file():
            return folder
    raise GraderError(f"There is no assignments/{lesson} here. Put the notebook into the project's main folder.")
