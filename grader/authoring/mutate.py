"""Proof that a lesson's checks notice small mistakes: each solution is changed a little, and must lose points."""

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from grader.authoring.mutants import Mutant, mutants
from grader.authoring.stored import Stored
from grader.authoring.verify import Problem
from grader.course.lessons import Course, Equivalent, Exercise
from grader.errors import GraderError
from grader.judge import many
from grader.judge.fixtures import RUN
from grader.judge.many import Submitted
from grader.model import Report, Verdict, worst

# A mutant may run forever, and a time-out is waited for twice. This is a hundred times what the slowest call of
# lesson 1's solutions takes (18 ms), and every solution is graded with this limit first.
CALL_SECONDS = 2
ENOUGH = 95  # percent of a lesson's mutants
KEEPS = (Verdict.PASSED, Verdict.ERROR)  # a check that breaks has noticed nothing


class Judged(msgspec.Struct, frozen=True):
    """A mutant of an exercise's solution, and what became of it."""

    exercise: Exercise
    mutant: Mutant
    verdict: Verdict

    @property
    def survives(self) -> bool:
        """Whether no check noticed it."""
        return self.verdict in KEEPS


class Outcome(msgspec.Struct, frozen=True):
    """What is to mend, and a line about all mutants."""

    problems: list[Problem]
    summary: str


def mutate(course: Course, lesson: str, names: Sequence[str], work: Path) -> Outcome:
    """Judge all mutants of a lesson, or of its exercises of these names. `work` is an empty folder.

    The share of ENOUGH is asked of a whole lesson only: an exercise may have few mutants. Raises GraderError,
    also where a solution itself has not all points.
    """
    begun = time.monotonic()
    exercises = course.chosen(lesson, names)
    judged = _judged(course, lesson, exercises, work)
    excused, problems = _weighed(lesson, exercises, judged)
    survivors = sum(one.survives for one in judged)
    killed, share = len(judged) - survivors, 100 * (1 - survivors / max(len(judged), 1))
    if share < ENOUGH and not names:
        what = f"{share:.1f} % of the mutants lose points, and at least {ENOUGH} % must"
        problems.append(Problem(lesson, what, "improve the checks"))
    slow = sum(one.verdict is Verdict.TIMEOUT for one in judged)
    empty = [one.name for one in exercises if all(one is not each.exercise for each in judged)]
    summary = (
        f"{lesson}: {len(judged)} mutants, {killed} killed ({share:.1f} %; {slow} by a time-out), "
        f"{excused} equivalent, {survivors - excused} survivors; {time.monotonic() - begun:.1f} s"
    )
    return Outcome(problems, summary + (f"; nothing to change in {', '.join(empty)}" if empty else ""))


def _judged(course: Course, lesson: str, exercises: Sequence[Exercise], work: Path) -> list[Judged]:
    """Grade the solutions, and then each mutant until it loses a point."""
    answers = Stored(course.root, lesson)
    submissions = [Submitted(one.name, answers.solutions, frozenset([one.name])) for one in exercises]
    made: dict[str, tuple[Exercise, Mutant]] = {}
    for exercise in exercises:
        path = answers.solution(exercise)
        for number, mutant in enumerate(mutants(path, path.relative_to(course.root).as_posix())):
            folder = work / exercise.name / str(number)
            folder.mkdir(parents=True)
            (folder / exercise.file).write_text(mutant.source, "utf-8")
            submissions.append(Submitted(str(folder), folder, frozenset([exercise.name])))
            made[str(folder)] = exercise, mutant
    verdicts: dict[str, Verdict] = {}

    def note(submitted: Submitted, report: Report) -> None:
        verdicts[submitted.name] = _verdict(report)

    options = ["-o", f"call_seconds={CALL_SECONDS}"]
    many.grade(course.root, lesson, submissions, note, options=options, plugins=[FirstLoss()])
    for exercise in exercises:
        if verdicts[exercise.name] is not Verdict.PASSED:
            raise GraderError(f"{exercise.name}: its solution has not all points. Next: grader verify {lesson}")
    return [Judged(exercise, mutant, verdicts[name]) for name, (exercise, mutant) in made.items()]


class FirstLoss:
    """A pytest plugin: what has lost a point is not judged further."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out the checks behind the one that noticed something."""
        if any(finding.verdict not in KEEPS for finding in item.config.stash[RUN].findings.values()):
            pytest.skip("a point is lost")


def _verdict(report: Report) -> Verdict:
    """The verdict of the check that noticed something, else that of all checks."""
    verdicts = [check.verdict for exercise in report.result.exercises for check in exercise.checks]
    return next((verdict for verdict in verdicts if verdict not in KEEPS), worst(verdicts))


def _weighed(lesson: str, exercises: Sequence[Exercise], judged: list[Judged]) -> tuple[int, list[Problem]]:
    """How many survivors lesson.toml excuses, and the problems: other survivors, and entries without one.

    An entry excuses one mutant; the same change in two places wants two of them.
    """
    excused, problems = 0, []
    for exercise in exercises:
        entries = list(exercise.equivalent)
        for mutant in [one.mutant for one in judged if one.exercise is exercise and one.survives]:
            entry = next((one for one in entries if (one.old, one.new) == (mutant.old, mutant.new)), None)
            if entry:
                entries.remove(entry)
                excused += 1
            else:
                problems.append(_survivor(lesson, exercise, mutant))
        problems.extend(_stale(lesson, exercise, entry) for entry in entries)
    return excused, problems


def _survivor(lesson: str, exercise: Exercise, mutant: Mutant) -> Problem:
    where = f"tests/solutions/{lesson}/{exercise.file}:{mutant.line}"
    mend = f"let {exercise.checks_file} notice it; or say in lesson.toml, [[exercise.equivalent]], why it is right"
    return Problem(where, f"no check notices `{mutant.old}` -> `{mutant.new}`", mend)


def _stale(lesson: str, exercise: Exercise, entry: Equivalent) -> Problem:
    where = f"assignments/{lesson}/lesson.toml"
    what = f"{exercise.name} has no survivor `{entry.old}` -> `{entry.new}`"
    return Problem(where, what, "delete this [[exercise.equivalent]]")
