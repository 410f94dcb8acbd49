"""The judge's side of a cell: sends commands, answers requests, holds the limits, believes nothing."""

import os
import secrets
import selectors
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import TracebackType

import msgspec

from grader.cell import protocol
from grader.cell.isolation import Isolation
from grader.cell.launch import Launcher, Process
from grader.cell.meter import MAX_THREADS, Meter
from grader.cell.places import Answer, Note
from grader.cell.protocol import Command, Raised, Refused, Request, Returned, ToJudge
from grader.model import Verdict

MAX_OUTPUT = 1 << 20  # bytes that one call may print
MAX_REQUESTS = 1_000  # that one call may make
MAX_REQUEST_BYTES = 32 << 20  # that its requests may have together
LOOK_AGAIN = 0.05  # seconds between looks at what cannot be waited for: the cell's use of the machine
CHUNK = 1 << 16
EVIDENCE = 80  # bytes of a frame that a mentor is shown


class Limit(StrEnum):
    """What a cell may use up besides time and output."""

    PROCESSOR = "processor"
    THREADS = "threads"
    DISK = "disk"


class CellDiedError(Exception):
    """The cell is gone. `verdict` is why; `detail` is how it ended, for example `signal 11`.

    `limit` names what was used up, where it is not time or output. `sent` is how the frame began that no honest
    cell sends.
    """

    def __init__(self, verdict: Verdict, detail: str, limit: Limit | None = None, sent: bytes = b"") -> None:
        super().__init__(f"{verdict}: {detail}")
        self.verdict = verdict
        self.detail = detail
        self.limit = limit
        self.sent = sent


class Supervised:
    """Cells in processes of their own."""

    stopped: TracebackType | None = None

    def __init__(self, launcher: Launcher, call_seconds: float) -> None:
        self._launcher = launcher
        self._call_seconds = call_seconds
        self.stop = launcher.stop
        self.close = launcher.close

    def open(self) -> "Cell":
        """A cell, forked or started."""
        return Cell(self._launcher.spawn(), self._call_seconds)

    def versions(self) -> Mapping[str, str]:
        """The libraries that student code uses; waits until cells are warm."""
        return self._launcher.ready().versions

    def isolation(self) -> Isolation:
        """The tier that holds on this machine; waits until cells are warm."""
        return self._launcher.ready().isolation


