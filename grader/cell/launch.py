"""Starting cells, on the judge's side: forked from a warm zygote on Linux, else one warm spare ahead."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from grader.cell import protocol
from grader.cell.output import Output, new_output
from grader.cell.protocol import Ready
from grader.errors import CellError

ENTRY = Path(__file__).with_name("__main__.py")
# -P: no folder of the student's on sys.path; -B: no bytecode; utf8: the same text on every system
PYTHON = (sys.executable, "-P", "-B", "-X", "utf8", str(ENTRY))
KILLED = "signal 9"
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0  # a zygote answers in milliseconds, unless student code stopped or killed it


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

    def versions(self) -> Mapping[str, str]:
        """The libraries that student code uses."""

    def stop(self) -> None:
        """Let every process come to its end; no cell is given any more. Does not wait."""

    def close(self) -> None:
        """End every process and delete every folder."""


class Scratch:
    """The working folders of a run's cells."""

    def __init__(self) -> None:
        self._top = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        # load_dotenv() searches upwards from the student's file: it must end here, not in the user's home
        (Path(self._top.name) / ".env").touch()
        self._count = 0

    def folder(self) -> Path:
        """A new empty folder."""
        self._count += 1
        path = Path(self._top.name).resolve() / str(self._count)
        path.mkdir()
        return path

    def delete(self) -> None:
        """Delete them all, also those that student code made unreadable; links are not followed."""
        if not Path(self._top.name).is_dir():
            return
        for path in Path(self._top.name).iterdir():
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        self._top.cleanup()


class Zygote:
    """Forks each cell from one warm process (Linux only). If student code ends that one, a new one is started."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._generation = 0  # how many processes there were; each knows its own children only
        self._scratch = Scratch()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._warm_up()

    def _warm_up(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [*PYTHON, "zygote", str(theirs.fileno())],
            env=self._environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is the judge's; it ends the cells itself
        )
        theirs.close()
        self._ready: Ready | None = None
        self._ahead: Forked | None = None
        self._generation += 1

    def versions(self) -> Mapping[str, str]:
        """Wait until the zygote is warm; what it imported. Raises CellError."""
        if self._ready is None:
            packet = self._receive(START_SECONDS)
            if not packet:
                self._errors.seek(0)
                raise not_started(self._errors.read())
            self._ready = decoded(packet[protocol.LENGTH.size :])
        return self._ready.versions

    def spawn(self) -> "Forked":
        """The cell that was forked ahead; the next one is forked while this one works. Raises CellError."""
        for _ in range(2):
            self.versions()
            cell = self._ahead or self._fork()
            cell.pid = cell.pid or int(self._receive(ANSWER_SECONDS) or 0)
            if cell.pid and self._process.poll() is None:
                self._ahead = self._fork()
                return cell
            self._put_away()
            self._warm_up()
        raise not_started(b"student code ended its parent again and again")

    def end(self, cell: "Forked", seconds: float) -> str:
        """End a cell that was forked here. Those of an earlier zygote ended with it."""
        if cell.generation != self._generation:
            return KILLED
        if self._ahead and not self._ahead.pid:
            self._ahead.pid = int(self._receive(ANSWER_SECONDS) or 0)
        self._send(f"end {cell.pid} {seconds}")
        answer = self._receive(ANSWER_SECONDS + seconds)
        if not answer:
            self._process.kill()  # it was stopped or killed: its cells end with it
        return answer.decode() or KILLED

    def kill(self, cell: "Forked") -> None:
        """End a cell, without waiting for its end."""
        if cell.generation == self._generation:
            self._send(f"kill {cell.pid}")

    def stop(self) -> None:
        """Tell the zygote that the judge needs it no more."""
        self._control.close()

    def close(self) -> None:
        """End the zygote, which ends its cells."""
        self._put_away()
        self._errors.close()
        self._scratch.delete()

    def _fork(self) -> "Forked":
        """Ask for a cell. Its pid comes as the next packet."""
        folder, output = self._scratch.folder(), new_output()
        ours, theirs = socket.socketpair()
        with theirs, contextlib.suppress(OSError):  # a zygote that is gone gives no pid
            socket.send_fds(self._control, [f"fork {folder}".encode()], [theirs.fileno(), output.child])
        output.given()
        return Forked(self, self._generation, folder, ours, output)

    def _put_away(self) -> None:
        self._control.close()
        try:
            self._process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._ahead:
            self._ahead.sock.close()
            self._ahead.output.close()

    def _send(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._control.send(text.encode())

    def _receive(self, seconds: float) -> bytes:
        """The zygote's next packet; empty where it does not come."""
        try:
            self._control.settimeout(seconds)
            return self._control.recv(1 << 16)
        except OSError:
            return b""


class Forked:
    """A cell that the zygote forked."""

    def __init__(self, zygote: Zygote, generation: int, folder: Path, sock: socket.socket, output: Output) -> None:
        self._zygote = zygote
        self.generation = generation
        self.pid = 0  # not known yet
        self.folder = folder
        self.sock = sock
        self.output = output

    def end(self, seconds: float) -> str:
        """End it through its parent, which alone can reap it."""
        return self._zygote.end(self, seconds)

    def kill(self) -> None:
        """End it through its parent."""
        self._zygote.kill(self)

    def exit_descriptor(self) -> int:
        """The process as a descriptor."""
        return pidfd(self.pid)


class Spare:
    """Starts a process for each cell, one ahead, where forking is unsafe (macOS) or absent (Windows)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._scratch = Scratch()
        self._environment = environment
        self._next = Executed(environment, self._scratch.folder())
        self._given: list[Executed] = []

    def versions(self) -> Mapping[str, str]:
        """Wait until the spare cell is warm; what it imported. Raises CellError."""
        return self._next.ready().versions

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
        windows = sys.platform == "win32"
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [*PYTHON, "worker", "-" if windows else str(theirs.fileno()), str(folder)],
            env=dict(environment),
            pass_fds=() if windows else (theirs.fileno(),),
            stdin=subprocess.PIPE if windows else subprocess.DEVNULL,
            stdout=self.output.child,
            stderr=self.output.child,
            start_new_session=not windows,
        )
        if sys.platform == "win32" and self.process.stdin:
            self.process.stdin.write(theirs.share(self.process.pid))
            self.process.stdin.close()
        theirs.close()
        self.output.given()
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
        """The process as a descriptor, on Linux."""
        return pidfd(self.process.pid)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self.sock.recv(count - len(data))
            if not chunk:
                raise ConnectionError
            data += chunk
        return data


def pidfd(pid: int) -> int:
    """A process as a descriptor; -1 on systems, old kernels and sandboxes that have none."""
    if sys.platform != "linux":
        return -1
    try:
        return os.pidfd_open(pid)
    except OSError:
        return -1


def launcher(environment: Mapping[str, str]) -> Launcher:
    """The launcher for this system. It starts to warm up at once, and does not wait for that."""
    return Zygote(environment) if sys.platform == "linux" else Spare(environment)


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
    lines = errors.decode(errors="replace").strip().splitlines() or ["it ended without a word"]
    return CellError(
        f"The process for student code did not start: {lines[-1][:300]}\n"
        "Next: install the course's libraries again, with the first command of README.md."
    )


def running(process: subprocess.Popen[bytes]) -> bool:
    """Whether it still runs. One that ended is left unreaped, so that its group can be killed safely."""
    if sys.platform == "win32" or process.returncode is not None:
        return process.poll() is None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
