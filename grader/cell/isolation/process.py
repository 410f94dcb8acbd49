"""Tier 1: a process of its own with limits that stop accidents, not attacks."""

import ctypes
import signal
import sys
from typing import Final

if sys.platform != "win32":
    import resource

MEMORY: Final = 3 << 30  # bytes of address space; the warm cell uses a tenth
FILE: Final = 64 << 20  # bytes of one file
PR_SET_PDEATHSIG: Final = 1
LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


def enter() -> None:
    """Limit this process for good. On Windows the judge's time limit is all there is."""
    if sys.platform == "win32":
        return
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_AS, MEMORY),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # the zygote's end is the worker's end
