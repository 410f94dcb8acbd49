"""The gradebook: one SQLite file that keeps every run, every graded piece of work, and what mentors overrode."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import JSON, ForeignKey, Index, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from grader.errors import GraderError
from grader.model import CheckResult, Report
from grader.reports import graded
from grader.reports.graded import Graded

NAME = "gradebook.sqlite"
SCHEMA = 1
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


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's own name


class Meta(Base):
    """The version of these tables."""

    __tablename__ = "meta"
    schema: Mapped[int] = mapped_column(primary_key=True)


class Run(Base):
    """One call of `grader batch`. `ended` is empty where it was stopped; `facts` are versions and options."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    lesson: Mapped[str]
    begun: Mapped[datetime]
    ended: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]]
    entries: Mapped[list["Entry"]] = relationship(back_populates="run", order_by="Entry.student")


class Work(Base):
    """A submission as it was graded once. `key` is the hash of all that decides the result."""

    __tablename__ = "work"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    student: Mapped[str] = mapped_column(index=True)
    score: Mapped[int]
    max_score: Mapped[int]
    seconds: Mapped[float]
    report: Mapped[str]  # the report's JSON
    checks: Mapped[list["Check"]] = relationship(cascade="all, delete-orphan")

    @property
    def full(self) -> Report:
        """The report."""
        return msgspec.json.decode(self.report, type=Report)


class Check(Base):
    """One check of a graded piece of work, for questions in SQL."""

    __tablename__ = "check_result"
    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    exercise: Mapped[str]
    name: Mapped[str]
    verdict: Mapped[str]
    points: Mapped[int]
    max_points: Mapped[int]
    message: Mapped[str]
    where: Mapped[str]
    next: Mapped[str]


class Entry(Base):
    """A student in a run. Without `work` nothing of theirs was graded; `notes` say why, and what was left out."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    student: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]
    notes: Mapped[list[str]]
    work_id: Mapped[int | None] = mapped_column(ForeignKey("work.id"))
    run: Mapped[Run] = relationship(back_populates="entries")
    work: Mapped[Work | None] = relationship()


class Override(Base):
    """Points that a mentor gave by hand to an exercise of a student; the latest one counts, in every later run."""

    __tablename__ = "override"
    id: Mapped[int] = mapped_column(primary_key=True)
    lesson: Mapped[str]
    student: Mapped[str]
    exercise: Mapped[str]
    points: Mapped[int]
    comment: Mapped[str]
    who: Mapped[str]
    made: Mapped[datetime]


class Handout(Base):
    """What the files of a student in DIR/students were made from, and their sizes and times."""

    __tablename__ = "handout"
    student: Mapped[str] = mapped_column(primary_key=True)
    made_from: Mapped[str]
    stamp: Mapped[str]


class Known(msgspec.Struct, frozen=True):
    """Work that need not be graded again."""

    id: int
    score: int
    max_score: int


Overrides = dict[tuple[str, str], Override]  # by student and exercise

Index("entry_once", Entry.run_id, Entry.student, unique=True)


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

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise GraderError(f"{self.path}: {explained(error.orig)}") from None


def explained(error: object) -> str:
    """What an error of SQLite means for a mentor, and what to do."""
    name = getattr(error, "sqlite_errorname", "")
    for begins, words in TROUBLE.items():
        if name.startswith(begins):
            return words
    return f"the gradebook cannot be used: {error}. Nothing in it was changed."


def _settle(connection: Any, _: object) -> None:
    """Readers do not wait for the writer, and a killed run leaves a sound file."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")


def stored(report: Report, key: str, run_id: int, student: str, seconds: float) -> Work:
    """A report as a row with its checks."""
    result = report.result
    checks = [_check(exercise.name, check) for exercise in result.exercises for check in exercise.checks]
    return Work(
        key=key,
        run_id=run_id,
        student=student,
        score=result.score,
        max_score=result.max_score,
        seconds=seconds,
        report=msgspec.json.encode(report).decode(),
        checks=checks,
    )


def batched(values: Iterable[str], most: int) -> Iterator[list[str]]:
    """The values in lists of at most so many, as Python 3.12 has it."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def _check(exercise: str, check: CheckResult) -> Check:
    return Check(
        exercise=exercise,
        name=check.id,
        verdict=str(check.verdict),
        points=check.points,
        max_points=check.max_points,
        message=check.message,
        where=check.where,
        next=check.next,
    )


def now() -> datetime:
    """The present time, in UTC and without a zone, as SQLite keeps it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def last_runs(session: Session, lesson: str | None = None, count: int = 2) -> list[Run]:
    """The latest runs, the latest first."""
    query = select(Run).order_by(Run.id.desc()).limit(count)
    return list(session.scalars(query.where(Run.lesson == lesson) if lesson else query))


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


def row(entry: Entry, given: Overrides) -> Graded:
    """A student with what counts, as the formats of reports take it."""
    report = entry.work.full if entry.work else None
    own = {exercise: one for (student, exercise), one in given.items() if student == entry.student and report}
    by_hand = {exercise: graded.Override(one.points, one.comment) for exercise, one in own.items()}
    return Graded(student=entry.student, name=entry.name, report=report, overrides=by_hand)
