"""Tier 2 (macOS): the profile with which `sandbox-exec` starts a cell. Untested: written from Apple's documents.

Later rules win. A cell reads what it needs of the user's home, writes into its folder, and reaches no network and
no other process. It is no promise against attacks: Apple calls sandbox-exec deprecated.
"""

from collections.abc import Iterable
from pathlib import Path

SANDBOX_EXEC = Path("/usr/bin/sandbox-exec")


def command(folder: Path, readable: Iterable[str]) -> list[str]:
    """What stands before a cell's own command; nothing where macOS does not have it any more."""
    return [str(SANDBOX_EXEC), "-p", profile(folder, readable)] if SANDBOX_EXEC.exists() else []


def profile(folder: Path, readable: Iterable[str]) -> str:
    """The rules for a cell that works in `folder`."""
    allowed = " ".join(f"(subpath {quoted(path)})" for path in readable)
    return "\n".join(
        [
            "(version 1)",
            "(allow default)",
            "(deny network*)",
            "(deny process-fork)",
            "(deny signal (target others))",
            "(deny process-info* (target others))",
            "(deny mach-priv-task-port)",
            f"(deny file-read-data (subpath {quoted(str(Path.home()))}))",
            f"(deny file-read-data (subpath {quoted(str(folder.parent))}))",
            f"(allow file-read-data {allowed} (literal {quoted(str(folder.parent / '.env'))}))",
            "(deny file-write*)",
            f"(allow file-read* file-write* (subpath {quoted(str(folder))}))",
            '(allow file-write-data (literal "/dev/null"))',
        ]
    )


def quoted(text: str) -> str:
    """A string of the profile's language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
