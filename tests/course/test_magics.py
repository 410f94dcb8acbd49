"""What only Jupyter understands is set aside; what only looks like it is left."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.magics import set_aside


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%timeit f()",
        "!pip install openai",
        "!!ls",
        "?print",
        "print?",
        "str.split??",
        "files = !ls -l",
        "t = %timeit -o f()",
        "a, b = !echo 'it is",
        "    %time f()",
    ],
)
def test_magics(line):
    """`pass` stands in their place, as deep as they were, so that lines keep their numbers."""
    clean = set_aside(f"x = 1\n{line}\ny = 2")
    indent = line[: len(line) - len(line.lstrip())]
    assert clean.lines == ("x = 1", f"{indent}pass", "y = 2")
    assert clean.magics == ((2, line.strip()),)


def test_a_magic_over_several_lines():
    """A backslash carries it on."""
    clean = set_aside("!pip install \\\n  openai \\\n  pytest\nx = 1")
    assert clean.lines == ("pass", "  pass", "  pass", "x = 1")
    assert clean.magics == ((1, "!pip install \\"),)


@pytest.mark.parametrize("word", ["time", "timeit -n 1", "capture out", "prun"])
def test_a_cell_magic_over_python(word):
    """Only its own line is set aside."""
    clean = set_aside(f"\n%%{word}\nx = 1")
    assert (clean.lines, clean.magics) == (("", "pass", "x = 1"), ((2, f"%%{word}"),))


@pytest.mark.parametrize("word", ["bash", "html", "writefile ex03_hello.py", "javascript", ""])
def test_a_cell_magic_over_something_else(word):
    """The whole cell is set aside."""
    assert set_aside(f"%%{word}\nrm -rf /") == set_aside(f"%%{word}\n")
    assert set_aside(f"%%{word}\nx = 1").lines == ()


@pytest.mark.parametrize(
    "source",
    [
        "x = (7\n% 4)",
        "x = 7 \\\n% 4",
        'text = """\n%s\n!not\nwhat?\n"""',
        "text = '''a \\'''\n%s\n'''",
        "x = [\n'%d',\n# it's (\n]\ny = 1 != 2",
        "d = {'a': 1}  # (\nx = 5\nx %= 3",
        'x = "(" + \'"\'\ny = 1 if x != "?" else 2',
        "f'''{1}\n%d'''",
        "# what?",
    ],
)
def test_python_that_looks_like_magic(source):
    """Strings, brackets, continued lines, comments and operators are left as they are."""
    ast.parse(source)
    clean = set_aside(source)
    assert ("\n".join(clean.lines), clean.magics) == (source, ())


@given(st.text(st.sampled_from("%!?=\\\n '\"#([{)]}abx1")))
def test_lines_keep_their_numbers(source):
    """Whatever stands in a cell, a line is kept, replaced, or the whole cell is set aside."""
    clean = set_aside(source)
    lines = source.split("\n")
    assert clean.lines == () or len(clean.lines) == len(lines)
    assert all(
        kept in (line, line[: len(line) - len(line.lstrip())] + "pass")
        for kept, line in zip(clean.lines, lines, strict=False)
    )


def test_long_lines_take_no_long_time():
    """No line makes the search for magics slow: this ends, and does not take hours."""
    for line in (" " * 500_000 + "x", "a" * 500_000, "a " * 250_000, "'" * 500_000, "\\" * 500_000, "(" * 500_000):
        assert set_aside(f"{line}\n%magic").lines[0] == line
