"""What only Jupyter understands: `%time`, `%%bash`, `!pip install`, `name?`. It is set aside, line by line."""

import re

import msgspec

# Cell magics whose cell is Python all the same; the cells of others, such as %%bash, are not.
PYTHON = {"capture", "prun", "time", "timeit"}
MAGIC = re.compile(
    r"""[%!?]                                 # %time f()   !pip install openai   ?print
      | [\w.,\s\[\]]+ = \s* [%!] \s* \w     # files = !ls
      | [\w.*\[\]%]+ \?{1,2} $               # print?
    """,
    re.VERBOSE,
)
# What can hide the end of a statement: long and short strings, comments, brackets.
PIECE = re.compile(
    r"""(?P<long>\"{3}|'{3}) | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'? | \#.*
      | (?P<open>[(\[{]) | (?P<close>[)\]}])
    """,
    re.VERBOSE,
)
ENDS = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}") for quote in ('"""', "'''")}


class Clean(msgspec.Struct, frozen=True):
    """A cell's lines, with `pass` in the place of each magic, and the magics with their lines (from 1)."""

    lines: tuple[str, ...]
    magics: tuple[tuple[int, str], ...]


def set_aside(source: str) -> Clean:
    """Take the magics out of a cell. What stands in a string, in brackets or in a comment is left."""
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%") and _word(lines[first]) not in PYTHON:
        return Clean((), ((first + 1, lines[first]),))
    kept: list[str] = []
    magics: list[tuple[int, str]] = []
    scanner, goes_on = _Scanner(), False
    for number, line in enumerate(lines, 1):
        if goes_on or (scanner.at_statement and MAGIC.match(line.strip())):
            if not goes_on:
                magics.append((number, line.strip()))
            kept.append(line[: len(line) - len(line.lstrip())] + "pass")
            goes_on = line.endswith("\\")
        else:
            scanner.read(line)
            kept.append(line)
    return Clean(tuple(kept), tuple(magics))


class _Scanner:
    """Knows after each line whether the next one begins a statement."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._joined = False

    @property
    def at_statement(self) -> bool:
        return not (self._quote or self._depth or self._joined)

    def read(self, line: str) -> None:
        at = 0
        while at < len(line):
            found = ENDS[self._quote].match(line, at) if self._quote else PIECE.search(line, at)
            if found is None:
                break
            at = found.end()
            if self._quote:
                self._quote = ""
                continue
            self._quote = found["long"] or ""
            self._depth = max(self._depth + bool(found["open"]) - bool(found["close"]), 0)
        self._joined = line.endswith("\\")


def _word(line: str) -> str:
    return line.lstrip("%").split(maxsplit=1)[0] if line.strip("%").strip() else ""
