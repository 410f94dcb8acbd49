"""Scores for Canvas' gradebook, as the CSV that it imports (canvas-lms, lib/gradebook_importer.rb).

Canvas overwrites: an empty cell takes an existing score away, so a student without a report gets no row, and of an
export that serves as template only the students' columns and the assignment's own are kept. It finds an assignment
by the number in its header, else by its exact title, and creates one where there is none.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from grader.errors import GraderError
from grader.reports.graded import Column, Graded, Unmatched
from grader.reports.table import cell, written
from grader.reports.text import line

HEADER: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS: Final = "    Points Possible"  # as Canvas itself indents it
IDS: Final = ("ID", "SIS User ID", "SIS Login ID")
LOGIN: Final = "SIS Login ID"
READ_ONLY: Final = "read only"
IGNORED: Final = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")  # in a header

Scores = list[tuple[Graded, int]]


class Export(msgspec.Struct, frozen=True):
    """An export of a gradebook: the columns about students, the one of the assignment, and the students' rows."""

    header: list[str]
    assignment: str
    points: str
    students: list[list[str]]

    def rows_of(self, graded: Graded) -> list[list[str]]:
        """The rows that can be a student's: by an id, by the address as login, else by the name."""
        ids = [self._places(name) for name in IDS]
        found = [row for row in self.students if any(row[at] == graded.student for place in ids for at in place)]
        found = found or [
            row
            for row in self.students
            for at in self._places(LOGIN)
            if graded.email and row[at].casefold() == graded.email.casefold()
        ]
        return found or [row for row in self.students if graded.name and graded.name in self._names(row)]

    def _places(self, name: str) -> list[int]:
        return [self.header.index(name)] if name in self.header else []

    def _names(self, row: list[str]) -> set[str]:
        first, second = row[0], row[1]
        if self.header[0] == "LastName":
            return {f"{second} {first}", f"{first}, {second}"}
        last, _, given = first.partition(", ")
        return {first, f"{given} {last}"}


def render(rows: Sequence[Graded], column: Column) -> bytes:
    """The CSV for Canvas. Raises GraderError where it would change more than one assignment's scores."""
    results = [(graded, report.result) for graded in rows if (report := graded.final())]
    possible = {result.max_score for _, result in results}
    if not possible:
        raise GraderError("Nobody has a score: there is nothing for Canvas.")
    if len(possible) > 1:
        raise GraderError(
            f"Canvas needs one number of possible points; the reports have {sorted(possible)}. Grade all anew."
        )
    most = possible.pop()
    scores = [(graded, result.score) for graded, result in results]
    return written(_new(scores, column, most) if column.template is None else _filled(scores, read(column), most))


def unmatched(rows: Sequence[Graded], column: Column) -> list[Graded]:
    """The students whom the template does not have, or has more than once: Canvas' CSV leaves them out."""
    matched = _matched(rows, read(column)) if column.template is not None else None
    return [] if matched is None else [one for one in rows if one.student not in matched]


def read(column: Column) -> Export:
    """The template. Raises GraderError where it is no export of a gradebook, or does not have the assignment."""
    table = _table(column.template or b"")
    header = table[0] if table else []
    if "Section" not in header or "ID" not in header[:3]:
        raise GraderError("The template is no gradebook of Canvas: its first line needs Student, ID and Section.")
    last = header.index("Section")
    at = _assignment(header, last + 1, column)
    rows = [[*row, *[""] * (len(header) - len(row))] for row in table[1:] if any(each.strip() for each in row)]
    points = next((row[at].strip() for row in rows if "Points Possible" in row[0]), "")
    if READ_ONLY in points:
        raise GraderError(
            f"Canvas does not let {header[at]!r} be changed: its points are {points!r}. Choose another one."
        )
    students = [row[: last + 1] for row in rows if "Points Possible" not in row[0] and row[0].strip()]
    return Export(header[: last + 1], header[at], points, students)


def _table(template: bytes) -> list[list[str]]:
    try:
        text = template.decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise GraderError(f"The template cannot be read as CSV in UTF-8: {error}.") from None


def _assignment(header: list[str], first: int, column: Column) -> int:
    """The place of the assignment's column: by its number, else by its title."""
    known = {at: title.rpartition(" (") for at, title in enumerate(header) if at >= first}
    if column.id is not None:
        found = [at for at, (_, _, end) in known.items() if end == f"{column.id})"]
    else:
        found = [at for at, (title, _, _) in known.items() if column.title in (title, header[at])]
    if len(found) != 1:
        wanted = f"({column.id})" if column.id is not None else repr(column.title)
        there = ", ".join(line(header[at], 100) for at in known) or "none"
        raise GraderError(f"{len(found)} columns of the template are {wanted}. Its assignments: {there}.")
    return found[0]


def _new(scores: Scores, column: Column, most: int) -> list[list[str | int]]:
    if column.id is None and column.unmatched is Unmatched.REFUSE:
        raise GraderError(
            f"Canvas creates a new assignment where it finds none called {column.title!r}. "
            "Next: give --assignment (the number in its address) or --template (an export of the gradebook)"
        )
    if IGNORED.search(column.title):
        raise GraderError(f"Canvas ignores a column called {column.title!r}. Give the assignment another title.")
    title = column.title if column.id is None else f"{column.title} ({column.id})"
    table: list[list[str | int]] = [[*HEADER, cell(title)], [POINTS, "", "", "", "", most]]
    for one, score in scores:
        other = "" if one.canvas_id else one.student  # an id of the school's, or a login name
        ids = [cell(one.canvas_id), cell(other), cell(one.email or other)]
        who = [cell(one.name or one.student), *ids, ""]
        table.append([*who, score])
    return table


def _filled(scores: Scores, export: Export, most: int) -> list[list[str | int]]:
    try:
        same = not export.points or float(export.points.replace(",", ".")) == most
    except ValueError:
        same = False
    if not same:
        raise GraderError(
            f"{export.assignment!r} has {export.points!r} points in Canvas, and {most} here. Change it there."
        )
    blank = [""] * (len(export.header) - 1)
    table: list[list[str | int]] = [[*export.header, export.assignment], [POINTS, *blank, most]]
    matched = _matched([graded for graded, _ in scores], export)
    for graded, score in scores:
        if graded.student in matched:
            table.append([*map(cell, matched[graded.student]), score])
    return table


def _matched(rows: Sequence[Graded], export: Export) -> dict[str, list[str]]:
    """The template's row of each student who has exactly one, which no other student has."""
    found = {one.student: export.rows_of(one) for one in rows}
    single = {name: several[0] for name, several in found.items() if len(several) == 1}
    taken = Counter(map(id, single.values()))
    return {name: row for name, row in single.items() if taken[id(row)] == 1}
