"""Cells that are forked from a warm zygote (Linux), on the judge's side."""

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.cell import isolation, protocol
from grader.cell.isolation import Isolation
from grader.cell.isolation.layers import first_folder
from grader.cell.output import Output, new_output
from grader.cell.protocol import Ready
from grader.cell.starting import PYTHON, START_SECONDS, Scratch, decoded, last_line, not_started

KILLED = "signal 9"
ANSWER_SECONDS = 10.0  # a zygote answers in milliseconds, unless student code stopped or killed it


class Zygote:
    """Forks each cell from one warm process (Linux only). If student code ends that one, a new one is started."""

    def __init__(self, environment: Mapping[str, str], most: int = isolation.HIGHEST) -> None:
        self._environment = dict(environment)
        self._most = most  # the highest tier to try
        self._generation = 0  # how many processes there were; each knows its own children only
        self._scratch = Scratch()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._warm_up()

    def _warm_up(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [*PYTHON, "zygote", str(theirs.fileno()), str(self._scratch.top), str(self._most)],
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

    def ready(self) -> Ready:
        """Wait until the zygote is warm; what it says of itself. Raises CellError."""
        if self._ready is None:
            packet = self._receive(START_SECONDS)[0]
            if packet:
                self._ready = decoded(packet[protocol.LENGTH.size :])
            elif self._most > isolation.PROCESS:
                self._ready = self._without_isolation()
            else:
                raise not_started(self._said())
        return self._ready

    def _without_isolation(self) -> Ready:
        """Start again at tier 1: an isolation that fails after its probe stops nobody's practice."""
        why = last_line(self._said())
        self._put_away()
        self._most = isolation.PROCESS
        self._warm_up()
        plain = self.ready()
        return msgspec.structs.replace(plain, isolation=Isolation(plain.isolation.tier, why))

    def _said(self) -> bytes:
        """What the zygote wrote to standard error."""
        self._errors.seek(0)
        return self._errors.read()

    def spawn(self) -> "Forked":
        """The cell that was forked ahead; the next one is forked while this one works. Raises CellError."""
        for _ in range(2):
            self.ready()
            cell = self._ahead or self._fork()
            self._meet(cell)
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
        if self._ahead:
            self._meet(self._ahead)
        self._send(f"end {cell.pid} {seconds}")
        answer = self._receive(ANSWER_SECONDS + seconds)[0]
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
        namespaces = self.ready().isolation.tier == isolation.NAMESPACES
        folder = first_folder(self._scratch.top) if namespaces else self._scratch.folder()
        output = new_output()
        ours, theirs = socket.socketpair()
        with theirs, contextlib.suppress(OSError):  # a zygote that is gone gives no pid
            socket.send_fds(self._control, [f"fork {folder}".encode()], [theirs.fileno(), output.child])
        output.given()
        return Forked(self, self._generation, folder, ours, output)

    def _meet(self, cell: "Forked") -> None:
        """Learn the id of the cell that was asked for last, unless it is known."""
        if not cell.pid:
            packet, cell.exit = self._receive(ANSWER_SECONDS)
            cell.pid = int(packet or 0)

    def _put_away(self) -> None:
        self._control.close()
        try:
            self._process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._ahead:
            self._ahead.forget()

    def _send(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._control.send(text.encode())

    def _receive(self, seconds: float) -> tuple[bytes, int]:
        """The zygote's next packet and the descriptor with it, or -1; empty where it does not come."""
        try:
            self._control.settimeout(seconds)
            packet, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        except OSError:
            return b"", -1
        return packet, next(iter(descriptors), -1)


class Forked:
    """A cell that the zygote forked."""

    def __init__(self, zygote: Zygote, generation: int, folder: Path, sock: socket.socket, output: Output) -> None:
        self._zygote = zygote
        self.generation = generation
        self.pid = 0  # not known yet, and a number among the zygote's children only
        self.exit = -1
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
        """The process as a descriptor, which the caller closes."""
        return self.exit

    def forget(self) -> None:
        """Let go of a cell that nobody used."""
        self.sock.close()
        self.output.close()
        if self.exit >= 0:
            os.close(self.exit)
