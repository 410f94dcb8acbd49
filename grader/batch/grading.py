"""A run over many submissions: only what is new or changed is graded, and what is graded is written at once."""

import hashlib
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from grader.batch import feedback, gradebook, tables
from grader.batch.confirmed import confirmed
from grader.batch.feedback import Feedback
from grader.batch.gradebook import Gradebook, Known
from grader.batch.intake import Intake
from grader.batch.pool import Judge
from grader.batch.tables import Entry, Run, Work
from grader.batch.tasks import Graded, Task
from grader.course.hashes import LessonHashes, digest
from grader.course.hidden import HiddenFolder
from grader.course.lessons import Course
from grader.model import Environment, Report

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = ("openai", "pytest", "hypothesis")


class HandedIn(msgspec.Struct, frozen=True):
    """A student and the folder that holds their exercise files; None where nothing can be graded.

    `notes` say what was left out and why, or why there is nothing. `beside` are names of files that were left.
    """

    student: str
    name: str
    source: str
    folder: Path | None
    notes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    digest: str = ""  # of the folder's files, where it is known
    unread: dict[str, tuple[str, str]] = {}  # exercise files that could not be read, as in Task
    email: str = ""


class Plan(msgspec.Struct, frozen=True):
    """How to grade: judges side by side, pytest's options for them, and what to do again though it is known."""

    jobs: int
    options: tuple[str, ...] = ()
    hidden: Path | None = None  # a folder of hidden checks
    fresh: bool = False
    only: str = ""  # an exercise


class Step(msgspec.Struct, frozen=True):
    """One submission is done. `reused` means that it was known; without `score` it could not be graded.

    `read` gives its report: thousands of known ones do not fit into memory.
    """

    student: str
    score: int | None = None
    max_score: int = 0
    reused: bool = False
    error: str = ""
    read: Callable[[], Report | None] = lambda: None

    @property
    def report(self) -> Report | None:
        """The report; None where it could not be graded."""
        return self.read()


