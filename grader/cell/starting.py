"""What both ways of starting cells share, on the judge's side."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from grader.cell import protocol
from grader.cell.protocol import Ready
from grader.errors import CellError

ENTRY: Final = Path(__file__).with_name("__main__.py")
# -P: no folder of the student's on sys.path; -B: no bytecode; utf8: the same text on every system
PYTHON: Final = (sys.executable, "-P", "-B", "-X", "utf8", str(ENTRY))
START_SECONDS: Final = 60.0


class Scratch:
    """The working folders of a run's cells."""

    def __init__(self) -> None:
        self._top = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        # load_dotenv() searches upwards from the student's file: it must end here, not in the user's home
        (Path(self._top.name) / ".env").touch()
        self._count = 0

    @property
    def top(self) -> Path:
        """The folder that holds them all."""
        return Path(self._top.name).resolve()

    def folder(self) -> Path:
        """A new empty folder."""
        self._count += 1
        path = self.top / str(self._count)
        path.mkdir(exist_ok=True)  # the first one may have served the probe
        return path

    def delete(self) -> None:
        """Delete them all, also those that student code made unreadable; links are not followed."""
        if not Path(self._top.name).is_dir():
            return
        for path in Path(self._top.name).iterdir():
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        self._top.cleanup()


def pidfd(pid: int) -> int:
    """A process as a descriptor; -1 on systems, old kernels and sandboxes that have none."""
    if sys.platform != "linux":
        return -1
    try:
        return os.pidfd_open(pid)
    except OSError:
        return -1


def decoded(body: bytes) -> Ready:
    """The first frame of a cell. Raises CellError."""
    try:
        message = protocol.to_judge.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        message = None
    if not isinstance(message, Ready):
        raise not_started(body)
    return message


def not_started(errors: bytes) -> CellError:
    """What to tell where a cell did not come up; the last line of its errors says why."""
    return CellError(
        f"The process for student code did not start: {last_line(errors)}\n"
        "Next: install the course's libraries again, with the first command of README.md."
    )


def last_line(errors: bytes) -> str:
    """The last line of what a process wrote, which names a Python exception."""
    lines = errors.decode(errors="replace").strip().splitlines() or ["it ended without a word"]
    return lines[-1][:300]
