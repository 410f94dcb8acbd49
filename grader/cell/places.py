"""Where student code runs, as the judge sees it: a cell in a process of its own, or the judge's own process."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol

from grader.cell.isolation import Isolation
from grader.cell.protocol import Command, Raised, Refused, Reply, Request, Returned

Answer = Callable[[Request], Reply]
Note = Callable[[Refused], None]


class Serving(Protocol):
    """Where student code runs, as the judge sees it: a Cell, or this process itself.

    `folder` is its working folder; `printed` is what the last command printed, `processor` the seconds of
    processor time that it used. `lent` is time beyond the limits of a call, for all commands together; what they
    use of it is gone.
    """

    processor: float
    lent: float

    @property
    def folder(self) -> Path:
        """The working folder."""

    @property
    def printed(self) -> str:
        """What the last command printed."""

    def do(self, command: Command, answer: Answer, refused: Note) -> Returned | Raised:
        """Send a command and wait for its outcome; requests in between go to `answer`. Raises CellDiedError."""

    def pardon(self, seconds: float) -> None:
        """Add time to the present command."""

    def close(self) -> None:
        """End it."""


class Cells(Protocol):
    """Gives a place for the code of each exercise."""

    @property
    def stopped(self) -> TracebackType | None:
        """The student's frames when the last command ended, for a debugger; None where they are not here."""

    def open(self) -> Serving:
        """A fresh one. Raises CellError."""

    def versions(self) -> Mapping[str, str]:
        """The libraries that student code uses."""

    def isolation(self) -> Isolation:
        """How far student code is kept apart."""

    def stop(self) -> None:
        """Let every process come to its end; no cell is given any more. Does not wait."""

    def close(self) -> None:
        """End every process and delete every folder."""
