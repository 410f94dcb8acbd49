"""The cell's loop: does what the judge commands with the student's code, and sends data back."""

import asyncio
import builtins
import contextlib
import inspect
import os
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

from grader.cell import interception, isolation, script
from grader.cell.folder import empty
from grader.cell.isolation import LINUX_ONLY, Isolation, layers, probe, process
from grader.cell.isolation.layers import World
from grader.cell.protocol import (
    Call,
    Command,
    Each,
    Files,
    Hold,
    MakeClient,
    Raised,
    Read,
    Ready,
    Refused,
    Returned,
    Run,
    Start,
    frame,
)
from grader.cell.student_code import StudentCode, forget_modules
from grader.cell.values import Fields, Packer, Reference, TooBigError, Value, unpack
from grader.cell.warm import warm_up
from grader.cell.wire import Channel, Wire

MAX_MESSAGE = 2_000  # characters of an exception's message


class MissingNameError(Exception):
    """The student's module, or an object of it, does not have the name that the judge asked for."""

    def __init__(self, name: str, names: list[str]) -> None:
        super().__init__(name)
        self.name = name
        self.names = names


class Worker:
    """Serves one exercise of one submission."""

    def __init__(self, channel: Channel, folder: Path) -> None:
        self._folder = folder
        self._code = StudentCode(folder, "")
        self._modules = len(sys.modules)
        self._given: set[str] = set()  # the files that the judge put into the working folder
        self._done: list[Any] = []  # the results of an Each so far
        self._held: list[Any] = []  # objects that the judge knows by their number here
        interception.intercept(channel.ask, self._line)
        interception.refuse_network(lambda host: channel.tell(Refused(host, self._line())))

    def answer(self, command: Command) -> bytes:
        """Do a command; the frame of its outcome."""
        outcome = self._outcome(command)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # student code may have closed or replaced them
                stream.flush()
        try:
            return frame(outcome)
        except TooBigError as error:
            return frame(self._raised(command, error))

    def _line(self) -> int | None:
        return self._code.current_line()

    def _outcome(self, command: Command) -> Returned | Raised:
        self._done = []
        try:
            value, line = self._do(command)
            packed = value if isinstance(command, Hold) else Packer(self._refer).pack(value)
            return Returned(command.call, packed, line)
        except BaseException as error:  # noqa: BLE001 - whatever student code raises is an outcome
            return self._raised(command, error)

    def _do(self, command: Command) -> tuple[Any, int | None]:  # noqa: PLR0911 - one line a command
        match command:
            case Start():
                return self._start(command), None
            case MakeClient(key=key):
                import openai  # noqa: PLC0415 - warm already

                return openai.OpenAI(api_key=key), None
            case Read(target=target, name=name):
                return self._find(target, name), None
            case Files():
                return self._files(), None
            case Hold(value=value):
                return self._keep(unpack(value, self._resolve)), None
            case Run(module=name, typed=typed):
                self._code = StudentCode(self._folder, name)
                return script.run(self._code, typed), None
            case Each(name=name, inputs=inputs):
                function = self._find(None, name)
                return self._each(function, unpack(inputs, self._resolve)), self._code.answer_line(name)
            case Call():
                return self._call(command), self._code.answer_line(self._name(command))

    def _start(self, world: Start) -> bool:
        """Make the world and load the module.

        False where something of the world before stays, a thread or a locked folder: take a new cell.
        """
        if self._left_behind():
            return False
        self._held.clear()
        forget_modules(self._folder, self._modules)
        self._code = StudentCode(self._folder, world.module)
        if not empty(self._folder):
            return False
        os.chdir(self._folder)
        self._given = set(world.files)
        for name, content in world.files.items():
            (self._folder / name).write_bytes(content)
        os.environ.clear()
        os.environ.update(world.environment)
        sys.argv[:] = [self._code.file]
        if world.module:
            self._code.load()
        return True

    def _left_behind(self) -> bool:
        """Whether threads of the world before go on."""
        return len(sys._current_frames()) > 1  # noqa: SLF001 - counts those that threading does not know, too

    def _call(self, command: Call) -> Any:
        function = self._find(command.target, command.name)
        args = unpack(command.args, self._resolve)
        kwargs = unpack(command.kwargs, self._resolve)
        return answered(function(*args, **kwargs))

    def _each(self, function: Any, inputs: list[list[Any]]) -> list[Any]:
        for args in inputs:
            self._done.append(answered(function(*args)))
        return self._done

    def _files(self) -> dict[str, bytes]:
        """Ordinary files only, without the exercise's own; the packer caps their number and size."""
        paths = [path for path in self._folder.rglob("*") if path.is_file() and not path.is_symlink()]
        found = {path.relative_to(self._folder).as_posix(): path for path in paths}
        return {name: path.read_bytes() for name, path in found.items() if name not in self._given}

    def _find(self, target: int | None, dotted: str) -> Any:
        found: Any = self._code.module if target is None else self._held[target]
        for name in dotted.split("."):
            try:
                found = getattr(found, name)
            except AttributeError:
                raise MissingNameError(name, public_names(found)) from None
        return found

    def _name(self, command: Call | Each) -> str:
        """What is called, as the student's file names it: `hello`, or `Chat.send` for a method."""
        target = command.target if isinstance(command, Call) else None
        if target is None or target >= len(self._held):
            return command.name
        return f"{type(self._held[target]).__name__}.{command.name}"

    def _resolve(self, reference: Reference) -> Any:
        return self._held[reference.number]

    def _refer(self, thing: Any) -> Reference | Fields:
        import pydantic  # noqa: PLC0415 - warm already

        if isinstance(thing, pydantic.BaseModel):
            data: Any = pydantic.BaseModel.model_dump(thing, mode="json")  # packed by the caller
            return Fields(type(thing).__name__, data)
        return self._keep(thing)

    def _keep(self, thing: Any) -> Reference:
        self._held.append(thing)
        return Reference(len(self._held) - 1, type(thing).__name__[:200])

    def _raised(self, command: Command, error: BaseException) -> Raised:
        line, own = self._code.line_of(error.__traceback__)
        if isinstance(error, SyntaxError) and error.filename == self._code.file:
            line, own = error.lineno, True
        missing = error if isinstance(error, MissingNameError) else None
        if line is None and isinstance(command, Call | Each):
            line = self._code.first_line(command.name if missing else self._name(command))
        before: Value = None
        with contextlib.suppress(TooBigError):
            before = Packer(self._refer).pack(self._done)
        return Raised(
            command.call,
            kind=type(error).__name__[:200],
            bases=[base.__name__[:200] for base in type(error).__mro__[:20]],
            message=message_of(error),
            line=line,
            own=own,
            missing=missing.name if missing else None,
            names=missing.names if missing else [],
            library=str(error.name)[:100] if isinstance(error, ModuleNotFoundError) else None,
            before=before,
            begun=self._code.begun(error.__traceback__),
            code=self._code.text(line),
        )