class Cell:
    """One started cell. After a CellDiedError it is gone; take another one."""

    def __init__(self, process: Process, call_seconds: float, processor_seconds: float | None = None) -> None:
        """Let a call last so many seconds by the clock, and use the processors as long unless told otherwise."""
        self._process = process
        self._call_seconds = call_seconds
        self._processor_seconds = processor_seconds or call_seconds
        self._sock = process.sock
        self._sock.settimeout(0)
        self._received = bytearray()
        self._last = b""  # how the last frame began
        self._output = bytearray()
        self._requests = self._request_bytes = 0
        self._deadline = 0.0
        self.processor = 0.0  # seconds that the present or last command used
        self.lent = 0.0  # seconds beyond the limits of a call that are left
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._sock, selectors.EVENT_READ)
        # A child of student code may hold the socket open after the cell's end: the process itself tells.
        self._exit = process.exit_descriptor()
        if self._exit >= 0:
            self._selector.register(self._exit, selectors.EVENT_READ)
        self._meter = Meter(self._exit, process.folder)
        self._processor_before = self._meter.usage().processor
        self._look = 0.0
        self._waits_for_output = process.output.fileno() >= 0
        if self._waits_for_output:
            self._selector.register(process.output, selectors.EVENT_READ)
        self._output_open = True

    @property
    def folder(self) -> Path:
        """The working folder of the student's code."""
        return self._process.folder

    @property
    def printed(self) -> str:
        """What the last command printed."""
        return self._output.decode(errors="replace")

    def do(self, command: Command, answer: Answer, refused: Note) -> Returned | Raised:
        """Send a command and wait for its outcome; requests in between go to `answer`.

        Raises CellDiedError for a time-out, a crash, too much output, or anything that no honest cell sends.
        """
        # A number that student code cannot know ahead: what it sends in advance answers nothing.
        command = msgspec.structs.replace(command, call=secrets.randbits(62))
        self._output.clear()
        self._requests = self._request_bytes = 0
        self._processor_before += self.processor  # threads that were left behind work at the cost of this call
        self.processor = 0.0
        now = time.monotonic()
        self._deadline, self._look = now + self._call_seconds + self.lent, now + LOOK_AGAIN
        self._send(protocol.frame(command))
        while True:
            message = self._receive()
            if isinstance(message, Request):
                self._count(len(message.body))
                self._send(protocol.frame(answer(message)))
            elif isinstance(message, Refused):
                self._count(0)
                refused(message)
            elif isinstance(message, Returned | Raised) and message.call == command.call:
                self._drain()
                self._measure()
                self.lent = max(0.0, self.lent - max(time.monotonic() - now, self.processor))
                return message
            else:
                raise self._tampered("a frame that nobody asked for")

    def pardon(self, seconds: float) -> None:
        """Add time to the present call: a slow API is not the student's fault."""
        self._deadline += seconds

    def _count(self, size: int) -> None:
        """Count a request of `size` bytes."""
        self._requests += 1
        self._request_bytes += size
        if self._requests > MAX_REQUESTS:
            raise self._died(Verdict.OUTPUT_LIMIT, f"more than {MAX_REQUESTS} requests")
        if self._request_bytes > MAX_REQUEST_BYTES:
            raise self._died(Verdict.OUTPUT_LIMIT, f"more than {MAX_REQUEST_BYTES >> 20} MB in requests")

    def close(self) -> None:
        """End the cell. Harmless when it is gone already."""
        if self._selector.get_map() is not None:
            self._process.kill()
            self._let_go()

    def _send(self, data: bytes) -> None:
        while data:
            try:
                data = data[self._sock.send(data) :]
            except BlockingIOError:
                self._selector.modify(self._sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
                self._wait()
                self._selector.modify(self._sock, selectors.EVENT_READ)
            except OSError:
                raise self._gone() from None

    def _receive(self) -> ToJudge:
        size = protocol.LENGTH.size
        body = b""
        while not body:
            if len(self._received) >= size:
                (length,) = protocol.LENGTH.unpack_from(self._received)
                if not 0 < length <= protocol.MAX_FRAME:
                    raise self._died(Verdict.OUTPUT_LIMIT, f"a frame of {length} bytes")
                if len(self._received) >= size + length:
                    body = bytes(self._received[size : size + length])
                    self._last = body[:EVIDENCE]
                    del self._received[: size + length]
                    break
            self._wait()
            self._fill()
        try:
            message: ToJudge = protocol.to_judge.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise self._tampered("a frame that cannot be decoded") from None
        return message

    def _fill(self) -> None:
        try:
            chunk = self._sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            raise self._gone()
        self._received += chunk

    def _wait(self) -> None:
        """Wait until the socket is ready, the output grew, or it is time to look; raise where the time is up."""
        now = time.monotonic()
        if now >= self._deadline:
            raise self._died(Verdict.TIMEOUT, f"{self._call_seconds:g} seconds")
        if now >= self._look:
            self._measure()
            self._look = now + LOOK_AGAIN
        selected = self._selector.select(min(self._deadline, self._look) - now)
        ready = [key.fileobj for key, _ in selected]
        if not self._waits_for_output or self._process.output in ready:
            self._collect()
        if self._exit in ready and self._sock not in ready:
            raise self._gone()

    def _measure(self) -> None:
        """Look at what the cell uses besides time. Raises CellDiedError."""
        usage = self._meter.usage()
        self.processor = max(self.processor, usage.processor - self._processor_before)
        if self.processor > self._processor_seconds + self.lent:
            raise self._died(Verdict.TIMEOUT, f"{self._processor_seconds:g} seconds", Limit.PROCESSOR)
        if usage.threads > MAX_THREADS:
            raise self._died(Verdict.MEMORY, f"{MAX_THREADS} threads", Limit.THREADS)
        full = self._meter.disk()
        if full:
            raise self._died(Verdict.OUTPUT_LIMIT, full, Limit.DISK)

    def _collect(self) -> bool:
        """Take one piece of output. Whether there may be more."""
        chunk = self._process.output.read() if self._output_open else None
        if chunk == b"":
            self._output_open = False
            self._selector.unregister(self._process.output)
        if not chunk:
            return False
        self._output += chunk
        if len(self._output) > MAX_OUTPUT:
            raise self._died(Verdict.OUTPUT_LIMIT, f"more than {MAX_OUTPUT} bytes printed")
        return True

    def _drain(self) -> None:
        while self._collect():
            pass

    def _gone(self) -> CellDiedError:
        """The error for a cell that closed its socket, with how it ended."""
        self._drain()
        how = self._process.end(0.2)
        self._let_go()
        return CellDiedError(Verdict.CRASHED, how)

    def _tampered(self, detail: str) -> CellDiedError:
        return self._died(Verdict.TAMPERED, detail, sent=self._last)

    def _died(self, verdict: Verdict, detail: str, limit: Limit | None = None, sent: bytes = b"") -> CellDiedError:
        self._process.kill()
        self._let_go()
        return CellDiedError(verdict, detail, limit, sent)

    def _let_go(self) -> None:
        self._selector.close()
        self._meter.close()
        self._sock.close()
        if self._exit >= 0:
            os.close(self._exit)
        self._process.output.close()
