"""Students: a roster, and who is meant by a name in a download."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.batch.names import printable
from grader.errors import GraderError

# What a column may be called, in lower case without blanks and signs; the first one found in a table counts.
ID = (
    "id",
    "student",
    "studentid",
    "sid",
    "sisuserid",
    "sisloginid",
    "login",
    "username",
    "identifier",
    "idnumber",
)
NAME = ("name", "fullname", "studentname", "displayname")
FIRST, LAST = ("firstname", "givenname"), ("lastname", "surname", "familyname")
EMAIL = ("email", "emailaddress", "mail")
PATH = ("path", "file", "folder", "submission")
EXAMPLE = "student,path\nalice,downloads/alice.zip"
MOST = 16 << 20  # bytes of a table


class Student(msgspec.Struct, frozen=True):
    """A student: the id of a gradebook or a download, the name to show, an address. `id` is never empty."""

    id: str
    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return printable(f"{self.id} ({self.name})" if self.name and self.name != self.id else self.id)


class Row(msgspec.Struct, frozen=True):
    """A line of a table of submissions."""

    student: Student
    path: str
    line: int


def roster(path: Path) -> tuple[Student, ...]:
    """The students of a CSV with a column for an id or a name, such as the gradebook of Canvas or Moodle.

    Raises GraderError with the line and what to write.
    """
    table = _Table(path)
    if not (table.has(ID) or table.has(NAME) or table.has(LAST) or table.has(EMAIL)):
        raise table.error(1, "there is no column for the student. Begin it with the line  student,name,email")
    found: dict[str, Student] = {}
    for line, cells in table.rows:
        student = table.student(cells)
        if student is None:
            raise table.error(line, "this line names no student")
        if student.id in found:
            raise table.error(line, f"{student.id!r} stands here for the second time")
        found[student.id] = student
    return tuple(found.values())


def submissions(path: Path) -> tuple[Row, ...]:
    """The lines of a CSV with a student and a path each. Raises GraderError with the line and what to write."""
    table = _Table(path)
    for columns, what in ((ID + NAME + EMAIL, "student"), (PATH, "path")):
        if not table.has(columns):
            raise table.error(1, f"there is no column `{what}`. Write a table such as\n\n{EXAMPLE}\n")
    found = []
    for line, cells in table.rows:
        student, file = table.student(cells), table.cell(cells, PATH)
        if student is None or not file:
            raise table.error(line, "this line needs a student and a path, as in  alice,downloads/alice.zip")
        found.append(Row(student, file, line))
    if not found:
        raise table.error(1, f"there is no line below the titles. Write a table such as\n\n{EXAMPLE}\n")
    return tuple(found)


class _Table:
    def __init__(self, path: Path) -> None:
        self._path = path
        lines = _text(path).splitlines(keepends=True)
        head = next((line for line in lines if line.strip()), "")
        delimiter = max(",;\t", key=head.count)
        reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True)
        try:
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise self.error(reader.line_num, f"this is not CSV: {error}. Save it as CSV (UTF-8)") from None
        if not rows:
            raise self.error(1, f"it is empty. Write a table such as\n\n{EXAMPLE}\n")
        (_, titles), *rest = rows
        self._columns = {_plain(title): number for number, title in reversed(list(enumerate(titles)))}
        # a gradebook of Canvas has a line with the highest points below its titles
        self.rows = [(line, row) for line, row in rest if not row[0].strip().startswith("Points Possible")]
        self._canvas = {"student", "id"} <= self._columns.keys()

    def error(self, line: int, what: str) -> GraderError:
        return GraderError(f"{self._path}:{line}: {what.rstrip('.')}.")

    def has(self, titles: Iterable[str]) -> bool:
        return any(title in self._columns for title in titles)

    def cell(self, row: list[str], titles: Iterable[str]) -> str:
        numbers = (self._columns[title] for title in titles if title in self._columns)
        return next((row[number].strip() for number in numbers if number < len(row) and row[number].strip()), "")

    def student(self, row: list[str]) -> Student | None:
        """The student of a line. In a gradebook of Canvas `Student` is the name and `ID` the id."""
        name = self.cell(row, ("student",)) if self._canvas else self.cell(row, NAME)
        name = name or " ".join(filter(None, (self.cell(row, FIRST), self.cell(row, LAST))))
        email = self.cell(row, EMAIL)
        id_ = self.cell(row, ID).removeprefix("Participant ")  # as Moodle's worksheet writes it
        known = unicodedata.normalize("NFC", id_ or email or name)
        return Student(known, unicodedata.normalize("NFC", name) or known, email) if known else None


class Known:
    """Finds the student of a roster that a download means: by id, address, or an unmistakable name."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = tuple(students)
        self._keys: dict[str, set[Student]] = {}
        for student in self.students:
            for key in {key for keys in _keys(student) for key in keys}:
                self._keys.setdefault(key, set()).add(student)

    def find(self, student: Student) -> Student | None:
        """The student of the roster; None where nobody is meant, or several may be."""
        for keys in _keys(student):
            found = set().union(*(self._keys.get(key, set()) for key in keys))
            if len(found) == 1:
                return found.pop()
        return None


def _keys(student: Student) -> list[set[str]]:
    """By what a student can be known, the surest first. Canvas writes `Smith, Jane` as smithjane."""
    email, words = student.email.casefold(), re.findall(r"\w+", student.name.casefold())
    logins = {f"login {student.id.casefold()}", f"login {email.partition('@')[0]}"} - {"login "}
    turned = words[-1:] + words[:-1]
    return [
        {f"id {student.id}"},
        {f"mail {email}"} if email else set(),
        logins,
        {f"name {''.join(words)}", f"name {''.join(turned)}"} if words else set(),
    ]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()[: MOST + 1]
    except OSError as error:
        raise GraderError(f"{path}: it cannot be read: {error.strerror}.") from None
    if len(content) > MOST:
        raise GraderError(f"{path}: it is larger than {MOST >> 20} MiB. That is no list of students.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise GraderError(f"{path}:{line}: this is not UTF-8. Save it as CSV (UTF-8).") from None
    if "\0" in text:
        raise GraderError(f"{path}: this is not a text. Save it as CSV (UTF-8).")
    return text


def _plain(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.casefold())
