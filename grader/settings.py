"""The only reader of the environment: what student code may see of it, and the limits of a run."""

import os
import sys
from pathlib import Path

import msgspec

# What a process needs to start at all; everything else of the user's environment stays out of the cell.
ALLOWED = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC")
FIXED = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the order of a set is the same in every run
    "PYTHONUTF8": "1",
    "NO_COLOR": "1",
    # No TLS is ever spoken in a cell, and loading the system's certificates costs 20 ms a client.
    "SSL_CERT_DIR": os.devnull,
}


class Limits(msgspec.Struct, frozen=True):
    """Wall time in seconds: of one call of student code, and of all calls of a submission."""

    call_seconds: float = 10.0
    submission_seconds: float = 120.0


def cell_environment() -> dict[str, str]:
    """The environment of a cell's process."""
    return {name: os.environ[name] for name in ALLOWED if name in os.environ} | FIXED


def student_environment(folder: Path) -> dict[str, str]:
    """The environment that student code sees: its working folder is its home."""
    home = str(folder)
    names = ("HOME", "TMPDIR") if sys.platform != "win32" else ("USERPROFILE", "TEMP", "TMP")
    return cell_environment() | dict.fromkeys(names, home)
