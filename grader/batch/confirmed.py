"""Verdicts that count: what may come from outside of a submission is graded once more, alone."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing

from grader.batch.pool import Judge, Pool
from grader.batch.tasks import Graded, Task
from grader.model import Report, Verdict

ALONE = (Verdict.TIMEOUT, Verdict.MEMORY)  # may be the fault of the neighbours: confirmed with nobody beside
BROKEN = (Verdict.CRASHED, Verdict.ERROR)  # somebody may have killed a cell, as a system short of memory does


def confirmed(start: Callable[[], Judge], tasks: Iterable[Task], jobs: int) -> Generator[Graded]:
    """What came of each task, graded side by side; as in Pool. To leave the loop ends all judges."""
    left, before = {task.name: task for task in tasks}, dict[str, Report]()
    while left:
        again = {}
        with closing(Pool(start, left.values(), min(jobs, len(left))).graded()) as found:
            for graded in found:
                if graded.report and doubtful(graded.report, before.get(graded.name), jobs):
                    before[graded.name] = graded.report
                    again[graded.name] = left[graded.name]
                else:
                    yield graded
        left, jobs = again, 1


def doubtful(report: Report, earlier: Report | None, jobs: int) -> bool:
    """Whether to grade a submission again: beside others, or where a process ended that did not end before."""
    if earlier is None:
        return bool(_found(report, BROKEN + (ALONE if jobs > 1 else ())))
    return not _found(report, BROKEN) <= _found(earlier, BROKEN)


def _found(report: Report, verdicts: tuple[Verdict, ...]) -> set[tuple[str, str]]:
    """The checks of a report with one of these verdicts."""
    exercises = report.result.exercises
    return {(one.name, check.id) for one in exercises for check in one.checks if check.verdict in verdicts}
