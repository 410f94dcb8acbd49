"""HTTP requests of student code become frames to the judge; every other way out of the cell is refused.

httpx2 carries openai 3, httpx carries openai 2 and other SDKs; one that is not there yet is patched when it is
first imported. Everything above the transport (clients, retries, streams, errors) is the real
library.
"""

import importlib.abc
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from grader.cell.protocol import Reply, Request

LIBRARIES = ("httpx2", "httpx")
Send = Callable[[Request], Reply]
Line = Callable[[], int | None]


def intercept(send: Send, line: Line) -> None:
    """Carry the requests of httpx2 and httpx through `send`, now or once they are imported."""
    for name in LIBRARIES:
        on_import(name, lambda module: patch(module, send, line))


def on_import(name: str, then: Callable[[ModuleType], None]) -> None:
    """Call `then` with a module, now or right after its first import."""
    if name in sys.modules:
        then(sys.modules[name])
    else:
        sys.meta_path.insert(0, OnImport(name, then))


def patch(http: ModuleType, send: Send, line: Line) -> None:
    """Replace the transports of httpx2 or httpx (they share their interface)."""

    def handle_request(_transport: object, request: Any) -> Any:
        request.read()
        return respond(send(described(request, line())), request, pieces)

    async def handle_async_request(_transport: object, request: Any) -> Any:
        await request.aread()
        return respond(send(described(request, line())), request, async_pieces)

    def respond(reply: Reply, request: object, stream: Callable[[list[bytes]], object]) -> object:
        return http.Response(reply.status, headers=reply.headers, content=stream(reply.pieces), request=request)

    http.HTTPTransport.handle_request = handle_request
    http.AsyncHTTPTransport.handle_async_request = handle_async_request


def described(request: Any, line: int | None) -> Request:
    """The frame for a request of httpx2 or httpx whose body was read."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, str(request.url), headers, request.content, line)


def pieces(parts: list[bytes]) -> Iterator[bytes]:
    """A streamed body, piece by piece."""
    yield from parts


async def async_pieces(parts: list[bytes]) -> AsyncIterator[bytes]:
    """The same for an async client."""
    for part in parts:
        yield part


class OnImport(importlib.abc.MetaPathFinder):
    """Calls `then` with a module right after its first import."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._then = then
        self._searching = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the module as always, with a loader that calls `then` at its end."""
        del path, target
        if fullname != self._name or self._searching:
            return None
        self._searching = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._searching = False
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                sys.meta_path.remove(self)
                self._then(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


NETWORK_EVENTS = {
    "socket.connect": 1,  # where the event's arguments hold the address
    "socket.bind": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


def refuse_network(report: Callable[[str], None]) -> None:
    """Refuse all sockets of this process for good: an audit hook cannot be removed.

    It stops honest code with a clear sentence. Hostile code is stopped by the kernel, at tiers 3 and 4.
    """

    def hook(event: str, args: tuple[Any, ...]) -> None:
        at = NETWORK_EVENTS.get(event)
        if at is None or args[at] is None or _own_pair(sys._getframe(1)):  # noqa: SLF001
            return
        address = args[at]
        host = str(address[0] if isinstance(address, tuple) else address)[:200]
        report(host)
        raise ConnectionRefusedError(f"There is no network here. Your code tried to reach {host!r}.")

    sys.addaudithook(hook)


PROGRAM_EVENTS = frozenset(
    [
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
    ]
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NoProgramsError(PermissionError):
    """Student code tried to start a program or a process."""


class OutsideError(PermissionError):
    """Student code tried to write a file outside its working folder."""


def refuse_programs() -> None:
    """Refuse all other programs and processes to this process for good, with a clear sentence.

    At tiers 3 and 4 the kernel refuses them, too; honest code shall read the same everywhere.
    """

    def hook(event: str, args: tuple[Any, ...]) -> None:
        del args
        if event in PROGRAM_EVENTS:
            raise NoProgramsError("No other program or process can be started here.")

    sys.addaudithook(hook)
    on_import("_multiprocessing", without_processes)


def without_processes(module: ModuleType) -> None:
    """Refuse locks between processes: they are made in a folder that the cell has not at every tier."""

    class SemLock:
        SEM_VALUE_MAX = module.SemLock.SEM_VALUE_MAX

        def __init__(self, *_args: object) -> None:
            raise NoProgramsError("No other program or process can be started here.")

    module.SemLock = SemLock  # type: ignore[attr-defined]


def refuse_writing_outside(folder: Path) -> None:
    """Refuse this process for good to open files for writing outside a folder; the same for the same reason."""
    inside = (f"{folder}{os.sep}", f"{os.devnull}{os.sep}")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | bytes) and args[2] & WRITES:
            path = os.path.abspath(os.fsdecode(args[0]))  # noqa: PTH100 - Path.resolve() would follow links
            if not f"{path}{os.sep}".startswith(inside):
                raise OutsideError(f"Your code may write into its own folder only, and not to {path!r}.")

    sys.addaudithook(hook)


def _own_pair(frame: FrameType) -> bool:
    """Windows has no socketpair: Python makes one over loopback, and asyncio needs it."""
    return sys.platform == "win32" and frame.f_code.co_name in ("socketpair", "_fallback_socketpair")
