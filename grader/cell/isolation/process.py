"""Tier 1: a process of its own with limits that stop accidents, not attacks."""

import os
import signal
import sys
from typing import Final

from grader.cell.isolation import kernel

if sys.platform != "win32":
    import resource

MEMORY: Final = 2 << 30  # bytes of address space; the warm cell uses a tenth
DISK: Final = 64 << 20  # bytes of a file, and of all files of the working folder together
FILES: Final = 1_000  # of the working folder
OPEN_FILES: Final = 256


def enter() -> None:
    """Limit this process for good. On Windows the judge's time limit is all there is."""
    if sys.platform == "win32":
        return
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, DISK),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, MEMORY),
    ):
        hard = resource.getrlimit(limit)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))


def end_with(parent: int) -> None:
    """Let the end of the parent be the end of this process (Linux), also where it has ended already."""
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
