"""A student's file run as a script: as `__main__`, with real standard input and output.

Python runs a script's own file the same way; only the process is the cell's, where openai is warm and intercepted.
"""

import contextlib
import os
import sys
from collections.abc import Iterator

from grader.cell.student_code import StudentCode

STDIN = 0
MAIN = "__main__"


def run(code: StudentCode, typed: bytes) -> int:
    """Run the file while `typed`, and then the end of the input, waits at standard input. Its exit status.

    `typed` must fit into a pipe. Whatever the script raises goes through, but for SystemExit.
    """
    sys.argv[:] = [code.file]
    with standard_input(typed), own_main():
        try:
            code.load(MAIN)
        except SystemExit as exit_:
            return status(exit_)
    return 0


@contextlib.contextmanager
def standard_input(typed: bytes) -> Iterator[None]:
    """Descriptor 0 and sys.stdin are a pipe that holds these bytes and is closed behind them."""
    reader, writer = os.pipe()
    os.write(writer, typed)
    os.close(writer)
    before, stream = os.dup(STDIN), sys.stdin
    os.dup2(reader, STDIN)
    os.close(reader)
    sys.stdin = open(STDIN, encoding="utf-8", closefd=False)  # noqa: SIM115 - quit() and scripts may close it
    try:
        yield
    finally:
        sys.stdin = stream
        os.dup2(before, STDIN)
        os.close(before)


@contextlib.contextmanager
def own_main() -> Iterator[None]:
    """Put the cell's own `__main__` back when the script has replaced it."""
    ours = sys.modules[MAIN]
    try:
        yield
    finally:
        sys.modules[MAIN] = ours


def status(ended: SystemExit) -> int:
    """The exit status that Python makes of it: a text is printed, and means 1."""
    if ended.code is None:
        return 0
    if isinstance(ended.code, int):
        return int(ended.code) & 0xFF
    sys.stderr.write(f"{ended.code}\n")
    return 1
