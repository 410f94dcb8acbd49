"""A table of students as CSV, for a mentor: a row each, with the points of every exercise.

Spreadsheets run a cell that begins like a formula; an apostrophe before it makes it a text. The file begins with a
byte order mark, without which Excel takes letters such as é for others.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from grader.model import Report, Verdict
from grader.reports.graded import Column, Graded, changes
from grader.reports.text import line

# At the beginning of a cell, and after what other settings of a spreadsheet take for the end of one.
FORMULA: Final = re.compile(
    "(^|[,;])(\\s*[\"']*\\s*)(?=[=+\\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}])"
)
FIRST: Final = ("student", "name", "email", "score", "max_score")
LAST: Final = ("not_passed", "changed_by_hand", "notes", "evidence", "isolation_tier", "submission")


def render(rows: Sequence[Graded], _column: Column | None = None) -> bytes:
    """The table. Raises GraderError for points by hand of what was not graded."""
    reports = [one.final() for one in rows]
    exercises = list(dict.fromkeys(one.name for report in reports if report for one in report.result.exercises))
    table: list[list[str | int]] = [[*FIRST, *map(cell, exercises), *LAST]]
    for graded, report in zip(rows, reports, strict=True):
        who = [cell(graded.student), cell(graded.name), cell(graded.email)]
        table.append([*who, *_facts(report, graded.notes, exercises)])
    return b"\xef\xbb\xbf" + written(table)


def written(table: Iterable[Iterable[str | int]]) -> bytes:
    """The table as CSV (RFC 4180)."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(table)
    return stream.getvalue().encode()


def cell(text: str) -> str:
    """A text as a cell in one line that no spreadsheet runs."""
    return FORMULA.sub(r"\1\2'", line(text))


def _facts(report: Report | None, notes: tuple[str, ...], exercises: list[str]) -> list[str | int]:
    if report is None:
        blank = [""] * (len(FIRST) - 3 + len(exercises))
        return [*blank, *(cell("; ".join(notes)) if column == "notes" else "" for column in LAST)]
    result, environment = report.result, report.environment
    points: dict[str, Any] = {one.name: one.score for one in result.exercises}
    not_passed = [f"{one.name}: {one.verdict}" for one in result.exercises if one.verdict is not Verdict.PASSED]
    changed = [f"{one.name}: {check.points:+} {check.title}" for one, check in changes(report)]
    several = [not_passed, changed, [*notes, *environment.notes], environment.evidence]
    told = [cell("; ".join(texts)) for texts in several]
    each = [points.get(name, "") for name in exercises]
    return [result.score, result.max_score, *each, *told, environment.tier, cell(result.hashes.submission)]
