"""The gradebook: one SQLite file that keeps every run, every graded piece of work, and what mentors overrode."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from grader.batch import downloads
from grader.batch.tables import SCHEMA, Base, Entry, Meta, Override, Run, Work
from grader.errors import GraderError
from grader.reports import graded
from grader.reports.graded import Graded

NAME = "gradebook.sqlite"
PATIENCE_SECONDS = 5.0  # that one process waits until another has written
MOST_AT_ONCE = 1_000  # values in one question to SQLite

LEFT = "It was left as it is. Next: put an older copy back, or name another --out; then all is graded anew."
TROUBLE = {  # by the beginning of SQLite's name for an error
    "SQLITE_BUSY": "another program is writing to the gradebook. "
    "Next: wait until it is done, and run the same command again.",
    "SQLITE_NOTADB": f"the gradebook cannot be used: it is damaged, or it is none. {LEFT}",
    "SQLITE_CORRUPT": f"the gradebook cannot be used: a part of it is missing or damaged. {LEFT}",
    "SQLITE_FULL": "there is no space left on its disk. What was graded is kept. "
    "Next: make room, and run the same command again.",
    "SQLITE_READONLY": "the gradebook may not be written. Next: change its permissions, or name another --out.",
    "SQLITE_CANTOPEN": "the gradebook cannot be opened. Next: look at its permissions, or name another --out.",
}
NO_TEXT = "Could not decode to UTF-8"  # Python's own words; SQLite has no name for it


class Known(msgspec.Struct, frozen=True):
    """Work that need not be graded again."""

    id: int
    score: int
    max_score: int


Overrides = dict[tuple[str, str], Override]  # by student and exercise


class Gradebook:
    """An open gradebook."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._engine = sqlalchemy.create_engine(
            f"sqlite:///{self.path}", connect_args={"timeout": PATIENCE_SECONDS}
        )
        sqlalchemy.event.listen(self._engine, "connect", _settle)

    @classmethod
    def create(cls, folder: Path) -> "Gradebook":
        """Open the folder's gradebook; make one where there is none. Raises GraderError."""
        book = cls(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with book._told():
                Base.metadata.create_all(book._engine)
                with book.session() as session:
                    if not session.scalars(select(Meta)).first():
                        session.add(Meta(schema=SCHEMA))
        except OSError as error:
            raise GraderError(f"{folder}: the folder could not be made: {error.strerror}.") from None
        return book.checked()

    @classmethod
    def open(cls, folder: Path) -> "Gradebook":
        """Open the folder's gradebook. Raises GraderError where there is none."""
        book = cls(folder)
        if not book.path.is_file():
            raise GraderError(f"{folder}: there is no {NAME} here. Next: grader batch SUBMISSIONS --out {folder}")
        return book.checked()

    def checked(self) -> "Gradebook":
        """The gradebook, if its tables are of the present format. Raises GraderError."""
        with self._told(), self.session() as session:
            found = session.scalars(select(Meta.schema)).first()
        if found != SCHEMA:
            raise GraderError(
                f"{self.path}: its format is {found}; this grader writes {SCHEMA}. Use another --out."
            )
        return self

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: all of it is written, or nothing. Raises GraderError where the file cannot be used."""
        with self._told(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def last_run(self, session: Session) -> Run:
        """The latest run, also one that has not ended. Raises GraderError where there is none."""
        run = session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).first()
        if run is None:
            raise GraderError(
                f"{self.path}: nothing was graded yet. Next: grader batch SUBMISSIONS --out {self.path.parent}"
            )
        return run

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise GraderError(f"{self.path}: {explained(error.orig)}") from None
        except (msgspec.DecodeError, JSONDecodeError):
            raise GraderError(f"{self.path}: {TROUBLE['SQLITE_CORRUPT']}") from None


def explained(error: object) -> str:
    """What an error of SQLite means for a mentor, and what to do."""
    name = getattr(error, "sqlite_errorname", "")
    if NO_TEXT in str(error):
        name = "SQLITE_CORRUPT"
    for begins, words in TROUBLE.items():
        if name.startswith(begins):
            return words
    return f"the gradebook cannot be used: {error}. Nothing in it was changed."


def _settle(connection: Any, _: object) -> None:
    """Readers do not wait for the writer, and a killed run leaves a sound file."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def batched(values: Iterable[str], most: int) -> Iterator[list[str]]:
    """The values in lists of at most so many, as Python 3.12 has it."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def now() -> datetime:
    """The present time, in UTC and without a zone, as SQLite keeps it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def run_before(session: Session, run: Run) -> Run | None:
    """The last run of the same lesson that came to its end before this one."""
    earlier = select(Run).where(Run.lesson == run.lesson, Run.id < run.id, Run.ended.is_not(None))
    return session.scalars(earlier.order_by(Run.id.desc()).limit(1)).first()


def overrides(session: Session, lesson: str) -> Overrides:
    """The overrides that count, by student and exercise."""
    query = select(Override).where(Override.lesson == lesson).order_by(Override.id)
    return {(one.student, one.exercise): one for one in session.scalars(query)}


def known(session: Session, keys: Mapping[str, str]) -> dict[str, Known]:
    """The latest work of each student whose key is the same, by student. `keys` are by student, too."""
    found: dict[str, Known] = {}
    columns = (Work.student, Work.key, Work.id, Work.score, Work.max_score)
    for some in batched(keys.values(), MOST_AT_ONCE):
        query = select(*columns).where(Work.key.in_(some)).order_by(Work.id)
        for student, key, *rest in session.execute(query):
            if keys.get(student) == key:
                found[student] = Known(*rest)
    return found


def unended(run: Run) -> list[str]:
    """What to know about the grades of a run that was stopped, failed, or still goes on; nothing about others."""
    if run.ended:
        return []
    return [
        f"The run of {run.begun:%Y-%m-%d %H:%M} UTC has not ended.",
        "Who was not graded in it keeps the grade from before. Next: run the same grader batch again.",
    ]


def standing(session: Session, lesson: str, students: Iterable[str]) -> dict[str, int]:
    """The work that counts for each student since their last run of a lesson, by student; others are left out."""
    found: dict[str, int] = {}
    for some in batched(students, MOST_AT_ONCE):
        of_lesson = select(func.max(Entry.id)).join(Run).where(Run.lesson == lesson, Entry.student.in_(some))
        query = select(Entry).where(Entry.id.in_(of_lesson.group_by(Entry.student)), Entry.work_id.is_not(None))
        found |= {entry.student: entry.work_id for entry in session.scalars(query) if entry.work_id}
    return found


def row(entry: Entry, given: Overrides) -> Graded:
    """A student with what counts, as the formats of reports take it."""
    report = entry.work.full if entry.work else None
    own = {exercise: one for (student, exercise), one in given.items() if student == entry.student and report}
    by_hand = {exercise: graded.Override(one.points, one.comment) for exercise, one in own.items()}
    return Graded(
        student=entry.student,
        name=entry.name,
        email=entry.email,
        report=report,
        overrides=by_hand,
        notes=tuple(entry.notes),
        canvas_id=downloads.canvas_id(entry.source, entry.student),
    )
