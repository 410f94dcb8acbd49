"""The fixture `student`: a student's module, which lives in a cell."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from grader import messages, settings
from grader.cell.places import Serving
from grader.cell.protocol import (
    Call,
    Command,
    Each,
    Files,
    Hold,
    MakeClient,
    Raised,
    Read,
    Reply,
    Request,
    Returned,
    Run,
    Start,
)
from grader.cell.supervisor import CellDiedError
from grader.cell.values import Items, Packer, Pairs, Reference, TooBigError, Value, unpack
from grader.course.lessons import Exercise
from grader.judge import script
from grader.judge.allowance import allowance
from grader.judge.answering import Answering
from grader.judge.budget import Budget
from grader.judge.draws import Args, called
from grader.judge.outcomes import Ended, StudentError, died, failed, raised, tampered
from grader.judge.script import Ran
from grader.judge.submission import Submission
from grader.model import Finding, Verdict
from grader.replay.player import Player
from grader.settings import KEY_NAME

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class Handle:
    """An object that stays in the cell. `type` is its class name; nothing of it is here."""

    def __init__(self, student: "Student", reference: Reference) -> None:
        self.type = reference.name
        self._student = student
        self._number = reference.number

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method by its dotted name, as in `client.call("models.list")`."""
        return self._student._call(self._number, name, args, kwargs)

    def read(self, name: str) -> Any:
        """Read an attribute by its dotted name."""
        return self._student._read(self._number, name)

    def __repr__(self) -> str:
        return f"a value of type {self.type}"


