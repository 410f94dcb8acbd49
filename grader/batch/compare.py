"""What changed between two runs: whose score, by how much, in which checks, and why."""

from collections.abc import Iterable

import msgspec

from grader.batch import gradebook
from grader.batch.gradebook import Overrides
from grader.batch.tables import Entry, Run
from grader.model import CheckResult, ExerciseResult, Report

NOT_HANDED_IN = "nothing was graded"


class Change(msgspec.Struct, frozen=True, order=True):
    """A student's score before and now (None: nothing was graded), the checks that turned, and the reasons."""

    student: str
    before: int | None
    now: int | None
    checks: tuple[str, ...]
    why: tuple[str, ...]

    def __str__(self) -> str:
        scores = " -> ".join("none" if score is None else str(score) for score in (self.before, self.now))
        return f"{self.student}: {scores} ({'; '.join([', '.join(self.why), *self.checks])})"


def changes(before: Run, now: Run, overrides: Overrides) -> list[Change]:
    """One change for each student whose score differs, in the order of their names."""
    old = {entry.student: entry for entry in before.entries}
    new = {entry.student: entry for entry in now.entries}
    found = []
    for student in sorted(old | new):
        one, other = (_final(entries.get(student), overrides) for entries in (old, new))
        scores = [None if report is None else report.result.score for report in (one, other)]
        if scores[0] != scores[1]:
            why = reasons(one, other, before, now)
            found.append(Change(student, scores[0], scores[1], tuple(turned(one, other)), tuple(why)))
    return found


def _final(entry: Entry | None, overrides: Overrides) -> Report | None:
    return gradebook.row(entry, overrides).final() if entry else None


def reasons(one: Report | None, other: Report | None, before: Run, now: Run) -> list[str]:
    """What of all that decides a result differs."""
    if one is None or other is None:
        return ["nothing was graded before" if one is None else "nothing is graded now"]
    parts = {"submission": "the submission", "checks": "the checks", "cassettes": "the cassettes"}
    found = [
        words
        for name, words in parts.items()
        if getattr(one.result.hashes, name) != getattr(other.result.hashes, name)
    ]
    found += [name for name in now.facts if before.facts.get(name) != now.facts[name]]
    return [f"{', '.join(found)} changed"] if found else ["the same files gave another result: tell the authors"]


def turned(one: Report | None, other: Report | None) -> list[str]:
    """The checks whose verdict differs, as `ex03_hello test_reply: passed -> failed`."""
    old, new = _verdicts(one), _verdicts(other)
    return [
        f"{exercise} {check}: {old[exercise, check].verdict} -> {new[exercise, check].verdict}"
        for exercise, check in sorted(old.keys() & new.keys())
        if old[exercise, check].verdict != new[exercise, check].verdict
    ]


def _verdicts(report: Report | None) -> dict[tuple[str, str], CheckResult]:
    exercises: Iterable[ExerciseResult] = report.result.exercises if report else ()
    return {(exercise.name, check.id): check for exercise in exercises for check in exercise.checks}
