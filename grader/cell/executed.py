"""Cells in a process each, one warm spare ahead (macOS, Windows), on the judge's side."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from grader.cell import protocol
from grader.cell.isolation import libraries, macos, windows
from grader.cell.output import new_output
from grader.cell.protocol import Ready
from grader.cell.starting import PYTHON, START_SECONDS, Scratch, decoded, not_started, pidfd


class Spare:
    """Starts a process for each cell, one ahead, where forking is unsafe (macOS) or absent (Windows)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._scratch = Scratch()
        self._environment = environment
        self._next = Executed(environment, self._scratch.folder())
        self._given: list[Executed] = []

    def ready(self) -> Ready:
        """Wait until the spare cell is warm. Raises CellError."""
        return self._next.ready()

    def spawn(self) -> "Executed":
        """The cell that is warm already; the next one starts meanwhile."""
        cell = self._next
        cell.ready()
        self._given = [*(one for one in self._given if running(one.process)), cell]
        self._next = Executed(self._environment, self._scratch.folder())
        return cell

    def stop(self) -> None:
        """Nothing: a process that was started alone ends when it is killed."""

    def close(self) -> None:
        """End the spare cell, and those that still work."""
        for cell in (self._next, *self._given):
            cell.end(0)
        self._next.sock.close()
        self._next.output.close()
        self._scratch.delete()


class Executed:
    """A cell in a process that was started for it alone."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.folder = folder
        self.sock, theirs = socket.socketpair()
        self.output = new_output()
        on_windows = sys.platform == "win32"
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [*before(folder), *PYTHON, "worker", "-" if on_windows else str(theirs.fileno()), str(folder)],
            env=dict(environment),
            pass_fds=() if on_windows else (theirs.fileno(),),
            stdin=subprocess.PIPE if on_windows else subprocess.DEVNULL,
            stdout=self.output.child,
            stderr=self.output.child,
            start_new_session=not on_windows,
        )
        if sys.platform == "win32" and self.process.stdin:
            self.process.stdin.write(theirs.share(self.process.pid))
            self.process.stdin.close()
        theirs.close()
        self.output.given()
        self._job = job_of(self.process)
        self._ready: Ready | None = None

    def ready(self) -> Ready:
        """Wait until it is warm. Raises CellError."""
        if self._ready is None:
            self.sock.settimeout(START_SECONDS)
            try:
                (length,) = protocol.LENGTH.unpack(self._exactly(protocol.LENGTH.size))
                self._ready = decoded(self._exactly(length))
            except OSError:
                raise not_started(self.output.read() or b"") from None
        return self._ready

    def end(self, seconds: float) -> str:
        """Wait, then kill the whole group."""
        give_up = time.monotonic() + seconds
        while running(self.process) and time.monotonic() < give_up:
            time.sleep(0.002)
        if sys.platform == "win32":
            windows.end(self._job)
            self._job = 0
            self.process.kill()
        elif self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        return f"exit {code}" if code >= 0 else f"signal {-code}"

    def kill(self) -> None:
        """Kill the whole group."""
        self.end(0)

    def exit_descriptor(self) -> int:
        """The process as a descriptor, on Linux; the caller closes it."""
        return pidfd(self.process.pid)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self.sock.recv(count - len(data))
            if not chunk:
                raise ConnectionError
            data += chunk
        return data


def before(folder: Path) -> list[str]:
    """What stands before a cell's command: on macOS the sandbox."""
    return macos.command(folder, libraries.folders()) if sys.platform == "darwin" else []


def job_of(process: subprocess.Popen[bytes]) -> int:
    """A job of its own for a process (Windows); 0 elsewhere."""
    return windows.job(int(vars(process)["_handle"])) if sys.platform == "win32" else 0


def running(process: subprocess.Popen[bytes]) -> bool:
    """Whether it still runs. One that ended is left unreaped, so that its group can be killed safely."""
    if process.returncode is not None or not hasattr(os, "waitid"):  # Windows, and macOS before Python 3.13
        return process.poll() is None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
