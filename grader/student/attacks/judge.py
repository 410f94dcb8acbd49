"""The judge under attack, a process of its own: all attacks and twins one after the other, each watched."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pytest

from grader import settings
from grader.judge.fixtures import RUN
from grader.judge.many import Submitted, grade
from grader.model import Report
from grader.reports import terminal
from grader.student.attacks import shown
from grader.student.attacks.cases import Case, cases, submit
from grader.student.attacks.host import Host

LESSON = "lesson1"
MEMORY = 300  # megabytes that the judge may hold, whatever is handed in


class Outcome(msgspec.Struct, frozen=True):
    """What became of a case: empty `problems` where all is as promised. `output` is all that is shown."""

    name: str
    tier: int
    problems: tuple[str, ...]
    output: str


class Watch:
    """Notes each outcome as it comes. pytest's hooks tell what code printed."""

    def __init__(self, host: Host, found: list[Case], out: BinaryIO) -> None:
        self._host = host
        self._cases = {case.name: case for case in found}
        self._out = out
        self._printed: dict[tuple[str, str], str] = {}

    def submissions(self, found: list[Case]) -> Iterator[Submitted]:
        """Each case's submission, written when its turn has come."""
        for number, case in enumerate(found):
            folder = self._host.submissions / f"{case.number}-{case.path.stem}-{number}"
            submit(case, folder, self._host.names)
            yield Submitted(case.name, folder, frozenset([case.exercise]))

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Keep what the graded code printed."""
        self._printed = {key: finding.printed for key, finding in item.config.stash[RUN].findings.items()}

    def note(self, submitted: Submitted, report: Report) -> None:
        """Compare a report, and the host, with what is promised."""
        case = self._cases[submitted.name]
        view = terminal.View(
            folder="", command=f"pytest assignments/{LESSON}", verbose=True, printed=self._printed
        )
        lines = [line.text for line in terminal.summary(report, view)]
        problems = (*graded(case, report), *self._host.changes(), *shown.problems(report, view))
        problems += tuple(f"the judge took {taken} MB" for taken in [memory()] if taken > MEMORY)
        output = "\n".join([*lines, msgspec.json.encode(report).decode(), *self._printed.values()])
        if self._host.key in output:
            problems += ("the key in the source is in the output",)
        self._out.write(msgspec.json.encode(Outcome(case.name, report.environment.tier, problems, output)) + b"\n")
        self._out.flush()


def graded(case: Case, report: Report) -> Iterator[str]:
    """Where verdict and points differ from the promised ones."""
    (exercise,) = report.result.exercises
    points = exercise.max_score if case.points is None else case.points
    if exercise.score != points:
        yield f"{exercise.score} points, not {points}: {exercise.verdict}{said(exercise)}"
    elif exercise.verdict not in case.verdicts:
        yield f"{exercise.verdict}, not {' or '.join(case.verdicts)}{said(exercise)}"


def said(exercise: Any) -> str:
    """The first message of an exercise."""
    message = next((check.message for check in exercise.checks if check.message), "")
    return f" ({message[:200]})" if message else ""


def memory() -> int:
    """The most megabytes of memory that this process ever held; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10


def main() -> None:
    """Run the cases of the project ROOT in the folder WORK at a tier; outcomes go to a file, line by line."""
    root, work, out, tier, *chosen = sys.argv[1:]
    key = settings.api_key(Path(work))
    found = [
        case
        for case in cases(Path(root))
        if not (case.harmful and int(tier) < case.holds_from) and (not chosen or case.number in chosen)
    ]
    with Host(Path(root), Path(work), key.value) as host, Path(out).open("wb") as file:
        for seconds in sorted({case.seconds for case in found}):
            part = [case for case in found if case.seconds == seconds]
            watch = Watch(host, part, file)
            options = ["-o", f"isolation={tier}", *([] if not seconds else ["-o", f"call_seconds={seconds}"])]
            grade(host.project, LESSON, watch.submissions(part), watch.note, options=options, plugins=[watch])


if __name__ == "__main__":
    main()
