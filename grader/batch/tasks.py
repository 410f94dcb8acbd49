"""What goes to a judge, and what comes back: in a module of its own, so that the coordinator loads no pytest."""

import msgspec

from grader.model import Report


class Task(msgspec.Struct, frozen=True):
    """A folder to grade: all exercises, or those named. `beside` are names of files that were handed in, too.

    `unread` are exercise files that could not be brought along: what the student reads of each, and the next step.
    """

    name: str
    folder: str
    exercises: tuple[str, ...] | None = None
    beside: tuple[str, ...] = ()
    unread: dict[str, tuple[str, str]] = {}


class Graded(msgspec.Struct, frozen=True):
    """What came of a task. `error` says why there is no report, in words for the mentor.

    Without a name it is the fault of the lesson or of this machine, and the judge cannot go on.
    """

    name: str
    report: Report | None = None
    seconds: float = 0.0
    error: str = ""
