"""What each student may have: DIR/students/<name>/result.json and feedback.md, in the words of reports/public.py.

What is there and unchanged is neither read nor written again: the gradebook remembers what a student's files were
made from, and their sizes and times.
"""

from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grader.batch import gradebook
from grader.batch.names import folder_name
from grader.batch.tables import Entry, Handout, Override
from grader.errors import GraderError
from grader.model import Report
from grader.reports import files, formats, public

FOLDER = "students"
FILES = {"result.json": "json", "feedback.md": "markdown"}  # and their formats


class Feedback:
    """The files of a class, for one lesson. `book` is the folder of the gradebook."""

    def __init__(self, book: Path, lesson: str, session: Session) -> None:
        self._folder = book / FOLDER
        self._lesson = lesson
        self._overrides = gradebook.overrides(session, lesson)
        self._given: dict[str, list[Override]] = {}  # by student
        for (student, _), one in sorted(self._overrides.items()):
            self._given.setdefault(student, []).append(one)
        self._known = {one.student: (one.made_from, one.stamp) for one in session.scalars(select(Handout))}

    def is_written(self, student: str, name: str, work: int | None) -> bool:
        """Whether the files of a student stand there as they were made from this work; None: there are none."""
        if work is None:
            return student not in self._known
        return self._known.get(student) == (self._made_from(student, name, work), self._stamp(student))

    def write(self, session: Session, entry: Entry) -> None:
        """Write the files of a student, or take them away where nothing is graded. Raises GraderError."""
        student, work = entry.student, entry.work
        if work is None:
            session.execute(delete(Handout).where(Handout.student == student))
            for path in self._paths(student):
                path.unlink(missing_ok=True)
            return
        report = gradebook.row(entry, self._overrides).final()
        if report:
            self._write(entry, report)
        made_from = self._made_from(student, entry.name, work.id)
        session.merge(Handout(student=student, made_from=made_from, stamp=self._stamp(student)))

    def _write(self, entry: Entry, report: Report) -> None:
        view = formats.view(self._lesson, entry.name or entry.student)
        report = public.without_evidence(report)
        for path, format_ in zip(self._paths(entry.student), FILES.values(), strict=True):
            content = formats.one(format_)(report, view)
            if not _holds(path, content):
                made(path.parent)
                files.write(path, content)

    def _made_from(self, student: str, name: str, work: int) -> str:
        given = ",".join(str(one.id) for one in self._given.get(student, ()))
        return f"{self._lesson} {work} {given} {name}"

    def _stamp(self, student: str) -> str:
        """Sizes and times of a student's files; they differ from all others where a file is missing."""
        try:
            stats = [path.lstat() for path in self._paths(student)]
        except OSError:
            return "missing"
        return " ".join(f"{one.st_size}:{one.st_mtime_ns}" for one in stats)

    def _paths(self, student: str) -> list[Path]:
        folder = self._folder / folder_name(student)
        return [folder / name for name in FILES]


def made(folder: Path) -> None:
    """Make a folder where there is none. Raises GraderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraderError(f"{folder}: the folder could not be made: {error.strerror}.") from None


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == content
    except OSError:
        return False
