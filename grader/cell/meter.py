"""What a cell uses, read from outside: processor time, threads, and files. Student code has no part in it."""

import contextlib
import os
import sys
from pathlib import Path
from typing import NamedTuple

from grader.cell.isolation.process import DISK, FILES

MAX_THREADS = 128
TICKS = os.sysconf("SC_CLK_TCK") if sys.platform != "win32" else 100  # of processor time in a second


class Usage(NamedTuple):
    """Processor time in seconds since the process began, and its threads now."""

    processor: float
    threads: int


NOTHING = Usage(0.0, 0)


class Meter:
    """Looks at one process (Linux; elsewhere it sees nothing) and at its working folder."""

    def __init__(self, process: int, folder: Path) -> None:
        """`process` is a pidfd, or -1."""
        self._folder = folder
        self._stat = -1
        if process >= 0:
            with contextlib.suppress(OSError, StopIteration, ValueError):
                about = Path(f"/proc/self/fdinfo/{process}").read_text("ascii").splitlines()
                pid = next(int(line.partition(":")[2]) for line in about if line.startswith("Pid:"))
                self._stat = os.open(f"/proc/{pid}/stat", os.O_RDONLY)

    def usage(self) -> Usage:
        """What the process has used; nothing once it is gone."""
        if self._stat < 0:
            return NOTHING
        try:
            # the name in brackets may hold anything; see proc_pid_stat(5) for what follows it
            fields = os.pread(self._stat, 1024, 0).rpartition(b")")[2].split()
        except OSError:
            return NOTHING
        return Usage((int(fields[11]) + int(fields[12])) / TICKS, int(fields[17])) if fields else NOTHING

    def disk(self) -> str:
        """Which limit the files of the working folder exceed, in words; empty for none."""
        size = 0
        for count, found in enumerate(files(self._folder), start=1):
            size += found.stat(follow_symlinks=False).st_size
            if size > DISK:
                return f"{DISK >> 20} MB"
            if count > FILES:
                return f"{FILES} files"
        return ""

    def close(self) -> None:
        """Let go of the process."""
        if self._stat >= 0:
            os.close(self._stat)
            self._stat = -1


def files(folder: Path) -> "list[os.DirEntry[str]]":
    """All below a folder, as far as it can be read, and no more of it than decides; links are not followed."""
    found: list[os.DirEntry[str]] = []
    left = [str(folder)]
    while left and len(found) <= FILES:
        with contextlib.suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                found.append(entry)
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                if len(found) > FILES:
                    break
    return found
