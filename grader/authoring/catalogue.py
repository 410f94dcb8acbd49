"""The catalogues of messages: brought up to date with what the code, the checks and the lessons say."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from grader.authoring import phrases
from grader.course import toml
from grader.course.lessons import Course
from grader.errors import GraderError, LessonError
from grader.reports import files
from grader.reports.languages import CATALOGUE, SOURCE, shipped
from grader.reports.translation import template

METHODS = phrases.__name__
ROOMS = ("cell", "judge", "replay", "reports", "student")  # what of grader/ a student hears of


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """The files that hold words for students, and the extraction method for each. Raises GraderError."""
    if not (root / "grader" / "messages.py").is_file():
        raise GraderError("There is no grader/messages.py here. Go to the main folder of the project.")
    yield root / "grader" / "messages.py", f"{METHODS}:constants"
    yield root / "grader" / "model.py", f"{METHODS}:verdicts"
    for room in ROOMS:
        for path in sorted((root / "grader" / room).rglob("*.py")):
            yield path, f"{METHODS}:python"
    course = Course(root)
    for lesson in course.lessons():
        for path in sorted(course.folder(lesson).glob("*.toml")):
            yield path, f"{METHODS}:toml"
        for path in sorted(course.checks(lesson).glob("test_*.py")):
            yield path, f"{METHODS}:python"


def extracted(root: Path) -> Catalog:
    """All messages, with the files in which they stand. Those that differ in names of fields only are one.

    Raises GraderError.
    """
    catalogue = Catalog(charset="utf-8")
    known: dict[object, str] = {}
    for path, method in sources(root):
        shown = path.relative_to(root).as_posix()
        for line, text in _said(path, method, shown):
            first = known.setdefault(template(text).shape, text)
            catalogue.add(first, None, [(shown, line)])
    return catalogue


def _said(path: Path, method: str, shown: str) -> list[tuple[int, str]]:
    """The lines and messages of a file. Raises LessonError where it cannot be read."""
    try:
        return [(line, str(text)) for line, text, _comments, _context in extract_from_file(method, path)]
    except SyntaxError as error:
        what = f"this is not Python: {error.msg}. Next: mend it, then run `grader translate`"
        raise LessonError(f"{shown}:{error.lineno or 1}: {what}") from None
    except ValueError:  # of tomllib, or of UTF-8
        toml.load(path, dict[str, object], shown)  # it tells the line
        raise


def languages(root: Path) -> list[str]:
    """The languages that messages are translated into."""
    return [name for name in shipped(root / "grader" / "locale") if name != SOURCE]


def place(root: Path, language: str) -> Path:
    """Where a language's catalogue is."""
    return root / "grader" / "locale" / language / CATALOGUE


def read(path: Path) -> Catalog:
    """A catalogue as it is on disk."""
    with path.open("rb") as stream:
        return read_po(stream)


def update(root: Path, language: str) -> list[str]:
    """Add new messages to a language's catalogue, drop old ones, and tell what is left to do.

    A changed message keeps its old translation, and a new one gets that of a similar one, as a draft: marked as
    fuzzy, it is not shown until somebody has looked at it.
    Raises GraderError for a language that nobody knows.
    """
    path = place(root, language)
    try:
        catalogue = read(path) if path.exists() else new(language)
    except (UnknownLocaleError, ValueError):
        raise GraderError(
            f"There is no language {language!r}. Write its code, as in `grader translate fr`."
        ) from None
    current = extracted(root)
    catalogue.update(current, update_creation_date=False)
    written = io.BytesIO()
    write_po(written, catalogue, width=0, ignore_obsolete=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, written.getvalue())
    shown = path.relative_to(root).as_posix()
    return [f"{shown}:{problem}" for problem in problems(read(path), current)]


def new(language: str) -> Catalog:
    """An empty catalogue."""
    now = datetime.now(UTC)
    return Catalog(Locale.parse(language), project="cassette-grader", revision_date=now, fuzzy=False)


def problems(catalogue: Catalog, current: Catalog) -> list[str]:
    """What is missing, to be looked at, or wrong in a catalogue, one line each, with the line in its file."""
    listed = [
        f"{one.lineno}: {what}: {one.id!r}" for one in catalogue if one.id and (what := problem(one, current))
    ]
    known = {one.id for one in catalogue}
    listed += [f"1: not listed, run `grader translate`: {one.id!r}" for one in current if one.id not in known]
    return listed + [f"1: out of use, delete it: {one.id!r}" for one in catalogue.obsolete.values()]


def problem(message: Message, current: Catalog) -> str:
    """What is wrong with one entry; empty where nothing is."""
    if message.id not in current:
        return "no longer said, run `grader translate`"
    if not message.string:
        return "not translated"
    if message.fuzzy:
        return "a draft, from similar English; correct it, and delete the word fuzzy"
    try:
        same = set(template(str(message.id)).fields) == set(template(str(message.string)).fields)
    except ValueError:
        same = False
    return "" if same else "other fields in braces than the English"
