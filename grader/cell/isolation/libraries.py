"""What student code needs to see of the file system: Python, the installed libraries, and the cell's own code."""

import os
import sys
from pathlib import Path
from typing import Final

CELL: Final = Path(__file__).resolve().parents[1]
GRADER: Final = CELL.parent  # hidden, but for the cell's own part, where it stands among the libraries
# the system's shared libraries, time zones, and on NixOS and Guix whatever Python is made of
SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo"),
    *("/nix/store", "/gnu/store"),
)
DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def folders() -> list[str]:
    """Folders and files that are read, without links; none lies in another. To be called when all is imported."""
    installed = [path for path in sys.path if not Path(path, "assignments").is_dir()]  # no checkout of a course
    found = [*SYSTEM, str(Path(sys.base_prefix, "lib")), str(CELL), *installed, *linked()]
    real = sorted({os.path.realpath(path) for path in found if path and Path(path).exists()})
    kept: list[str] = []
    for path in real:
        if not (kept and path.startswith(kept[-1] + os.sep)):
            kept.append(path)
    return kept


def links() -> list[str]:
    """The system's folders that are links to others, as /lib is to usr/lib."""
    return [path for path in (*SYSTEM, *sys.path) if Path(path).is_symlink()]


def linked() -> list[str]:
    """Where the libraries are that are linked into a folder of sys.path, as some installers do."""
    files = (getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if "." not in name)
    return [str(Path(file).resolve().parent) for file in files if file and leads_elsewhere(file)]


def leads_elsewhere(file: str) -> bool:
    """Whether a module's file, or its folder, is a link."""
    return Path(file).is_symlink() or Path(file).parent.is_symlink()