class Grading:
    """One run of `grader batch`."""

    def __init__(self, course: Course, lesson: str, book: Gradebook, plan: Plan) -> None:
        self._course = course
        self._name = lesson
        self._lesson = course.lesson(lesson)
        self._book = book
        self._plan = plan
        self._options = plan.options
        hidden = HiddenFolder(plan.hidden, course, self._lesson) if plan.hidden else None
        if hidden:
            self._options += (f"--hidden={hidden.folder}",)
        self._decisive = decisive() | {"the hidden checks": hidden.digest if hidden else ""}
        self._hashes = LessonHashes(course, lesson, self._lesson)
        self._keys: dict[str, str] = {}  # of the work that each student handed in
        self._known: dict[str, Known] = {}  # what of it was graded before
        self._run = 0

    def is_known(self, student: str, digest: str, beside: tuple[str, ...]) -> bool:
        """Whether a submission need not be graded, so that its files need not be written."""
        return not (self._plan.fresh or self._plan.only) and (student, self._key(digest, beside)) in self._works

    @cached_property
    def _works(self) -> set[tuple[str, str]]:
        """The students and keys of all that was graded."""
        with self._book.session() as session:
            return {(student, key) for student, key in session.execute(select(Work.student, Work.key))}

    def steps(self, handed_in: Iterable[HandedIn]) -> Generator[Step]:
        """Grade, a step for each student who handed in something. To leave the loop loses nothing graded."""
        students = sorted(handed_in, key=lambda one: one.student)
        self._enter(students)
        tasks = []
        for one in students:
            work = self._known.get(one.student)
            if work and not self._again(one):
                yield Step(one.student, work.score, work.max_score, reused=True, read=partial(self._read, work.id))
            elif one.folder:
                only = (self._plan.only,) if work and self._only() else None
                tasks.append(Task(one.student, str(one.folder), only, one.beside, one.unread))
        yield from self._graded(tasks)
        with self._book.session() as session:
            session.get_one(Run, self._run).ended = gradebook.now()

    def _enter(self, students: list[HandedIn]) -> None:
        """Write an entry for each student, with the work that counts until theirs is graded, and their files."""
        self._keys = {one.student: self._key_of(one.folder, one) for one in students if one.folder}
        with self._book.session() as session:
            run = Run(lesson=self._name, begun=gradebook.now(), facts=self._decisive)
            session.add(run)
            session.flush()
            self._run = run.id
            self._known = gradebook.known(session, self._keys)
            pending = self._keys.keys() - self._known.keys()
            works = gradebook.standing(session, self._name, pending)
            works |= {student: work.id for student, work in self._known.items()}
            rows = [_row(one, run.id, works.get(one.student)) for one in students]
            if rows:
                session.execute(insert(Entry), rows)
            settled = [one for one in students if one.student in works or one.student not in pending]
            self._mend(session, settled, works)

    def _mend(self, session: Session, students: list[HandedIn], works: dict[str, int]) -> None:
        """Write the files of these students where they are missing, or were made from something else."""
        self._feedback = Feedback(self._book.path.parent, self._name, session)
        stale = [
            one.student
            for one in students
            if not self._feedback.is_written(
                one.student, one.name, works.get(one.student), feedback.told(one.source, one.notes)
            )
        ]
        for some in gradebook.batched(stale, gradebook.MOST_AT_ONCE):
            query = select(Entry).where(Entry.run_id == self._run, Entry.student.in_(some))
            for entry in session.scalars(query):
                self._feedback.write(session, entry)

    def _read(self, work: int) -> Report:
        with self._book.session() as session:
            return session.get_one(Work, work).full

    def _only(self) -> bool:
        return bool(self._plan.only) and not self._plan.fresh

    def _again(self, one: HandedIn) -> bool:
        return bool(one.folder) and (self._plan.fresh or self._only())

    def _graded(self, tasks: list[Task]) -> Iterator[Step]:
        start = partial(Judge, self._course.root, self._name, self._options)
        with closing(confirmed(start, tasks, self._plan.jobs)) as found:
            for graded in found:
                yield self._write(graded)

    def _write(self, graded: Graded) -> Step:
        """Keep what a judge found."""
        with self._book.session() as session:
            query = select(Entry).where(Entry.run_id == self._run, Entry.student == graded.name)
            entry = session.scalars(query).one()
            if graded.report is None:
                entry.notes = [*entry.notes, f"It could not be graded: {graded.error}."]
                entry.work = None
                self._feedback.take_away(session, graded.name)
                return Step(graded.name, error=graded.error)
            partly = self._only() and graded.name in self._known
            report = merged(entry.work.full, graded.report) if entry.work and partly else graded.report
            entry.work = tables.stored(report, self._keys[graded.name], self._run, graded.name, graded.seconds)
            session.flush()
            self._feedback.write(session, entry)
            work = entry.work
            return Step(graded.name, work.score, work.max_score, read=partial(self._read, work.id))

    def _key_of(self, folder: Path, one: HandedIn) -> str:
        return self._key(one.digest or digest(folder.iterdir(), folder), one.beside)

    def _key(self, submission: str, beside: tuple[str, ...]) -> str:
        """The hash of all that decides a submission's report."""
        parts = submission, beside, self._name, self._hashes.checks, self._hashes.cassettes, self._decisive
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def handed_in(found: Intake) -> list[HandedIn]:
    """What the intake found, as it is graded."""
    there = [
        HandedIn(
            student=one.student.id,
            name=one.student.name,
            source=one.source,
            folder=None if one.is_empty else one.folder,
            notes=(
                *((one.why_empty(),) if one.is_empty else one.told()),
                *(("Handed in late",) if one.late else ()),
            ),
            beside=one.beside,
            digest=one.digest,
            unread=one.unread,
            email=one.student.email,
        )
        for one in found.submissions
    ]
    nothing = ("Handed in nothing",)
    return there + [HandedIn(one.id, one.name, "", None, nothing, email=one.email) for one in found.missing]


def _row(one: HandedIn, run: int, work: int | None) -> dict[str, Any]:
    """The entry of a student in a run."""
    words = {"student": one.student, "name": one.name, "email": one.email, "source": one.source}
    return words | {"notes": list(one.notes), "run_id": run, "work_id": work}


def decisive() -> dict[str, str]:
    """What decides results beside the files of lesson and submission: the grader itself and its libraries."""
    versions = {name: version(name) for name in LIBRARIES}
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"grader": digest(PACKAGE.rglob("*.py"), PACKAGE), "python": python} | versions


def merged(before: Report, part: Report) -> Report:
    """An earlier report in which some exercises were graded again."""
    again = {exercise.name: exercise for exercise in part.result.exercises}
    exercises = tuple(again.get(exercise.name, exercise) for exercise in before.result.exercises)
    result = msgspec.structs.replace(
        before.result,
        exercises=exercises,
        score=sum(exercise.score for exercise in exercises),
        max_score=sum(exercise.max_score for exercise in exercises),
        hashes=part.result.hashes,
    )
    return Report(result=result, environment=_both(before.environment, part.environment, set(again)))


def _both(before: Environment, part: Environment, again: set[str]) -> Environment:
    """How both came about: the lower tier counts, and the evidence about what was graded again is the new one.

    The exchanges are those of the whole lesson: what they were does not depend on how often it is graded.
    """
    others = [told for told in before.evidence if told.partition("::")[0] not in again]
    lower = min(before, part, key=lambda one: one.tier)
    return msgspec.structs.replace(
        before,
        tier=lower.tier,
        missing=lower.missing,
        seconds=round(before.seconds + part.seconds, 3),
        notes=part.notes,
        versions=part.versions,
        evidence=(*others, *part.evidence),
    )
