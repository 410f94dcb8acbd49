"""The start of a cell: `python .../grader/cell/__main__.py zygote|worker FD FOLDER [TIER]`.

The file is run by its path. Of the package `grader` it shows the cell's own modules only: the real package,
with checks' helpers and the replay, is not importable here.
"""

import importlib.abc
import socket
import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent


class OnlyTheCell(importlib.abc.MetaPathFinder):
    """Finds nothing of the package `grader` but `grader.cell`, however grader is installed."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Refuse the rest of the package; leave all other names to the finders that follow."""
        del path, target
        if fullname.startswith("grader.") and not fullname.startswith("grader.cell."):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def hide_the_rest() -> None:
    """Make `grader` a package that holds nothing but `grader.cell`, and forget the project's folder."""
    for name, path in (("grader", []), ("grader.cell", [str(HERE)])):
        package = ModuleType(name)
        package.__path__ = path
        sys.modules[name] = package
    sys.meta_path.insert(0, OnlyTheCell())
    project = HERE.parents[1]
    if (project / "assignments").is_dir():  # a checkout, not a folder of installed libraries
        sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != project]


def judge_socket() -> socket.socket:
    """The socket to the judge: an inherited descriptor, or on Windows what the judge shares over stdin."""
    if sys.platform == "win32":
        return socket.fromshare(sys.stdin.buffer.read())
    return socket.socket(fileno=int(sys.argv[2]))


def main() -> None:
    """Run as the role that the judge asked for."""
    hide_the_rest()
    from grader.cell import worker, zygote  # noqa: PLC0415 - importable only now

    if sys.argv[1] == "zygote":
        zygote.serve(judge_socket(), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        worker.serve_alone(judge_socket(), Path(sys.argv[3]))


if __name__ == "__main__":
    main()
