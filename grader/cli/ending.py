"""How a command ends: with 0, or with a sentence and an exit code that says whose turn it is."""

import sys
import traceback
from typing import Any, Final

import typer
from typer.core import TyperGroup

from grader.errors import GraderError, StoppedError
from grader.reports import text

TO_MEND: Final = 1
WRONG_USE: Final = 2
OUR_FAULT: Final = 3
STOPPED: Final = 130  # what shells say of Ctrl-C
MOST: Final = 100_000  # bytes of a traceback
FAULT: Final = """\
This is not your code: the grader itself stopped with {kind}.
Next: send all of these lines to your mentor, or to whoever looks after this grader"""


class Commands(TyperGroup):
    """Commands that end with a code of their own whatever is raised: a message, or a traceback of the grader's."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command that was typed."""
        try:
            return super().main(*args, **kwargs)
        except StoppedError as error:
            typer.echo(str(error), err=True)
            sys.exit(STOPPED)
        except GraderError as error:
            typer.echo(str(error), err=True)
            sys.exit(WRONG_USE)
        except Exception as error:  # noqa: BLE001 - what nobody thought of is no fault of who typed the command
            typer.echo(text.lines(traceback.format_exc(), MOST), err=True)
            typer.echo(FAULT.format(kind=type(error).__name__), err=True)
            sys.exit(OUR_FAULT)