class Student:
    """The submission's module of one exercise. `student.hello(1)` calls its function hello in the cell.

    Reserved names: call, each, files, hold, prepare, printed, read, run, source. A check never touches the
    student's objects, only data and handles. Each check, and each of its takes, begins in a fresh world.
    """

    def __init__(self, submission: Submission, exercise: Exercise, budget: Budget, key: str) -> None:
        self._submission = submission
        self._exercise = exercise
        self._budget = budget
        self._key = key
        self._cell: Serving | None = None
        self._player = Player(None, key)
        self._fresh = False  # whether the cell's world is the one of `_environment` and `_files`
        self._default = True  # whether that world is the one that every check begins with
        self._environment: dict[str, str | None] = {}
        self._files: dict[str, str | None] = {}
        self._broken: Finding | None = None
        self._timeouts = 0  # checks of this exercise that did not finish
        self._line: int | None = None
        self._function = ""
        self._returned: Any = None
        self._answering = Answering(self._player, exercise.file)
        self._before: Any = []  # results of the inputs before the one that raised

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(self.call, name)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function of this name."""
        return self._call(None, name, args, kwargs)

    def read(self, name: str) -> Any:
        """Read a variable of the student's module."""
        return self._read(None, name)

    def each(self, name: str, strategy: "SearchStrategy[Args]") -> Iterator[tuple[Args, Any]]:
        """Call a function with each of up to 100 drawn tuples of arguments; pairs of arguments and result.

        The smallest inputs come first, so that the first failing one is the one to show.
        """
        inputs = self._budget.draws.inputs(strategy)
        pack = Packer(self._reference).pack
        command = Each(name, Items("list", [pack(list(args)) for args in inputs]))
        self._function, stopped = f"{name}()", None
        try:
            results = self._data(command, self._function)
        except (StudentError, Ended) as error:
            results, stopped = self._before, error
        # One result for each input: a cell that sends fewer would end the check's loop before its assertions.
        if type(results) is not list or (len(results) != len(inputs)) == (stopped is None):
            raise tampered("another number of results than of inputs")
        for args, result in zip(inputs, results, strict=False):
            self._function, self._returned = called(name, args), result
            yield args, result
        if isinstance(stopped, StudentError) and len(results) < len(inputs):
            stopped.happened_in(called(name, inputs[len(results)]))
        if stopped:
            raise stopped

    def hold(self, value: Any) -> Handle:
        """Keep plain data in the cell; all calls that get the handle get one and the same object."""
        return self._handle(Hold(Packer(self._reference).pack(value)), "")

    def run(self, typed: Sequence[str] = ()) -> Ran:
        """Run the file as a script in a fresh world, and type these lines; then the input ends."""
        self._load("")
        made = len(self._player.requests)
        status = self._data(Run(self._exercise.name, script.keys(typed)), script.NAME)
        if type(status) is not int:
            raise tampered("an exit status that is no number")
        return Ran(self.printed, status, self._player.requests[made:])

    def files(self) -> dict[str, bytes]:
        """The files that student code left in its working folder, by name."""
        found: dict[str, bytes] = self._data(Files(), "")
        return found

    @property
    def printed(self) -> str:
        """What the last call printed."""
        return self._printed()

    def prepare(
        self, *, env: dict[str, str | None] | None = None, files: dict[str, str | None] | None = None
    ) -> None:
        """Change the world for the rest of this check; the module is loaded afresh in it. None removes."""
        self._environment |= env or {}
        self._files |= files or {}
        self._fresh = self._default = False

    @property
    def source(self) -> str:
        """The text of the student's file."""
        return self._content.decode("utf-8-sig")

    # What the judge uses; a student's function may have any name without an underscore.

    @cached_property
    def _content(self) -> bytes:
        """The student's file, read once."""
        return self._submission.source(self._exercise)

    def _begin(self, player: Player) -> None:
        self._player = player
        self._environment = {KEY_NAME: None}
        self._files = {".env": f"{KEY_NAME}={self._key}\n"}
        self._fresh, self._default = False, True
        self._line, self._function, self._returned = None, "", None
        self._answering = Answering(player, self._exercise.file)

    def _is_broken(self) -> bool:
        """Whether the file could not be loaded in the world that every check begins with."""
        return self._default and self._broken is not None

    def _discard_cell(self) -> None:
        if self._cell:
            self._cell.close()
            self._cell = None
        self._fresh = False

    def _forget(self) -> None:
        """Let nothing of a hidden take reach the next check: not the cell, nor how the file was loaded in it."""
        self._discard_cell()
        self._broken = None

    def _make_client(self) -> Handle:
        return self._handle(MakeClient(self._key), "OpenAI()")

    def _handle(self, command: Command, function: str) -> Handle:
        """Do a command whose value stays in the cell."""
        handle = self._data(command, function)
        if not isinstance(handle, Handle):
            raise tampered("something else than the client that was asked for")
        return handle

    def _where(self) -> str:
        return f"{self._exercise.file}:{self._line}" if self._line else self._exercise.file

    def _printed(self) -> str:
        return self._cell.printed if self._cell else ""

    def _call(self, target: int | None, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        pack = Packer(self._reference).pack
        values = Items("list", [pack(item) for item in args])
        named = Pairs([(key, pack(value)) for key, value in kwargs.items()])
        self._function = f"{name}()"
        self._returned = None
        self._returned = self._data(Call(target, name, values, named), self._function)
        return self._returned

    def _read(self, target: int | None, name: str) -> Any:
        return self._data(Read(target, name), name)

    def _reference(self, thing: Any) -> Reference:
        if isinstance(thing, Handle):
            return Reference(thing._number, thing.type)
        raise TypeError(f"a check passed {type(thing).__name__!r} to student code; plain data and handles only")

    def _data(self, command: Command, function: str) -> Any:
        """Do a command and return its value as data."""
        return self._unpacked(self._do(command, function).value)

    def _unpacked(self, value: Value) -> Any:
        try:
            return unpack(value, lambda reference: Handle(self, reference))
        except (TooBigError, ValueError, TypeError, KeyError):
            raise tampered("a value that cannot be unpacked") from None

    def _do(self, command: Command, function: str) -> Returned:
        if self._default and self._broken:
            raise Ended(self._broken)
        if not self._fresh:
            self._load(self._exercise.name)
        self._before = []
        outcome = self._ask(command)
        self._line = outcome.line or self._line
        if isinstance(outcome, Raised):
            self._before = self._unpacked(outcome.before)
            raise raised(outcome, function, self._exercise, self._submission.modules)
        return outcome

    def _load(self, module: str) -> None:
        """Start the world that the check asked for, and load the student's module in it, if one is named."""
        try:
            source = self._content
            outcome = self._ask(self._start(source, module))
            if isinstance(outcome, Returned) and outcome.value is False:  # its threads go on
                self._discard_cell()
                self._player.forget()  # what those threads asked belongs to an earlier check
                outcome = self._ask(self._start(source, module))
            if isinstance(outcome, Raised):
                raise raised(outcome, "", self._exercise, self._submission.modules)
        except Ended as ended:
            if self._default:
                self._broken = ended.finding  # the same for every check; a time-out is waited for once
            raise
        self._fresh = True

    def _start(self, source: bytes, module: str) -> Start:
        if self._cell is None:
            self._cell = self._budget.cells.open()
            self._cell.lent = allowance(source)
        environment = settings.student_environment(self._cell.folder) | self._environment
        files = {name: text.encode() for name, text in self._files.items() if text is not None}
        return Start(
            module,
            {name: value for name, value in environment.items() if value is not None},
            files | {self._exercise.file: source},
        )

    def _ask(self, command: Command) -> Returned | Raised:
        limits = self._budget.limits
        if max(self._budget.used, self._budget.processor) > limits.submission_seconds:
            message = messages.SUBMISSION_TIMEOUT.format(seconds=messages.seconds(limits.submission_seconds))
            raise Ended(Finding(verdict=Verdict.TIMEOUT, message=message, next=messages.NEXT_TIMEOUT))
        if self._cell is None:
            raise Ended(failed("a handle was used after its cell was gone"))
        begun, cell, lent = time.monotonic(), self._cell, self._cell.lent
        try:
            return cell.do(command, self._answer, self._answering.refused)
        except CellDiedError as error:
            self._cell, self._fresh = None, False
            raise Ended(died(error, limits.call_seconds, self._exercise.file)) from None
        except BaseException:
            self._discard_cell()  # it still waits for an answer that will not come
            raise
        finally:
            borrowed = lent - cell.lent
            self._budget.used += max(0.0, time.monotonic() - begun - borrowed)
            self._budget.processor += max(0.0, cell.processor - borrowed)

    def _answer(self, request: Request) -> Reply:
        begun = time.monotonic()
        reply = self._answering.reply(request)
        if self._player.waits and self._cell:
            waited = time.monotonic() - begun
            self._cell.pardon(waited)
            self._budget.used -= waited
        return reply
