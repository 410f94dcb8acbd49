"""The seccomp filter: a short program that lets the listed system calls through and refuses all others.

It is classic BPF, as in <linux/filter.h>. It looks at numbers and arguments only, never at what one points to.
"""

import ctypes
import errno
import os
import platform
import struct
from functools import cache
from typing import Final, NamedTuple

from grader.cell.isolation import kernel, syscalls

SET_MODE_FILTER: Final = 1
KILL_PROCESS, REFUSE, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000  # REFUSE | errno
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16  # in struct seccomp_data
AUDIT_ARCHITECTURE: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32: Final = 0x40000000  # x86_64 numbers from here on are another table
ALL: Final = 0xFFFFFFFF

CLONE_THREAD: Final = 0x00010000
NEW_NAMESPACES: Final = 0x7E020000  # user, pid, net, ipc, uts, cgroup, mount
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCK_KIND = 1, 2, 0xF
MSG_FASTOPEN: Final = 0x20000000  # connects in passing
SOL_SOCKET: Final = 1
O_TRUNC, O_ACCESS = 0x200, 0x3
FCNTL: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # no owner, no signal, no lease, no seal
IOCTL: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS WINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX
PRCTL: Final = (3, 15, 16)  # GET_DUMPABLE, SET_NAME, GET_NAME

INSTRUCTION: Final = struct.Struct("=HBBI")
Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


class Only(NamedTuple):
    """A guarded call goes through only where argument `position` (from 0), masked, is one of `values`.

    `upper` means the upper 32 of its 64 bits; numbers that the kernel takes as int have none.
    """

    position: int
    values: tuple[int, ...]
    mask: int = ALL
    upper: bool = False


def guards(me: int) -> dict[str, tuple[Only, ...]]:
    """The conditions for the guarded calls of the process with this id."""
    # Truncating a file that is open for reading only is a write that old versions of Landlock do not see.
    modes = (0, 1, 2, O_TRUNC | 1, O_TRUNC | 2)
    return {
        "open": (Only(1, modes, O_TRUNC | O_ACCESS),),
        "openat": (Only(2, modes, O_TRUNC | O_ACCESS),),
        "ioctl": (Only(1, IOCTL),),
        "fcntl": (Only(1, FCNTL),),
        "prctl": (Only(0, PRCTL),),
        "prlimit64": (Only(0, (0,)),),
        "clone": (Only(0, (CLONE_THREAD,), CLONE_THREAD | NEW_NAMESPACES),),
        "kill": (Only(0, (0, me)),),  # 0: its own group, in which it is alone
        "tgkill": (Only(0, (me,)),),
        "socket": (Only(0, (AF_UNIX, AF_INET, AF_INET6)), Only(1, (SOCK_STREAM, SOCK_DGRAM), SOCK_KIND)),
        "socketpair": (Only(0, (AF_UNIX,)), Only(1, (SOCK_STREAM,), SOCK_KIND)),
        "sendto": (Only(4, (0,)), Only(4, (0,), upper=True), Only(3, (0,), MSG_FASTOPEN)),
        "setsockopt": (Only(1, (SOL_SOCKET,)),),
    }


@cache
def beginning(machine: str) -> bytes:
    """The filter's first part, the same for every process: calls that are answered whatever their arguments."""
    code: list[Instruction] = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUAL, 1, 0, AUDIT_ARCHITECTURE[machine])]
    code += [(RETURN, 0, 0, KILL_PROCESS), (LOAD, 0, 0, NUMBER_AT)]
    if machine == "x86_64":
        code += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL_PROCESS)]
    for table, answer in (
        (syscalls.ALLOWED, ALLOW),
        (syscalls.PRETENDED, REFUSE),  # "refused with error 0": nothing happens, and the caller is content
        (syscalls.UNKNOWN, REFUSE | errno.ENOSYS),
    ):
        for number in syscalls.numbers(table, machine).values():
            code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, answer)]
    return packed(code)


def program(me: int, machine: str) -> bytes:
    """The whole filter for the process with this id."""
    code: list[Instruction] = []
    conditions = guards(me)
    for name, number in syscalls.numbers(syscalls.GUARDED, machine).items():
        block = [instruction for only in conditions[name] for instruction in guard(only)]
        block.append((RETURN, 0, 0, ALLOW))
        code += [(EQUAL, 0, len(block), number), *block]
    refuse = (RETURN, 0, 0, REFUSE | errno.EPERM)
    code += [(AT_LEAST, 0, 1, syscalls.NEWEST), (RETURN, 0, 0, REFUSE | errno.ENOSYS), refuse]
    return beginning(machine) + packed(code)


def guard(only: Only) -> list[Instruction]:
    """Refuse the call unless its argument fits. The number need not be loaded again: every way out returns."""
    count = len(only.values)
    at = ARGUMENTS_AT + 8 * only.position + 4 * only.upper  # both processors are little-endian
    tests = [(EQUAL, count - place, 0, value) for place, value in enumerate(only.values)]
    return [(LOAD, 0, 0, at), (AND, 0, 0, only.mask), *tests, (RETURN, 0, 0, REFUSE | errno.EPERM)]


def packed(code: list[Instruction]) -> bytes:
    """Instructions as the kernel reads them."""
    return b"".join(INSTRUCTION.pack(*instruction) for instruction in code)


def restrict() -> None:
    """Let this process make the listed calls only, for good. Needs no_new_privs. Raises OSError."""
    code = program(os.getpid(), platform.machine())
    kept = ctypes.create_string_buffer(code, len(code))
    fprog = struct.pack("=H6xQ", len(code) // INSTRUCTION.size, ctypes.addressof(kept))
    kernel.syscall("seccomp", SET_MODE_FILTER, 0, fprog)
