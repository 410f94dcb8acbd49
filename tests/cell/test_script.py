"""A student's file runs as a script: as `__main__`, with a pipe as standard input, and an exit status."""

import json

import pytest

from grader import settings
from grader.cell.protocol import Raised, Read, Run, Start

TYPED = b"one\ntwo\n"


def run(cells, source, typed=TYPED, answer=None):
    """Run a script in a fresh world. Its outcome."""
    cells.start("")
    world = settings.student_environment(cells.folder)
    cells.do(Start("", world, {"ex.py": source.encode()}))  # as the judge does: nothing of the file has run
    return cells.do(Run("ex", typed), answer)


def status(cells, source, typed=TYPED):
    """The exit status of a script that comes to an end."""
    return cells.plain(run(cells, source, typed))


@pytest.mark.parametrize(
    "read",
    [
        "print(input('? ').upper())\nprint(input('? ').upper())",
        "import sys\nfor line in sys.stdin:\n    print('?', line.strip().upper())",
        "import sys\nprint('?', *sys.stdin.read().upper().split(), sep='\\n')",
        "import os\nprint('?', os.read(0, 100).decode().upper())",
        "import sys\nprint('?', *sys.stdin.buffer.read().decode().upper().split(), sep='\\n')",
        "import asyncio\nfor _ in '12': print('?', asyncio.run(asyncio.to_thread(input)).upper())",
    ],
    ids=["input", "lines", "read", "descriptor", "bytes", "async"],
)
def test_what_is_typed_is_read(cells, read):
    """However a script reads standard input, it finds the typed lines there, and its prompts are kept."""
    assert status(cells, read) == 0
    assert cells.printed.upper().replace("?", " ").split() == ["ONE", "TWO"]
    assert "?" in cells.printed


def test_it_is_the_main_module(cells):
    """`__name__`, `__main__`, `__file__` and sys.argv are those of a script; the cell's own come back."""
    source = """
import __main__, os, sys
if __name__ == "__main__":
    print(__main__.__name__, vars(__main__) is globals(), os.path.basename(__file__), sys.argv == [__file__])
"""
    assert status(cells, source) == 0
    assert cells.printed.split() == ["__main__", "True", "ex.py", "True"]
    cells.start("import __main__, sys\ndef f(): return hasattr(__main__, 'OnlyTheCell'), sys.stdin.read()")
    assert cells.value("f") == (True, "")


def test_its_variables_can_be_read(quick_cells):
    """What the script left in its variables is there after it."""
    assert status(quick_cells, "names = [input(), input()]") == 0
    assert quick_cells.plain(quick_cells.do(Read(None, "names"))) == ["one", "two"]


@pytest.mark.parametrize(
    ("leave", "expected", "printed"),
    [
        ("", 0, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(0)", 0, ""),
        ("quit()", 0, ""),
        ("exit(3)", 3, ""),
        ("raise SystemExit(-1)", 255, ""),
        ("raise SystemExit(True)", 1, ""),
        ("import sys; sys.exit('no more')", 1, "no more\n"),
        ("class Odd(int): pass\nraise SystemExit(Odd(2))", 2, ""),
    ],
)
def test_how_it_ends(quick_cells, leave, expected, printed):
    """Coming to the end and every way to leave have the exit status that Python gives them."""
    got = status(quick_cells, leave)
    assert (got, type(got), quick_cells.printed) == (expected, int, printed)
    assert status(quick_cells, "print(input())") == 0  # quit() closed a stream; the next script has its own


def test_an_exception_has_its_line(quick_cells):
    """What a script does not catch arrives with its line; the end of the input is an EOFError at input()."""
    outcome = run(quick_cells, "\nwhile True:\n    input()\n")
    assert isinstance(outcome, Raised)
    assert (outcome.kind, outcome.line, outcome.own) == ("EOFError", 3, True)
    outcome = run(quick_cells, "def main(:\n    pass\n")
    assert (outcome.kind, outcome.line, outcome.own) == ("SyntaxError", 1, True)
    outcome = run(quick_cells, "def main():\n    raise NotImplementedError\nmain()\n")
    assert (outcome.kind, outcome.line, outcome.own) == ("NotImplementedError", 2, True)


def test_requests_are_carried(quick_cells):
    """The script's own client asks the judge, with the line in its file."""
    source = """
from openai import OpenAI
client = OpenAI(api_key="k")
print(client.chat.completions.create(model="m", messages=[{"role": "user", "content": input()}]).model)
"""
    outcome = run(quick_cells, source, answer=lambda _request: quick_cells.completion("Hi"))
    assert quick_cells.plain(outcome) == 0
    assert quick_cells.printed == "m\n"
    (request,) = quick_cells.requests
    assert json.loads(request.body)["messages"][0]["content"] == "one"
    assert request.line == 4


def test_what_was_not_read_is_forgotten(quick_cells):
    """A script that reads nothing leaves nothing for the next one."""
    assert status(quick_cells, "pass", b"left over\n") == 0
    assert status(quick_cells, "print(input())", b"mine\n") == 0
    assert quick_cells.printed == "mine\n"
