"""What student code must not do: reach the network by itself, start programs, write outside its folder.

Audit hooks stop honest code with a clear sentence, the same one everywhere. Hostile code is stopped by the kernel,
at tiers 3 and 4.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from grader.cell.interception.imports import on_import

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
        if (event, address[1:2]) != ("socket.bind", (0,)):  # any free port: urllib3 only asks if there is IPv6
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
