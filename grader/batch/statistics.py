"""What a run says about a class and about the lesson: who got how much, and which check most do not pass."""

import statistics
from collections import Counter

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader import messages
from grader.batch import gradebook
from grader.batch.gradebook import Overrides
from grader.batch.tables import Check, Entry, Run
from grader.model import ExerciseResult, Verdict
from grader.reports import graded
from grader.reports.text import count, line, safe

BINS = 10  # of the distribution; the last one holds the full score, too
MOST = 5  # lines of each list
NOT_HARD = (Verdict.PASSED, Verdict.NOT_STARTED, Verdict.ERROR)
LONGEST = 300  # bytes of what a check said
BROKEN = "Checks that broke: they gave no points, which is no student's fault:"
MEND = "Next: mend them, and run the same grader batch again."


class Failing(msgspec.Struct, frozen=True):
    """A check, and how many of those who began its exercise did not pass it."""

    check: str
    failed: int
    begun: int


class Statistics(msgspec.Struct, frozen=True):
    """`scores` are percents of the lesson's points; `bins` count them by tens, and `messages` the students."""

    students: int
    graded: int
    scores: tuple[float, ...]
    bins: tuple[int, ...]
    failing: tuple[Failing, ...]
    messages: tuple[tuple[str, int], ...]
    slowest: tuple[tuple[str, float], ...]
    tampered: tuple[str, ...]
    overridden: int

    @property
    def median(self) -> float:
        """The median of the scores, in percent."""
        return statistics.median(self.scores) if self.scores else 0.0


def of(run: Run, overrides: Overrides) -> Statistics:
    """The statistics of a run."""
    reports = {entry.student: gradebook.row(entry, overrides).final() for entry in run.entries}
    scores, begun, failed, said, tampered = [], Counter[str](), Counter[str](), Counter[str](), set()
    by_hand = 0
    for student, report in reports.items():
        if report is None:
            continue
        scores.append(100 * report.result.score / max(report.result.max_score, 1))
        by_hand += len(graded.changes(report))
        told: dict[str, None] = {}  # in the order of the checks
        for exercise in report.result.exercises:
            has_begun = _begun(exercise)
            for check in exercise.checks:
                name = f"{exercise.name} {check.id}"
                begun[name] += has_begun
                failed[name] += has_begun and check.verdict not in NOT_HARD
                told |= {check.message: None} if check.message and check.verdict is not Verdict.ERROR else {}
                tampered |= {student} if check.verdict is Verdict.TAMPERED else set()
        said.update(told.keys())
    bins = Counter(min(int(one * BINS / 100), BINS - 1) for one in scores)
    failing = [Failing(name, count, begun[name]) for name, count in failed.most_common(MOST) if count]
    times = [(entry.student, entry.work.seconds) for entry in run.entries if entry.work]
    slowest = sorted(times, key=lambda one: -one[1])
    return Statistics(
        students=len(run.entries),
        graded=len(scores),
        scores=tuple(scores),
        bins=tuple(bins[number] for number in range(BINS)),
        failing=tuple(failing),
        messages=tuple(said.most_common(MOST)),
        slowest=tuple(slowest[:MOST]),
        tampered=tuple(sorted(tampered)),
        overridden=by_hand,
    )


def _begun(exercise: ExerciseResult) -> bool:
    """Whether a student worked on an exercise: neither the stub as it was, nor no file at all."""
    absent = messages.NO_FILE.format(file=f"{exercise.name}.py").removesuffix(".")
    is_absent = any(check.message.startswith(absent) for check in exercise.checks)
    return exercise.verdict is not Verdict.NOT_STARTED and not is_absent


def broken(session: Session, run: Run) -> list[str]:
    """For a mentor's terminal: the checks of a run that ended in an error of their own, and what they said."""
    students = func.count(Entry.id)
    query = (
        select(Check.exercise, Check.name, students, func.min(Check.message))
        .join(Entry, Entry.work_id == Check.work_id)
        .where(Entry.run_id == run.id, Check.verdict == Verdict.ERROR)
        .group_by(Check.exercise, Check.name)
        .order_by(students.desc(), Check.exercise, Check.name)
    )
    prefix = messages.OURS.format(what="")
    told = [
        f"  {exercise} {name} ({count(number, 'student')}): {line(message.removeprefix(prefix), LONGEST)}"
        for exercise, name, number, message in session.execute(query)
    ]
    return [BROKEN, *told, MEND] if told else []


def lines(found: Statistics) -> list[str]:
    """The statistics for a terminal."""
    most = max(*found.bins, 1)
    told = [f"{found.graded} of {count(found.students, 'student')} graded; median {found.median:.0f} %"]
    for tens, number in enumerate(found.bins):
        told.append(
            f"  {tens * 10:3} to {tens * 10 + 10:3} %  {'#' * round(40 * number / most)} {number or ''}".rstrip()
        )
    told += ["Checks that most do not pass:"] * bool(found.failing)
    told += [f"  {one.check}: {one.failed} of {one.begun} who began" for one in found.failing]
    told += ["The commonest messages:"] * bool(found.messages)
    told += [f"  {count(number, 'student')}: {safe(text)}" for text, number in found.messages]
    told += ["The slowest:"] * bool(found.slowest)
    told += [f"  {safe(student)}: {seconds:.2f} s" for student, seconds in found.slowest]
    told += [f"Tampered: {', '.join(map(safe, found.tampered))}"] * bool(found.tampered)
    return told + [f"Points given by hand: {found.overridden}"] * bool(found.overridden)
