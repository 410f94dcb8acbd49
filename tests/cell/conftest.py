"""Real cells, driven as the judge drives them."""

import contextlib
import json
import os
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from grader import settings
from grader.cell.executed import Spare
from grader.cell.forked import Zygote
from grader.cell.protocol import Call, Raised, Reply, Start
from grader.cell.supervisor import Cell, CellDiedError
from grader.cell.values import Items, Packer, Pairs, unpack

LINUX = sys.platform == "linux"
# every way to start a cell, with the tier that it is to reach
LAUNCHERS = {"namespaces": 4, "landlock": 3, "process": 1, "spare": 1} if LINUX else {"spare": 1}
SECONDS = 20.0  # of one call; far more than an honest one needs on a busy machine
JSON = {"content-type": "application/json", "x-should-retry": "false"}
MARK = "GRADER_TEST_MARK"  # a variable by which a test finds the processes that it caused


def launched(name, environment):
    """A launcher of this kind."""
    return Spare(environment) if name == "spare" else Zygote(environment, LAUNCHERS[name])


class Cells:
    """Student code in cells of one launcher. A cell serves until it dies, like the judge's."""

    def __init__(self, name, mark=None):
        self.name = name
        self.mark = mark or uuid.uuid4().hex
        self.launcher = launched(name, settings.cell_environment() | {MARK: self.mark})
        self.requests = []
        self.refused = []
        self._cell = None
        self._closed = False
        self._seconds = SECONDS

    def start(self, source, *, environment=None, files=None, seconds=SECONDS):
        """Begin a fresh world with this module, in a cell whose calls may last so long. Its outcome."""
        if self._cell is None or seconds != self._seconds:
            self.close_cell()
            self._cell = Cell(self.launcher.spawn(), seconds)
            self._seconds = seconds
        world = settings.student_environment(self.folder) | (environment or {})
        text = textwrap.dedent(source).encode() if isinstance(source, str) else source
        outcome = self.do(Start("ex", world, (files or {}) | {"ex.py": text}))
        if isinstance(outcome, Raised) or outcome.value:
            return outcome
        self.close_cell()  # threads of the world before go on in this cell
        return self.start(source, environment=environment, files=files, seconds=seconds)

    def call(self, name, *args, target=None, answer=None, **kwargs):
        """Call a function of the module, or a method of the object with this number. Its outcome."""
        pack = Packer(lambda reference: reference).pack
        values = Items("list", [pack(arg) for arg in args])
        named = Pairs([(key, pack(value)) for key, value in kwargs.items()])
        return self.do(Call(target, name, values, named), answer)

    def plain(self, outcome):
        """The data of an outcome; a reference stays one."""
        return plain(outcome)

    def completion(self, text):
        """A chat completion as the API sends it."""
        return completion(text)

    def value(self, *args, **kwargs):
        """What a call returned, as the judge sees it."""
        return plain(self.call(*args, **kwargs))

    def result(self, source, *args, **world):
        """What function `f` of this module returns."""
        started = self.start(source, **world)
        if isinstance(started, Raised):
            self.close_cell()  # the next test shall not suffer from it
        plain(started)
        return self.value("f", *args)

    def death(self, source, *args, seconds=SECONDS, name="f"):
        """How a cell dies that runs this module: its verdict, and the detail."""
        try:
            outcome = self.start(source, seconds=seconds)
            if not isinstance(outcome, Raised):
                outcome = self.call(name, *args)
        except CellDiedError as error:
            return str(error.verdict), error.detail
        finally:
            if seconds != SECONDS:
                self.close_cell()
        return outcome

    def do(self, command, answer=None):
        """Send a command. A cell that died is not used again."""
        self.requests.clear()
        self.refused.clear()

        def logged(request):
            self.requests.append(request)
            return (answer or nothing)(request)

        try:
            return self._cell.do(command, logged, self.refused.append)
        except CellDiedError:
            self._cell = None
            raise
        except BaseException:
            self.close_cell()  # it waits for an answer that will not come
            raise

    def another(self, environment):
        """One more launcher of the same kind, which the caller closes."""
        return launched(self.name, environment)

    @property
    def isolation(self):
        """What the cells say of their isolation."""
        return self.launcher.ready().isolation

    @property
    def cell(self):
        """The present cell."""
        return self._cell

    @property
    def folder(self):
        """The working folder of the present cell."""
        return self._cell.folder

    @property
    def printed(self):
        """What the last call printed."""
        return self._cell.printed

    def processes(self):
        """The processes of this launcher that are alive, with their command lines (Linux)."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                mark = f"{MARK}={self.mark}".encode()
                if state not in "ZX" and mark in (process / "environ").read_bytes():
                    found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def survivors(self, seconds=5.0):
        """Wait for all processes to end. Those that did not."""
        give_up = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < give_up:
            time.sleep(0.02)
        return left

    def close_cell(self):
        """End the present cell."""
        if self._cell:
            self._cell.close()
            self._cell = None

    def close(self):
        """End everything; harmless where a test has done it already."""
        self.close_cell()
        if not self._closed:
            self._closed = True
            self.launcher.close()


def completion(text="Hello!", **fields):
    """A chat completion as the API sends it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return Reply(200, JSON, [json.dumps(body | fields).encode()])


def nothing(_request):
    """Answer a request as the API answers one that it does not like."""
    return Reply(400, JSON, [b'{"error": {"message": "no", "type": "invalid_request_error"}}'])


def plain(outcome):
    """The data of an outcome; a reference stays one."""
    assert not isinstance(outcome, Raised), outcome
    return unpack(outcome.value, lambda reference: reference)


@pytest.fixture(scope="session")
def canary():
    """A secret in the user's environment while cells start."""
    name, value = "GRADER_TEST_CANARY", uuid.uuid4().hex
    os.environ[name] = value
    yield value
    del os.environ[name]


def made(name):
    """Cells of this kind; where their tier is out of reach here, the test is skipped with the reason."""
    cells = Cells(name)
    if cells.isolation.tier < LAUNCHERS[name]:
        missing = cells.isolation.missing
        cells.close()
        pytest.skip(missing)
    return cells


@pytest.fixture(scope="session", params=LAUNCHERS)
def cells(request, canary):
    """Cells of each kind."""
    del canary
    cells = made(request.param)
    yield cells
    cells.close()


@pytest.fixture(scope="session")
def quick_cells(canary):
    """Cells as a student's run has them, for tests that use many."""
    del canary
    cells = Cells(next(iter(LAUNCHERS)))
    yield cells
    cells.close()


@pytest.fixture(scope="session")
def open_cells(canary):
    """Cells in which the kernel forbids nothing, for code that attacks the judge's own care."""
    del canary
    cells = Cells("process" if LINUX else "spare")
    yield cells
    cells.close()


@pytest.fixture(scope="session", params=[name for name, tier in LAUNCHERS.items() if tier >= 3] or ["none"])
def isolated(request):
    """Cells of each tier that the kernel holds."""
    if request.param == "none":
        pytest.skip("kernel isolation is for Linux")
    cells = made(request.param)
    yield cells
    cells.close()


@pytest.fixture
def new_of_kind():
    """Makes cells of a kind that this test may spoil."""
    kept = []

    def make(name):
        kept.append(made(name))
        return kept[-1]

    yield make
    for cells in kept:
        cells.close()


@pytest.fixture(params=LAUNCHERS)
def new_cells(request):
    """Cells of each kind, in processes that this test may spoil."""
    cells = made(request.param)
    yield cells
    cells.close()
