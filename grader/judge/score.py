"""From findings to a result: points are counted against the lesson's list of checks, never against what ran."""

import msgspec
from msgspec import UNSET

from grader import messages
from grader.course.lessons import Exercise, Lesson
from grader.judge.outcomes import ours
from grader.model import CheckResult, ExerciseResult, Finding, Hashes, Hidden, Result, Verdict, worst


class Planned(msgspec.Struct, frozen=True):
    """A check that was collected: its exercise, id, title and points, and what hides it."""

    exercise: str
    id: str
    title: str
    points: int
    hidden: Hidden | None = None


def exercise_result(
    exercise: Exercise, planned: list[Planned], findings: dict[tuple[str, str], Finding], faults: list[str]
) -> ExerciseResult:
    """One exercise. A check without a finding (skipped, never run) is an `error`; so is a broken checks file."""
    checks = [_check(one, findings.get((one.exercise, one.id)), exercise) for one in planned]
    for fault in faults:
        missing = Planned(exercise.name, "checks", messages.READABLE, exercise.points)
        checks.append(_check(missing, ours(fault), exercise))
    return ExerciseResult(
        name=exercise.name,
        title=exercise.title,
        verdict=worst([check.verdict for check in checks]),
        score=sum(check.points for check in checks),
        max_score=sum(check.max_points for check in checks),
        checks=tuple(checks),
    )


def result(name: str, lesson: Lesson, exercises: list[ExerciseResult], hashes: Hashes) -> Result:
    """The whole result, in the lesson's order."""
    return Result(
        lesson=name,
        whole_lesson=sum(check.max_points for one in exercises for check in one.checks if check.of_lesson)
        == sum(exercise.points for exercise in lesson.exercise),
        score=sum(exercise.score for exercise in exercises),
        max_score=sum(exercise.max_score for exercise in exercises),
        exercises=tuple(exercises),
        hashes=hashes,
    )


def _check(planned: Planned, finding: Finding | None, exercise: Exercise) -> CheckResult:
    finding = finding or ours("a check did not run")
    failed = finding.verdict not in (Verdict.PASSED, Verdict.NOT_STARTED)
    of_take = Hidden(what="take", take=finding.take) if finding.take else UNSET
    hidden = msgspec.structs.replace(planned.hidden, take=finding.take) if planned.hidden else of_take
    return CheckResult(
        id=planned.id,
        title=planned.title,
        verdict=finding.verdict,
        points=planned.points if finding.verdict is Verdict.PASSED else 0,
        max_points=planned.points,
        message=finding.message if failed else "",
        where=finding.where if failed else "",
        next=(finding.next or messages.NEXT_TASK.format(exercise=exercise.short)) if failed else "",
        hidden=hidden,
    )
