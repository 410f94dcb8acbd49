"""What of its process the judge lends to student code that runs inside it, and takes back after each command."""

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class World:
    """What of a process student code may change and a cell has for itself."""

    environment: dict[str, str]
    folder: str
    argv: list[str]
    path: list[str]
    streams: tuple[TextIO, TextIO, TextIO]

    @classmethod
    def now(cls) -> "World":
        """The present one."""
        streams = sys.stdin, sys.stdout, sys.stderr
        return cls(dict(os.environ), working_folder(), sys.argv[:], sys.path[:], streams)

    @classmethod
    def new(cls, output: "Kept") -> "World":
        """The present one with a cell's streams: nothing to read, and output that is kept and shown."""
        nothing = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as its world
        tees = Tee(output, sys.stdout.write), Tee(output, sys.stderr.write)
        return cls(dict(os.environ), working_folder(), sys.argv[:], sys.path[:], (nothing, *tees))

    def enter(self) -> None:
        """Make it the present one."""
        os.environ.clear()
        os.environ.update(self.environment)
        with contextlib.suppress(OSError):  # student code may have deleted its folder
            os.chdir(self.folder)
        sys.argv[:], sys.path[:] = self.argv, self.path
        sys.stdin, sys.stdout, sys.stderr = self.streams

    @contextlib.contextmanager
    def streams_taken(self) -> Iterator[None]:
        """Read and print where this world does, for a while."""
        others = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = self.streams
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = others


class Kept(io.BytesIO):
    """What was printed; it stays readable, whatever student code closes."""

    def close(self) -> None:
        """Stay open."""


class Tee(io.TextIOWrapper):
    """A text stream that keeps what is printed, and shows it, too."""

    def __init__(self, kept: Kept, show: Callable[[str], object]) -> None:
        super().__init__(kept, "utf-8", "backslashreplace", write_through=True)
        self._show = show

    def write(self, text: str) -> int:
        """Keep and show a text."""
        self._show(text)
        return super().write(text)


def working_folder() -> str:
    """The working folder; the root where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return os.sep
