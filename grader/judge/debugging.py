"""`--pdb`, `--trace`, `--in-process`: student code runs inside pytest, and a debugger stops in its file."""

import bdb
import pdb  # noqa: T100 - it is what --pdb and --trace are about
import re
import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import pytest

from grader.cell.in_process import InProcess
from grader.model import CheckResult, Verdict
from grader.reports.terminal import Line

EXERCISE = re.compile(r"ex[0-9]{2}_")


class StudentPdb(pdb.Pdb):
    """Python's debugger, which steps over all code but the student's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"skip": ["all but the student's"]} | kwargs)
        self._streams = sys.stdin, sys.stdout, sys.stderr  # the human's; student code has others

    def interaction(self, *args: Any, **kwargs: Any) -> None:
        """Talk to the human, and give student code its own streams back."""
        students = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = self._streams
        try:
            super().interaction(*args, **kwargs)
        finally:
            sys.stdin, sys.stdout, sys.stderr = students

    def is_skipped_module(self, module_name: str | None) -> bool:
        """Whether a step goes over a module."""
        return module_name != "__main__" and not EXERCISE.match(module_name or "")

    def get_stack(self, f: FrameType | None, t: TracebackType | None) -> tuple[list[tuple[FrameType, int]], int]:
        """Show the student's frames only; all of them where there is none."""
        stack, at = super().get_stack(f, t)
        own = [entry for entry in stack if EXERCISE.match(Path(entry[0].f_code.co_filename).name)]
        return (own, len(own) - 1) if own else (stack, at)

    def dispatch_call(self, frame: FrameType, arg: Any) -> Any:
        """Step into functions; the loading of a file is no place to begin."""
        if self.botframe and frame.f_code.co_name == "<module>":
            return None
        return super().dispatch_call(frame, arg)


def cells(config: pytest.Config) -> InProcess:
    """The judge's own process for student code. A debugger of the user's own choice (--pdbcls) is left."""
    config.option.usepdb_cls = config.option.usepdb_cls or (__name__, StudentPdb.__name__)
    return InProcess((pytest.exit.Exception,), debugging=config.option.usepdb)


def failure(check: CheckResult, told: list[Line], stopped: TracebackType | None) -> BaseException:
    """What a failed check raises: pytest's debugger begins at its innermost frame, which is the student's.

    Where no line of the student's ran, as in a file that Python cannot read, or in a stub, there is nothing to
    debug: pytest opens no debugger for BdbQuit.
    """
    words = "\n".join(line.text for line in told)
    if stopped is None or check.verdict is Verdict.NOT_STARTED:
        return bdb.BdbQuit(words)
    return pytest.fail.Exception(words, pytrace=False).with_traceback(stopped)
