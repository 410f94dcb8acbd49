"""What a cell prints: a pipe that the judge can wait for, or on Windows a file that it looks at often."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Protocol

PIECE = 1 << 16  # bytes


class Output(Protocol):
    """The judge's end. `child` is the descriptor to give to the cell."""

    child: int

    def fileno(self) -> int:
        """The descriptor to wait for, or -1: then look often."""

    def given(self) -> None:
        """The cell has its own copy of `child` now."""

    def read(self) -> bytes | None:
        """The next piece; None where there is none yet, empty where there will be none."""

    def close(self) -> None:
        """Let go of everything."""


class PipeOutput:
    """A pipe: it holds 64 KiB at most, so that a flood waits in the cell."""

    def __init__(self) -> None:
        self._ours, self.child = os.pipe()
        os.set_blocking(self._ours, False)

    def fileno(self) -> int:
        """The reading end."""
        return self._ours

    def given(self) -> None:
        """Close our copy of the writing end, so that the cell's end closes the pipe."""
        os.close(self.child)

    def read(self) -> bytes | None:
        """The next piece."""
        try:
            return os.read(self._ours, PIECE)
        except BlockingIOError:
            return None

    def close(self) -> None:
        """Close the reading end. Harmless when it is closed already."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1


class FileOutput:
    """A file, where pipes cannot be waited for (Windows)."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="grader-output-")
        self.child = handle
        self._path = Path(name)
        self._ours = self._path.open("rb")

    def fileno(self) -> int:
        """Nothing to wait for."""
        return -1

    def given(self) -> None:
        """Close our copy of the handle that writes."""
        os.close(self.child)

    def read(self) -> bytes | None:
        """The next piece."""
        return self._ours.read(PIECE) or None

    def close(self) -> None:
        """Delete the file."""
        self._ours.close()
        self._path.unlink(missing_ok=True)


def new_output() -> Output:
    """The kind that this system can wait for."""
    return FileOutput() if sys.platform == "win32" else PipeOutput()
