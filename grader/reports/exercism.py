"""A report as Exercism's results.json, version 3 (exercism/docs, building/tooling/test-runners/interface.md).

A runner for Exercism ends with exit code 0 whatever the outcome. `test_code` is left out: a report does not hold
it, and students see the checks, as in Exercism's practice exercises. Paths are relative to the submission.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from grader.errors import GraderError
from grader.model import Report, Verdict
from grader.reports.terminal import View
from grader.reports.text import explained, line, lines, named

VERSION: Final = 3
LIMIT: Final = 500_000  # bytes of the file
MOST_OUTPUT: Final = 500  # characters of what a test printed, with the note that it was cut
FRAME: Final = 250  # bytes of a test without its texts, at most
OUTCOMES: Final[Mapping[Verdict, str]] = {
    Verdict.PASSED: "pass",
    Verdict.FAILED: "fail",
    Verdict.NOT_STARTED: "fail",
}  # the others are "error"
NOT_RUN: Final = (Verdict.ERROR, Verdict.BLOCKED)


class Room(msgspec.Struct, frozen=True):
    """How many bytes the texts of each test may have, so that all of them fit into a file."""

    name: int = 200
    message: int = 2_000
    output: int = MOST_OUTPUT

    @classmethod
    def of(cls, limit: int, count: int) -> "Room":
        """The room of each of so many tests in a file of `limit` bytes; JSON doubles some characters."""
        each = max((limit // max(count, 1) - FRAME) // 2, 0)
        return cls(min(200, each // 4), min(2_000, each // 2), min(MOST_OUTPUT, each // 4))


def render(report: Report, view: View) -> bytes:
    """The report as results.json. Raises GraderError where a lesson has too many checks for it."""
    return encoded(results(report, view, LIMIT), LIMIT)


def results(report: Report, view: View, limit: int) -> dict[str, Any]:
    """The report as plain data: a test for each check, in the lesson's order, with texts that fit the limit."""
    checks = [check for exercise in report.result.exercises for check in exercise.checks]
    room = Room.of(limit, len(checks))
    status, message = "pass", None
    if all(check.verdict in NOT_RUN for check in checks):
        status = "error"
        told = explained(checks[0], view.language).whole() if checks else "No check was run."
        message = lines(told, room.message)
    elif any(check.verdict is not Verdict.PASSED for check in checks):
        status = "fail"
    return {"version": VERSION, "status": status, "message": message, "tests": tests(report, view, room)}


def tests(report: Report, view: View, room: Room) -> list[dict[str, Any]]:
    """Each check as a test; exercises are tasks, counted from 1."""
    found = []
    for number, exercise in enumerate(report.result.exercises, 1):
        for check in exercise.checks:
            status = OUTCOMES.get(check.verdict, "error")
            test = {"name": line(named(exercise.name, check, view.language), room.name), "status": status}
            if status != "pass":
                test["message"] = lines(explained(check, view.language).whole(), room.message)
            printed = view.printed.get((exercise.name, check.id), "")
            if printed.strip():
                test["output"] = lines(printed, room.output)
            found.append({**test, "task_id": number})
    return found


def encoded(data: dict[str, Any], limit: int) -> bytes:
    """The data as compact JSON. Raises GraderError where it has more bytes than the limit."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) > limit:
        raise GraderError(f"This format holds {limit:,} bytes; {len(data['tests'])} checks do not fit into it.")
    return content
