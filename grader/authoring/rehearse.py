"""Grades submissions in a process of its own: `python -m grader.authoring.rehearse`, a job in, reports out.

vcrpy's patches and the refusal of all network concern a whole process; this one does nothing else.
"""

import sys
from pathlib import Path

import msgspec

from grader.authoring.tape import Tape
from grader.cell.interception import refuse_network
from grader.errors import GraderError
from grader.judge import many
from grader.judge.many import Submitted
from grader.model import Report

WRONG = 2


class Job(msgspec.Struct, frozen=True):
    """Submissions of an exercise, by name and folder. `tapes` is a folder; without one there is no network."""

    root: str
    lesson: str
    exercise: str
    submissions: list[tuple[str, str]]
    options: list[str] = []
    tapes: str | None = None


class Reported(msgspec.Struct, frozen=True):
    """The report about a submission."""

    name: str
    report: Report


def run(job: Job) -> list[Reported]:
    """Grade them all with one judge. Raises GraderError."""
    reported: list[Reported] = []
    if job.tapes is None:
        refuse_network(lambda _host: None)
    many.grade(
        Path(job.root),
        job.lesson,
        [Submitted(name, Path(folder), frozenset([job.exercise])) for name, folder in job.submissions],
        lambda submitted, report: reported.append(Reported(submitted.name, report)),
        options=job.options,
        plugins=[Tape(Path(job.tapes))] if job.tapes else [],
    )
    return reported


def main() -> int:
    """Read a job from standard input, and write the reports to standard output, both as JSON."""
    try:
        reported = run(msgspec.json.decode(sys.stdin.buffer.read(), type=Job))
    except GraderError as error:
        sys.stderr.write(str(error))
        return WRONG
    sys.stdout.buffer.write(msgspec.json.encode(reported))
    return 0


if __name__ == "__main__":
    sys.exit(main())
