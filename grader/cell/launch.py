"""Starting cells, on the judge's side: forked from a warm zygote on Linux, else one warm spare ahead."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from grader.cell import isolation
from grader.cell.executed import Spare
from grader.cell.forked import Zygote
from grader.cell.output import Output
from grader.cell.protocol import Ready


class Process(Protocol):
    """A started cell. Student code works in `folder`, which nothing else uses."""

    folder: Path
    sock: socket.socket
    output: Output

    def end(self, seconds: float) -> str:
        """Wait up to `seconds` for it to end by itself, else kill it. How it ended: `exit N`, `signal N`."""

    def kill(self) -> None:
        """End it; nobody asks how."""

    def exit_descriptor(self) -> int:
        """A descriptor that can be read once the process has ended; -1 where the system has none."""


class Launcher(Protocol):
    """Gives warm cells."""

    def spawn(self) -> Process:
        """A fresh cell. Raises CellError."""

    def ready(self) -> Ready:
        """Wait until cells are warm. Their libraries, and the tier that holds. Raises CellError."""

    def stop(self) -> None:
        """Let every process come to its end; no cell is given any more. Does not wait."""

    def close(self) -> None:
        """End every process and delete every folder."""


def launcher(environment: Mapping[str, str], most: int = isolation.HIGHEST) -> Launcher:
    """The launcher for this system, at tier `most` at best. It begins to warm up at once, and does not wait."""
    return Zygote(environment, most) if sys.platform == "linux" else Spare(environment)
