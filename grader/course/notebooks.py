"""Notebooks as submissions: each exercise's cells become a module, and each of its lines keeps its place.

A code cell belongs to an exercise by its first line, `# ex03`, or by its metadata,
`{"grader": {"exercise": "ex03_hello"}}`; where they differ, the line that the student sees decides. The cells of
an exercise are joined in their order. What stands before the first of them all, and cells that begin with
`# setup`, is put before each exercise, as imports at the top of a file would be. Outputs are never looked at.

`where` reads `lesson1.ipynb cell 5, line 3`: cells are counted from the top, Markdown too, so that it does not
depend on what was run. (Inside Jupyter, see history.py, it is the number in brackets beside the cell.)
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

import msgspec

from grader import messages
from grader.course import magics
from grader.course.lessons import Lesson
from grader.course.plain import writable
from grader.errors import GraderError

MOST = 10 << 20  # bytes of a notebook with its outputs, which hold pictures and sound
MOST_CELLS = 10_000
VERSION = 4  # of the format, since 2015
MOST_NOTES = 8
SETUP = "setup"
# The first line of a cell: `# ex03`, `#ex03_hello`, `# Exercise 3: Hello World`, `# setup`.
TAG = re.compile(
    r"#\s*(?:(?P<setup>setup)\s*(?::.*)?$|ex(?:ercise)?\s?0*(?P<number>\d{1,4})(?![a-z0-9]))", re.IGNORECASE
)
OURS = "grader.student.jupyter"  # the cell that runs the checks is nobody's answer
MISSING = "The library nbformat is not installed. Next: pip install -e '.[notebooks]'"


class NotebookError(Exception):
    """A file that cannot be read as a notebook. The message says why, as the end of a sentence."""


class Place(msgspec.Struct, frozen=True):
    """A line of a notebook; both are counted from 1."""

    cell: int
    line: int


class Module(msgspec.Struct, frozen=True):
    """An exercise's Python text, and where each of its lines stands in the notebook."""

    text: str
    places: tuple[Place, ...]

    def place(self, line: int) -> Place:
        """Where a line of the module stands; the last one for what is found at the end of the text."""
        return self.places[min(max(line, 1), len(self.places)) - 1]


class Notebook(msgspec.Struct, frozen=True):
    """A notebook's modules by the name of their exercise, and a sentence for each thing that was left out."""

    name: str
    modules: dict[str, Module]
    notes: tuple[str, ...] = ()


class Cell(msgspec.Struct, frozen=True):
    """A code cell: its number, its lines without what is for Jupyter only, and what it belongs to.

    `tag` is an exercise's name, `setup`, or empty.
    """

    number: int
    lines: tuple[str, ...]
    tag: str = ""


def read(content: bytes, name: str, lesson: Lesson) -> Notebook:
    """The modules of a notebook of any format version.

    `name` is the file's name for notes. Raises NotebookError for what is no notebook, GraderError where nbformat
    is not installed.
    """
    cells, notes = [], []
    for number, source, metadata in _code(content):
        if OURS in source:
            continue
        tag = tag_of(source, lesson)
        tag = _named(metadata, lesson) if tag == "" else tag
        if tag is None:
            said = _short(first_line(source))
            notes.append(messages.NO_SUCH_TAG.format(name=name, cell=number, text=said))
            continue
        clean = magics.set_aside(source)
        for line, text in clean.magics:
            notes.append(messages.ONLY_JUPYTER.format(name=name, cell=number, line=line, text=_short(text)))
        if clean.lines or tag:
            cells.append(Cell(number, clean.lines, tag))
    return _notebook(name, cells, notes)


def tag_of(source: str, lesson: Lesson) -> str | None:
    """The tag in a cell's first line: an exercise's name, `setup`, or empty; None for an exercise of no lesson."""
    found = TAG.match(first_line(source))
    if not found:
        return ""
    return SETUP if found["setup"] else _numbered(found["number"], lesson)


def first_line(source: str) -> str:
    """The first line of a cell that is neither blank nor a cell magic such as `%%time`."""
    lines = (line.strip() for line in source.split("\n"))
    return next((line for line in lines if line and not line.startswith("%%")), "")


