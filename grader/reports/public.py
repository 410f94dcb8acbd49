"""What students may read of a report: of hidden checks only their points, and the hints that the author wrote.

`formats.one` applies this before each renderer of a report about one student. What is for mentors (the gradebook,
its statistics, the class's table) shows all. The JSON of `--report` keeps the evidence of tampering; what
is handed to a student is `without_evidence`.
"""

from typing import Any

import msgspec
from msgspec import UNSET

from grader import messages
from grader.model import CheckResult, ExerciseResult, Report, Verdict, worst
from grader.reports.text import short

HIDDEN = "hidden"  # the id of the one entry that stands for all hidden checks of an exercise


def public(report: Report) -> Report:
    """The report without the names, values and messages of what is hidden; the points are the same."""
    hidden = {
        f"{exercise.name}::{check.id}"
        for exercise in report.result.exercises
        for check in exercise.checks
        if check.hidden
    }
    if not hidden:
        return report
    exercises = tuple(_exercise(exercise) for exercise in report.result.exercises)
    evidence = tuple(told for told in report.environment.evidence if told.partition(": ")[0] not in hidden)
    return Report(
        result=msgspec.structs.replace(report.result, exercises=exercises),
        environment=msgspec.structs.replace(report.environment, evidence=evidence),
    )


def without_evidence(report: Report) -> Report:
    """The report without the evidence of tampering, for what a student is handed; the verdict stays."""
    return msgspec.structs.replace(report, environment=msgspec.structs.replace(report.environment, evidence=()))


def _exercise(exercise: ExerciseResult) -> ExerciseResult:
    checks = [_own(exercise, check) for check in exercise.checks if check.of_lesson]
    hidden = [check for check in exercise.checks if not check.of_lesson]
    if hidden:
        checks.append(_together(exercise, hidden))
    verdict = worst([check.verdict for check in checks])
    return msgspec.structs.replace(exercise, checks=tuple(checks), verdict=verdict)


def _own(exercise: ExerciseResult, check: CheckResult) -> CheckResult:
    """A check of the lesson; where it failed with a hidden take, a sentence that tells nothing of it."""
    if check.hidden is UNSET:
        return check
    told = _told(check.verdict, exercise, messages.HIDDEN_TAKE, messages.NEXT_HIDDEN_TAKE)
    return msgspec.structs.replace(check, where="", hidden=UNSET, **told)


def _together(exercise: ExerciseResult, hidden: list[CheckResult]) -> CheckResult:
    """The hidden checks of an exercise as one, with the hints of those that did not pass."""
    score, most = sum(check.points for check in hidden), sum(check.max_points for check in hidden)
    hints = dict.fromkeys(
        one.hidden.hint for one in hidden if one.hidden and one.hidden.hint and one.verdict is not Verdict.PASSED
    )
    points = messages.HIDDEN_POINTS.format(score=score, most=most)
    told = _told(worst([check.verdict for check in hidden]), exercise, points, " ".join(hints))
    return CheckResult(id=HIDDEN, title=messages.HIDDEN, points=score, max_points=most, **told)


def _told(verdict: Verdict, exercise: ExerciseResult, message: str, step: str) -> dict[str, Any]:
    """Verdict, message and next step of what is hidden."""
    if verdict in (Verdict.PASSED, Verdict.NOT_STARTED):
        return {"verdict": verdict, "message": "", "next": ""}
    if verdict is Verdict.ERROR:
        message, step = messages.OURS.format(what=messages.HIDDEN_FAULT), messages.NEXT_TELL
    else:
        verdict = Verdict.FAILED
    return {
        "verdict": verdict,
        "message": message,
        "next": step or messages.NEXT_TASK.format(exercise=short(exercise.name)),
    }
