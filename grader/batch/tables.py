"""The tables of the gradebook: runs, students in them, graded work with its checks, and what mentors overrode."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from grader.model import CheckResult, Report

SCHEMA = 2


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
    email: Mapped[str]
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
    lesson: Mapped[str] = mapped_column(primary_key=True)
    made_from: Mapped[str]
    stamp: Mapped[str]


Index("entry_once", Entry.run_id, Entry.student, unique=True)


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
