"""What `grader ci` found out about a pull request, as data that another job may read."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from grader.errors import GraderError
from grader.model import Report
from grader.reports import files, formats
from grader.reports.terminal import View
from grader.reports.text import line

MOST: Final = 64 << 20  # bytes of the file

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$(?!\n)", description="a commit's id")]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A student's lesson in a pull request.

    `student` is the folder that holds the student's files, empty for the repository's own. `places` says where the
    graded files are in the repository, `deleted` names what the pull request took away, `notes` what was not read
    and why. Without a report it could not be graded, and `error` says why. Evidence of tampering is left out of
    the report: who wrote the pull request can read this.
    """

    student: str
    lesson: str
    report: Report | None
    error: str = ""
    places: dict[str, str] = {}
    deleted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The student's name for people: the last part of the folder's."""
        return self.student.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """Where most of the student's files are, with a / at the end."""
        above = [path.rpartition("/")[0] for path in sorted(self.places.values())]
        return f"{max(above, key=above.count)}/" if any(above) else f"assignments/{self.lesson}/"

    @property
    def view(self) -> View:
        """How to show the report."""
        return msgspec.structs.replace(formats.view(self.lesson, self.name), folder=self.folder)


class Feedback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is graded at the commit `head`, by the checks of the working copy; `base` is what it changes.

    `notes` are sentences about what belongs to no student.
    """

    schema_version: Literal[1] = 1
    base: Id
    head: Id
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def render(feedback: Feedback) -> bytes:
    """The feedback as JSON."""
    return files.as_json(feedback)


def read(content: bytes, name: str) -> Feedback:
    """The feedback of a file that a stranger may have written. Raises GraderError where it breaks the schema."""
    if len(content) > MOST:
        raise GraderError(f"{name}: it is larger than {MOST >> 20} MiB. That is no feedback of `grader ci`.")
    try:
        return msgspec.json.decode(content, type=Feedback)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GraderError(f"{name}: this is no feedback of `grader ci`: {line(str(error), 300)}.") from None
