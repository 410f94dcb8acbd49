"""Landlock: of the file system a process sees the listed folders only, and no TCP and no foreign process."""

import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.cell.isolation import kernel

CREATE_RULESET_VERSION: Final = 1
RULE_PATH_BENEATH: Final = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_DEVICE: Final = 1 << 6 | 1 << 11  # character and block devices
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
OF_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
# what each version of the interface added to the thirteen rights of the first: version, rights of files
ADDED: Final = ((1, (1 << 13) - 1), (2, 1 << 13), (3, TRUNCATE), (5, IOCTL_DEV))
TCP: Final = 1 | 2  # bind and connect, from version 4 on
SCOPES: Final = 1 | 2  # abstract Unix sockets and signals, from version 6 on


def version() -> int:
    """The version of the kernel's interface. Raises OSError where there is none."""
    return kernel.syscall("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION)


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Leave this process these files and folders only, for good. Needs no_new_privs. Raises OSError."""
    found = version()
    rights = sum(added for since, added in ADDED if since <= found)
    ruleset = struct.pack("=QQQ", rights, TCP, SCOPES)[: 8 if found < 4 else 16 if found < 6 else 24]  # noqa: PLR2004
    rules = kernel.syscall("landlock_create_ruleset", ruleset, len(ruleset), 0)
    try:
        for path in readable:
            allow(rules, path, READ_FILE | READ_DIR)
        for path in writable:
            allow(rules, path, rights & ~(EXECUTE | MAKE_DEVICE | IOCTL_DEV))
        kernel.syscall("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def allow(rules: int, path: str, rights: int) -> None:
    """Add a rule for a path, and all below it; none for a path that is not there."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rule = struct.pack("=Qi", rights if folder else rights & OF_FILES, descriptor)
        kernel.syscall("landlock_add_rule", rules, RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def without(folder: str, hidden: Path) -> list[str]:
    """The folder's entries but for the one that leads to `hidden`: Landlock cannot take a part away again."""
    if not hidden.is_relative_to(folder):
        return [folder]
    return [entry.path for entry in os.scandir(folder) if not hidden.is_relative_to(entry.path)]
