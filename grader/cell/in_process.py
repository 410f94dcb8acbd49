"""Student code inside the judge's own process (tier 0): for a debugger, never for a grade that counts.

The same worker does the same commands, and its frames are encoded and decoded as between processes, so that
verdicts and messages are those of a cell. There is no time limit: a debugger waits for a human.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from grader.cell import protocol
from grader.cell.isolation import Isolation
from grader.cell.lent import Kept, World
from grader.cell.places import Answer, Note
from grader.cell.protocol import Command, Raised, Refused, Reply, Request, Returned, Start
from grader.cell.starting import Scratch
from grader.cell.warm import warm_up
from grader.cell.worker import Worker

Quits = tuple[type[BaseException], ...]


class InProcess:
    """Gives the one place that a process has. With `debugging` it keeps where student code ended last.

    `quits` are exceptions by which a human leaves the debugger: they are no outcome of student code.
    """

    def __init__(self, quits: Quits, *, debugging: bool) -> None:
        self._debugging = debugging
        self._scratch = Scratch()
        self._versions = warm_up()
        self._channel = Channel()
        self._worker = Guest(self._channel, self._scratch.folder(), quits)

    @property
    def stopped(self) -> TracebackType | None:
        """The student's frames when the last command ended, the innermost last."""
        return self._worker.stopped

    def open(self) -> "InProcessCell":
        """The process, in a fresh world."""
        return InProcessCell(self._worker, self._channel, debugging=self._debugging)

    def versions(self) -> Mapping[str, str]:
        """The libraries that student code uses."""
        return self._versions

    def isolation(self) -> Isolation:
        """None at all."""
        return Isolation(0, "student code ran inside pytest, for debugging")

    def stop(self) -> None:
        """Nothing: there is no process to end."""

    def close(self) -> None:
        """Delete the working folder."""
        self._scratch.delete()


class Channel:
    """Requests of student code, answered by the judge at once."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.refused: Note | None = None
        self.fault: BaseException | None = None

    def ask(self, request: Request) -> Reply:
        """Have the judge answer. What stops the judge itself is kept, so that student code cannot swallow it."""
        if self.answer is None:
            raise ConnectionRefusedError("The call that this request belongs to is over.")
        try:
            return self.answer(request)
        except BaseException as error:
            self.fault = error
            raise

    def tell(self, attempt: Refused) -> None:
        """Note an attempt that was refused."""
        if self.refused:
            self.refused(attempt)

    @contextlib.contextmanager
    def opened(self, answer: Answer, refused: Note) -> Iterator[None]:
        """Let requests through, and raise afterwards what stopped the judge."""
        self.answer, self.refused, self.fault = answer, refused, None
        try:
            yield
        finally:
            self.answer = self.refused = None
        if self.fault:
            raise self.fault


class Guest(Worker):
    """A worker that shares its process with the judge."""

    def __init__(self, channel: Channel, folder: Path, quits: Quits) -> None:
        super().__init__(channel, folder)
        self._quits = quits
        self.stopped: TracebackType | None = None

    @property
    def folder(self) -> Path:
        """The working folder."""
        return self._folder

    def _left_behind(self) -> bool:
        """Threads of the world before cannot be ended here; they may go on."""
        return False

    def _raised(self, command: Command, error: BaseException) -> Raised:
        if isinstance(error, self._quits):
            raise error
        entries = []
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._code.file:
                entries.append(trace)
            trace = trace.tb_next
        self.stopped = None
        for entry in reversed(entries):
            self.stopped = TracebackType(self.stopped, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
        return super()._raised(command, error)

    def watch(self, frame: FrameType, event: str, _: object) -> None:
        """Remember where the student's function returns (for sys.setprofile)."""
        if event == "return" and frame.f_code.co_filename == self._code.file:
            self.stopped = TracebackType(None, frame, frame.f_lasti, frame.f_lineno)


class InProcessCell:
    """The process as one exercise's place; it looks to the judge like a cell."""

    processor = lent = 0.0  # nobody counts

    def __init__(self, worker: Guest, channel: Channel, *, debugging: bool) -> None:
        self._worker = worker
        self._channel = channel
        self._debugging = debugging
        self._output = Kept()
        self._students: World | None = None
        self._begin = 0  # where the output of the last command begins

    @property
    def folder(self) -> Path:
        """The working folder of the student's code."""
        return self._worker.folder

    @property
    def printed(self) -> str:
        """What the last command printed."""
        return self._output.getvalue()[self._begin :].decode(errors="replace")

    def do(self, command: Command, answer: Answer, refused: Note) -> Returned | Raised:
        """Do a command; requests in between go to `answer`."""
        self._worker.stopped = None
        self._begin = len(self._output.getvalue())
        if isinstance(command, Start) or self._students is None:
            self._output, self._begin = Kept(), 0
            self._students = World.new(self._output)
        with self._channel.opened(answer, refused), self._lent(self._students):
            data = self._worker.answer(command)
        message = protocol.to_judge.decode(data[protocol.LENGTH.size :])
        if not isinstance(message, Returned | Raised):
            raise TypeError(type(message))
        return message

    def pardon(self, seconds: float) -> None:
        """Nothing: there is no time limit."""

    def close(self) -> None:
        """Nothing: the process goes on."""

    @contextlib.contextmanager
    def _lent(self, students: World) -> Iterator[None]:
        """Lend the process to student code: its environment, folder, paths and streams are swapped meanwhile."""
        judges = World.now()
        hook = sys.breakpointhook

        def stop(*args: Any, **kwargs: Any) -> object:
            with judges.streams_taken():  # a debugger talks to the human
                return hook(*args, **kwargs)

        students.enter()
        sys.breakpointhook = stop
        if self._debugging:
            sys.setprofile(self._worker.watch)
        try:
            yield
        finally:
            if self._debugging:
                sys.setprofile(None)
            self._students = World.now()
            sys.breakpointhook = hook
            judges.enter()
