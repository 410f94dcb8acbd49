"""Linux's own interface: the C library's functions, and system calls for which it has none."""

import ctypes
import os
import sys
from typing import Any, Final

from grader.cell.isolation import syscalls

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
CAPABILITIES_3: Final = 0x20080522
LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library with integers, bytes and None. Raises OSError that names the function."""
    return _checked(name, getattr(LIBC, name)(*map(_plain, arguments)))


def syscall(name: str, *arguments: Any) -> int:
    """Make a system call by its name in syscalls.OURS. Raises OSError that names it."""
    number = syscalls.numbers(syscalls.OURS)[name]
    return _checked(name, getattr(LIBC, "syscall")(ctypes.c_long(number), *map(_plain, arguments)))  # noqa: B009


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process."""
    call("prctl", option, value, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up all of root's powers for good; files that root owns stay readable to it."""
    header = CAPABILITIES_3.to_bytes(4, sys.byteorder) + bytes(4)
    call("capset", header, bytes(24))


def hide_memory() -> None:
    """Keep other processes of the same ordinary user out of this one's memory, and take no core dump of it."""
    prctl(PR_SET_DUMPABLE, 0)


def _plain(argument: Any) -> Any:
    """Integers as wide as a register: the C library's functions take varying numbers of them."""
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def _checked(name: str, result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result