def broken(text: str) -> SyntaxError | None:
    """Why Python cannot read a text; None where it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return SyntaxError("it is nested too deeply, or is no text")
    return None


def library() -> Any:
    """The module nbformat. Raises GraderError where it is not installed."""
    try:
        import nbformat  # noqa: PLC0415 - only notebooks need it
    except ModuleNotFoundError:
        raise GraderError(MISSING) from None
    return nbformat


def _notebook(name: str, cells: list[Cell], notes: list[str]) -> Notebook:
    tagged = [number for number, cell in enumerate(cells) if cell.tag not in ("", SETUP)]
    first = tagged[0] if tagged else len(cells)
    shared: list[Cell] = []
    own: dict[str, list[Cell]] = {}
    for number, cell in enumerate(cells):
        if cell.tag == SETUP or (not cell.tag and number < first):
            error = broken("\n".join(cell.lines))
            if error is None:
                shared.append(cell)
            else:  # one broken cell does not take the exercises with it
                at = {"cell": cell.number, "line": error.lineno or 1}
                notes.append(messages.BROKEN_CELL.format(name=name, message=error.msg, **at))
        elif cell.tag:
            own.setdefault(cell.tag, []).append(cell)
        elif any(line.strip() for line in cell.lines):
            notes.append(messages.NO_TAG.format(name=name, cell=cell.number))
    modules = {exercise: _joined([*shared, *parts]) for exercise, parts in own.items()}
    more = (
        [messages.MORE_NOTES.format(name=name, count=len(notes) - MOST_NOTES)] if len(notes) > MOST_NOTES else []
    )
    return Notebook(name, modules, (*notes[:MOST_NOTES], *more))


def _joined(cells: list[Cell]) -> Module:
    lines = [(text, Place(cell.number, line)) for cell in cells for line, text in enumerate(cell.lines, 1)]
    text = "".join(f"{text}\n" for text, _ in lines)
    return Module(text, tuple(place for _, place in lines) or (Place(cells[0].number, 1),))


def _code(content: bytes) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, source and metadata of each code cell."""
    cells = _parsed(content).get("cells")
    if not isinstance(cells, list):
        raise NotebookError(messages.NOT_OF_CELLS)
    if len(cells) > MOST_CELLS:
        raise NotebookError(messages.OF_MANY_CELLS.format(most=MOST_CELLS))
    for number, cell in enumerate(cells, 1):
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if source and isinstance(source, str) and cell.get("cell_type") == "code":
            metadata = cell.get("metadata")
            text = writable(source).replace("\r\n", "\n").replace("\r", "\n")
            yield number, text, metadata if isinstance(metadata, dict) else {}


def _parsed(content: bytes) -> dict[str, Any]:
    """The notebook in format 4, whatever version it was saved in.

    Format 4 is taken as it is: nbformat refuses the whole notebook for one output that is not as it should be.
    """
    if len(content) > MOST:
        raise NotebookError(messages.LARGE_NOTEBOOK.format(most=MOST >> 20))
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotebookError(messages.NOT_JSON) from None
    if not isinstance(whole, dict):
        raise NotebookError(messages.NOT_OF_CELLS)
    version = whole.get("nbformat")
    return whole if version == VERSION else _converted(whole)


def _converted(whole: dict[str, Any]) -> dict[str, Any]:
    nbformat = library()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(nbformat.convert(nbformat.reader.reads(json.dumps(whole)), VERSION))
    except Exception:  # noqa: BLE001 - nbformat believes what it reads, and stumbles in many ways
        version = repr(whole.get("nbformat"))[:20]
        raise NotebookError(messages.OTHER_FORMAT.format(version=version)) from None


def _named(metadata: dict[str, Any], lesson: Lesson) -> str | None:
    """The exercise in a cell's metadata: its name, or short as in ex03; empty where there is none."""
    ours = metadata.get("grader")
    named = ours.get("exercise") if isinstance(ours, dict) else None
    if not isinstance(named, str):
        return ""
    return next((one.name for one in lesson.exercise if named in (one.name, one.short)), None)


def _numbered(number: str, lesson: Lesson) -> str | None:
    return next((one.name for one in lesson.exercise if int(one.short[2:]) == int(number)), None)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"`{text[:40]}...`" if len(text) > 43 else f"`{text}`"  # noqa: PLR2004 - 40 and three dots
