"""Tier 4: a root of its own that holds the libraries and nothing else, no network, and processes nobody else sees.

The zygote enters once and stays the first process of its world, so that the world ends with it. Each worker has
its own copy of the root, with a small file system in memory as its working folder. It cannot start processes.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.cell.isolation import kernel
from grader.cell.isolation.libraries import CELL, DEVICES, GRADER

NEW_MOUNTS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NETWORK = 1 << 17, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30
NO_SETUID, NO_DEVICES, NO_EXECUTION, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 1 << 12, 1 << 14, 1 << 18
DETACH: Final = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTRIBUTES_READ_ONLY: Final = 1 | NO_SETUID  # of mount_setattr; its numbers for these two are those of mount


def enter(root: Path, folder: Path, visible: Iterable[str], links: Iterable[str]) -> int:
    """Fork a process that goes on in a world of its own: 0 there, its process id here. Raises OSError.

    `root` is an empty folder to build the world on, `folder` the path of the workers' folder in it.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.call("unshare", NEW_USER | NEW_MOUNTS | NEW_PID | NEW_NETWORK | NEW_IPC | NEW_UTS)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        Path("/proc/self", name).write_text(text, "ascii")
    build(str(root), folder, visible, links)
    move(str(root))
    return os.fork()


def build(root: str, folder: Path, visible: Iterable[str], links: Iterable[str]) -> None:
    """Make the root: the visible folders, read-only, some devices, and an empty place for the workers' folder."""
    mount(None, "/", None, RECURSIVE | PRIVATE)
    mount("tmpfs", root, "tmpfs", NO_SETUID | NO_DEVICES, b"size=4m,mode=755")
    for path in links:
        if not any(path.startswith(f"{one}/") for one in visible):
            Path(root + path).parent.mkdir(parents=True, exist_ok=True)
            Path(root + path).symlink_to(os.path.realpath(path))
    for path in visible:
        bind(path, root)
    if any(GRADER.is_relative_to(path) for path in visible):
        mount("tmpfs", f"{root}{GRADER}", "tmpfs", NO_SETUID | NO_DEVICES, b"size=64k,mode=755")
        bind(str(CELL), root)
    for path in DEVICES:
        bind(path, root)
    Path(f"{root}{folder}").mkdir(parents=True)
    Path(f"{root}{folder.parent}", ".env").touch()


def move(root: str) -> None:
    """Make the new root this process's only one."""
    os.chdir(root)
    kernel.syscall("pivot_root", b".", b".")
    kernel.call("umount2", b".", DETACH)  # the old root lies over the new one
    os.chdir("/")
    read_only("/", 0)


def own_folder(folder: Path, size: int, files: int) -> None:
    """Give this process its own view of the root, with an empty folder in memory of so many bytes and files."""
    kernel.call("unshare", NEW_MOUNTS)
    options = f"size={size},nr_inodes={files},mode=700".encode()
    mount("tmpfs", str(folder), "tmpfs", NO_SETUID | NO_DEVICES | NO_EXECUTION, options)


def bind(path: str, root: str) -> None:
    """Show a file or folder under the root, read-only; nothing for a path that is not there."""
    place = Path(root + path)
    if Path(path).is_dir():
        place.mkdir(parents=True, exist_ok=True)
    elif Path(path).exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    else:
        return
    mount(path, str(place), None, BIND | RECURSIVE)
    read_only(str(place), AT_RECURSIVE)


def read_only(path: str, flags: int) -> None:
    """Make a mount read-only, with AT_RECURSIVE also those below it (Linux 5.12 or later)."""
    attributes = b"".join(number.to_bytes(8, "little") for number in (ATTRIBUTES_READ_ONLY, 0, 0, 0))
    kernel.syscall("mount_setattr", AT_FDCWD, os.fsencode(path), flags, attributes, len(attributes))


def mount(source: str | None, target: str, kind: str | None, flags: int, options: bytes | None = None) -> None:
    """Attach a file system to a folder."""
    names = [None if name is None else os.fsencode(name) for name in (source, target, kind)]
    kernel.call("mount", *names, flags, options)
