"""Whether a report is neutral in each format: no text of a student does more in it than be read."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree import ElementTree as ET

from grader.model import Report
from grader.reports import formats
from grader.reports.terminal import View

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
BLOCK: Final = re.compile(r"^(`{3,})text$.*?^\1$", re.MULTILINE | re.DOTALL)
MARKUP: Final = re.compile(r"(?<!\\)<b>|(?<![\\`\u200b])@everyone|(?<!\\)\]\(javascript")


def odd_line(line: str) -> bool:
    """Whether a line moves the cursor, turns writing round, or is a command to a CI runner."""
    return not line.isprintable() or line.lstrip().startswith("::") or "##[" in line


def problems(report: Report, view: View) -> Iterator[str]:
    """What a student's text could do in a format, by the format's name."""
    for name, find in FINDERS.items():
        text = formats.one(name)(report, view).decode("utf-8-sig")
        yield from (f"{name} holds {found[:80]!r}" for found in find(text))


def lines(text: str) -> Iterator[str]:
    """The lines that do more than show text."""
    return (line for line in text.split("\n") if odd_line(line))


def markup(text: str) -> Iterator[str]:
    """The lines of Markdown that are more than text, and outside code blocks a student's markup or mention."""
    yield from lines(text)
    yield from (line for line in BLOCK.sub("", text).split("\n") if MARKUP.search(line))


def elements(text: str) -> Iterator[str]:
    """The texts of an XML file that are more than text. Raises ParseError where it is not well-formed."""
    for element in ET.fromstring(text.encode()).iter():  # noqa: S314 - our own writing, which is what is tried
        for value in (element.text or "", *element.attrib.values()):
            yield from lines(value)


def formulas(text: str) -> Iterator[str]:
    """The cells of a table that a spreadsheet would compute."""
    rows = csv.reader(io.StringIO(text))
    return (cell for row in rows for cell in row if cell.startswith(FORMULA) or odd_line(cell.replace("\n", " ")))


def controls(text: str) -> Iterator[str]:
    """The lines of JSON with a character that JSON must escape."""
    return (line for line in text.split("\n") if re.search(r"[\x00-\x1f]", line))


FINDERS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "terminal": lines,
    "markdown": markup,
    "junit": elements,
    "csv": formulas,
    "json": controls,
    "gradescope": controls,
    "classroom": lines,
    "exercism": controls,
}