def answered(result: Any) -> Any:
    """The answer of a function, which may be an async one."""
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def message_of(error: BaseException) -> str:
    """The exception's own words; a student's `__str__` may fail."""
    try:
        if isinstance(error, SyntaxError):
            text = str(error.msg)
        elif isinstance(error, KeyError) and error.args:
            text = repr(error.args[0])
        else:
            text = str(error)
        text[:MAX_MESSAGE].encode()
    except Exception:  # noqa: BLE001 - hostile or broken, either way there is no message
        return ""
    return text[:MAX_MESSAGE]


def public_names(thing: object) -> list[str]:
    """The callables of a module or object that a student may have meant, at most 100."""
    names = [name for name in dir(thing) if not name.startswith("_")]
    return [name for name in names if not hasattr(builtins, name)][:100]


def serve(sock: socket.socket, folder: Path, own: World) -> None:
    """Be the cell of one exercise: enter the isolation, then serve commands until the judge is gone."""
    layers.confine(own, folder)
    wire = Wire(sock)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):  # the zygote's were opened on another file
        stream = open(descriptor, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
    warnings.simplefilter("ignore")  # what is printed is shown to the student, and warnings name our files
    worker = Worker(wire, folder)
    interception.refuse_programs()
    interception.refuse_writing_outside(folder)
    while True:
        wire.finish(worker.answer(wire.command()))


def serve_alone(sock: socket.socket, folder: Path) -> None:
    """Be a cell in a process of its own, where the system cannot fork safely."""
    process.end_with(os.getppid())
    reached = (
        probe.sandboxed(folder.parent) if sys.platform == "darwin" else Isolation(isolation.PROCESS, LINUX_ONLY)
    )
    Wire(sock).finish(frame(Ready(warm_up(), reached)))
    serve(sock, folder, World(reached.tier))
