"""What each student may have: DIR/students/<name>/<lesson>/result.json and feedback.md, by reports/public.py.

What is there and unchanged is neither read nor written again: the gradebook remembers what a student's files were
made from, and their sizes and times.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grader.batch import gradebook
from grader.batch.names import folder_name
from grader.batch.tables import Entry, Handout, Override
from grader.errors import GraderError
from grader.model import Report
from grader.reports import files, formats, public
from grader.reports.markdown import escaped, fenced
from grader.reports.terminal import Line
from grader.reports.text import line

FOLDER = "students"
READ = "feedback.md"
FILES = {"result.json": "json", READ: "markdown"}  # and their formats
NEXT = "Next: hand in the files of the exercises again, as they are or in one .zip"


class Feedback:
    """The files of a class, for one lesson. `book` is the folder of the gradebook."""

    def __init__(self, book: Path, lesson: str, session: Session) -> None:
        self._folder = book / FOLDER
        self._lesson = lesson
        self._overrides = gradebook.overrides(session, lesson)
        self._given: dict[str, list[Override]] = {}  # by student
        for (student, _), one in sorted(self._overrides.items()):
            self._given.setdefault(student, []).append(one)
        handouts = session.scalars(select(Handout).where(Handout.lesson == lesson))
        self._known = {one.student: (one.made_from, one.stamp) for one in handouts}

    def is_written(self, student: str, name: str, work: int | None, notes: Sequence[str] = ()) -> bool:
        """Whether the files of a student stand there as they were made from this work, or else from these notes.

        Without both there are to be none.
        """
        if work is None and not notes:
            return student not in self._known
        return self._known.get(student) == (self._made_from(student, name, work, notes), self._stamp(student))

    def write(self, session: Session, entry: Entry) -> None:
        """Write the files of a student, or take them away where nothing was handed in. Raises GraderError."""
        student, work, notes = entry.student, entry.work, told(entry.source, entry.notes)
        if work is None:
            self.take_away(session, student)
            if not notes:
                return
            self._keep(self._folder_of(student) / READ, nothing_graded(self._lesson, notes))
        else:
            report = gradebook.row(entry, self._overrides).final()
            if report:
                self._write(entry, report)
        made_from = self._made_from(student, entry.name, entry.work_id, notes)
        one = Handout(student=student, lesson=self._lesson, made_from=made_from, stamp=self._stamp(student))
        session.merge(one)

    def take_away(self, session: Session, student: str) -> None:
        """Take the files of a student away."""
        session.execute(delete(Handout).where(Handout.student == student, Handout.lesson == self._lesson))
        for name in FILES:
            (self._folder_of(student) / name).unlink(missing_ok=True)

    def _write(self, entry: Entry, report: Report) -> None:
        view = formats.view(self._lesson, entry.name or entry.student)
        report = public.without_evidence(report)
        for name, format_ in FILES.items():
            self._keep(self._folder_of(entry.student) / name, formats.one(format_)(report, view))

    def _keep(self, path: Path, content: bytes) -> None:
        if not _holds(path, content):
            made(path.parent)
            files.write(path, content)

    def _made_from(self, student: str, name: str, work: int | None, notes: Sequence[str]) -> str:
        if work is None:
            return "; ".join(notes)
        given = ",".join(str(one.id) for one in self._given.get(student, ()))
        return f"{work} {given} {name}"

    def _stamp(self, student: str) -> str:
        """Sizes and times of a student's files."""
        return " ".join(_stamp(self._folder_of(student) / name) for name in FILES)

    def _folder_of(self, student: str) -> Path:
        return self._folder / folder_name(student) / self._lesson


def told(source: str, notes: Sequence[str]) -> Sequence[str]:
    """What a student reads of the notes where nothing was graded: all, if something was handed in."""
    return notes if source else ()


def nothing_graded(lesson: str, notes: Iterable[str]) -> bytes:
    """feedback.md of who handed in what could not be read."""
    words = [Line(line(note)) for note in notes]
    return f"## {escaped(lesson)}: nothing could be graded\n{fenced(words)}\n{NEXT}\n".encode()


def _stamp(path: Path) -> str:
    try:
        found = path.lstat()
    except OSError:
        return "missing"
    return f"{found.st_size}:{found.st_mtime_ns}"


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
