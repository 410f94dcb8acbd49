"""A student with their report, and the points that a mentor gave by hand, as formats about many need it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from grader import messages
from grader.errors import GraderError
from grader.model import CheckResult, ExerciseResult, Report, Verdict
from grader.reports.text import short
from grader.reports.translation import Translator

OVERRIDE: Final = "override"  # the id of the entry that stands for what a mentor changed


class Override(msgspec.Struct, frozen=True):
    """The points that a mentor gave to an exercise, in the place of its own, and why."""

    points: int
    comment: str = ""


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """A student's id, name and address, their report (None: nothing was graded), and overrides by exercise.

    `notes` are what the mentor was told when the work was taken in: what was not read, why there is nothing.
    `canvas_id` is the student's number in Canvas, where the work was downloaded there.
    """

    student: str
    name: str = ""
    email: str = ""
    report: Report | None
    overrides: Mapping[str, Override] = {}
    notes: tuple[str, ...] = ()
    canvas_id: str = ""

    def final(self) -> Report | None:
        """The report with the overrides in it. Raises GraderError for one that no exercise of the report takes."""
        if self.report is None:
            if self.overrides:
                raise GraderError(f"{self.student}: points were changed by hand, but nothing was graded.")
            return None
        try:
            return overridden(self.report, self.overrides)
        except KeyError as error:
            raise GraderError(
                f"{self.student}: points of {error} were changed by hand; it was not graded."
            ) from None


class Unmatched(StrEnum):
    """What to do about an assignment that the gradebook may not have."""

    REFUSE = "refuse"
    CREATE = "create"


class Column(msgspec.Struct, frozen=True):
    """The assignment in a gradebook that gets the scores.

    `id` is its number in the gradebook; `template` is an export of the gradebook, with its students.
    """

    title: str
    id: int | None = None
    unmatched: Unmatched = Unmatched.REFUSE
    template: bytes | None = None


def overridden(report: Report, overrides: Mapping[str, Override]) -> Report:
    """The report in which each changed exercise has one more entry, worth the difference, so that all sums hold.

    Raises KeyError for an exercise that the report does not have.
    """
    result = report.result
    unknown = set(overrides) - {exercise.name for exercise in result.exercises}
    if unknown:
        raise KeyError(min(unknown))
    exercises = tuple(
        _changed(exercise, overrides[exercise.name]) if exercise.name in overrides else exercise
        for exercise in result.exercises
    )
    score = sum(exercise.score for exercise in exercises)
    return msgspec.structs.replace(
        report, result=msgspec.structs.replace(result, exercises=exercises, score=score)
    )


def changes(report: Report) -> list[tuple[ExerciseResult, CheckResult]]:
    """The entries that stand for what a mentor changed."""
    return [(one, check) for one in report.result.exercises for check in one.checks if check.id == OVERRIDE]


def told(report: Report, language: Translator) -> list[str]:
    """A line for each exercise whose points a mentor changed; the format makes it safe."""
    return [
        f"{short(one.name)}: {language.sentence(check.title)} ({check.points:+})" for one, check in changes(report)
    ]


def _changed(exercise: ExerciseResult, override: Override) -> ExerciseResult:
    because = messages.OVERRIDDEN_BECAUSE.format(comment=override.comment)
    entry = CheckResult(
        id=OVERRIDE,
        title=because if override.comment else messages.OVERRIDDEN,
        verdict=Verdict.PASSED,
        points=override.points - exercise.score,
        max_points=0,
    )
    return msgspec.structs.replace(exercise, score=override.points, checks=(*exercise.checks, entry))
