"""Feedback as workflow commands, which GitHub shows beside the lines of a pull request.

GitHub shows the first ten errors, warnings and notices of a step, and says nothing of the others. So the most
important ones come first, and the last one says how many there are beyond. A command is one line that begins with
`::`; the values in it are escaped, and text of students outside of commands stands between the lines of `quoted`.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

import msgspec

from grader.model import CheckResult, ExerciseResult, Verdict
from grader.reports.feedback import Entry, Feedback
from grader.reports.terminal import QUIET, alike
from grader.reports.text import explained, line, lines, named, short
from grader.reports.translation import ENGLISH

MOST: Final = 10  # of each level in a step; 50 in a job
TITLE: Final = 200  # bytes
PLACE: Final = re.compile(r"(?P<file>[^:]+):(?P<line>[0-9]{1,9})")
OURS: Final = (Verdict.BLOCKED, Verdict.ERROR)  # nothing that the student could mend


class Level(StrEnum):
    """How GitHub shows an annotation."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What is told at a place. `path` is that of a file in the repository, empty for none; `line` is 0 for none.

    `rank` is 0 for what a student should read first.
    """

    level: Level
    title: str
    message: str
    path: str = ""
    line: int = 0
    rank: int = 0

    def command(self) -> str:
        """The workflow command."""
        facts = {"file": self.path, "line": str(self.line or ""), "title": line(self.title, TITLE)}
        named = ",".join(f"{name}={_property(value)}" for name, value in facts.items() if value)
        return f"::{self.level} {named}::{_data(lines(self.message) or self.title)}"


def render(feedback: Feedback) -> str:
    """A line for each annotation, at most MOST of a level, the most important first."""
    found = sorted(_all(feedback), key=lambda one: one.rank)
    kept = [one for level in Level for one in _fitting([each for each in found if each.level == level])]
    return "".join(f"{one.command()}\n" for one in kept)


def quoted(text: str, token: str) -> str:
    """Text of students, between lines that stop GitHub from looking for commands. Nobody can guess the token."""
    return f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n"


def _all(feedback: Feedback) -> Iterator[Annotation]:
    for note in feedback.notes:
        yield Annotation(level=Level.WARNING, title="Note", message=note)
    for entry in feedback.entries:
        yield from _of(entry)


def _of(entry: Entry) -> Iterator[Annotation]:
    """What is told of a student: how it went, what is missing, each failure."""
    who = f"{entry.name}: " if entry.name else ""
    if entry.report is None:
        told = f"{entry.error}. This is not your code."
        yield Annotation(level=Level.ERROR, title=f"{who}{entry.lesson} was not graded", message=told)
        return
    result = entry.report.result
    score = f"{who}{result.lesson}, {result.score} of {result.max_score} points"
    untouched = [short(one.name) for one in result.exercises if one.verdict is Verdict.NOT_STARTED]
    told = f"Not started: {', '.join(untouched)}." if untouched else "Everything is started."
    yield Annotation(
        level=Level.NOTICE, title=score, message=f"{told}\nThe summary of this run shows all exercises."
    )
    for path in entry.deleted:
        told = f"This pull request takes {path} away. What is not there earns no points."
        yield Annotation(level=Level.WARNING, title=f"{who}a file is gone", message=told, path=path)
    for note in entry.notes:
        yield Annotation(level=Level.WARNING, title=f"{who}not as expected", message=note, rank=1)
    failed = [(nth, one, same) for one in result.exercises for nth, same in enumerate(alike(_failures(one)))]
    for rank, (_, exercise, checks) in enumerate(sorted(failed, key=lambda one: one[0])):
        yield _failure(entry, exercise, checks, rank)


def _failures(exercise: ExerciseResult) -> list[CheckResult]:
    return [check for check in exercise.checks if check.verdict not in QUIET]


def _failure(entry: Entry, exercise: ExerciseResult, checks: list[CheckResult], rank: int) -> Annotation:
    """Failing checks that the same words explain, at their line."""
    check, who = checks[0], f"{entry.name}: " if entry.name else ""
    told, found = explained(check, ENGLISH), PLACE.fullmatch(check.where)
    path = entry.places.get(found["file"] if found else check.where.partition(" ")[0], "")
    more = f"The same words are about {len(checks) - 1} more of its checks." if len(checks) > 1 else ""
    return Annotation(
        level=Level.WARNING if check.verdict in OURS else Level.ERROR,
        title=f"{who}{named(exercise.name, check)}",
        message="\n".join(filter(None, (told.what, "" if path else told.where, told.next, more))),
        path=path or entry.places.get(f"{exercise.name}.py", ""),
        line=int(found["line"]) if found and path else 0,
        rank=rank,
    )


def _fitting(found: list[Annotation]) -> Iterable[Annotation]:
    """The first ones, and how many there are beyond."""
    if len(found) <= MOST:
        return found
    left = len(found) - MOST + 1
    told = (
        f"{left} more are not shown here: GitHub shows {MOST} of a kind. The summary of this run has all of them."
    )
    return [*found[: MOST - 1], Annotation(level=found[0].level, title=f"{left} more", message=told)]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
