"""TOML files with a type: an error names the file, the line, the key, and what was expected there."""

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.errors import LessonError

T = TypeVar("T")
WHERE = re.compile(r"^(?P<what>.*?)(?: - at (?:`[^`]*` in )?`(?P<path>\$[^`]*)`)?$", re.DOTALL)
STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]|\[(?P<any>\.\.\.)\]")
LONG_TEXT = re.compile(r"\"{3}.*?\"{3}|'{3}.*?'{3}", re.DOTALL)
UNKNOWN = re.compile(r"unknown field `(?P<key>.*)`$")
MISSING = re.compile(r"missing required field `(?P<key>.*)`$")


def load(path: Path, kind: type[T], shown: str) -> T:
    """The file's content as `kind`. `shown` is the path to show. Raises LessonError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return msgspec.convert(tomllib.loads(text), kind)
    except FileNotFoundError:
        raise LessonError(f"{shown}: there is no such file.") from None
    except OSError as error:
        raise LessonError(f"{shown}: it cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise LessonError(f"{shown}:{line}: the file is not UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        what, _, at = str(error).partition(" (at line ")
        number = at.partition(",")[0] or str(len(text.splitlines()))
        raise LessonError(f"{shown}:{number}: this is not TOML: {what[:1].lower()}{what[1:]}.") from None
    except msgspec.ValidationError as error:
        raise LessonError(explained(str(error), text, shown)) from None
    except (ValueError, RecursionError):
        raise LessonError(f"{shown}: a number or a nesting in it is too large.") from None


def explained(error: str, text: str, shown: str) -> str:
    """The words of msgspec with the line where the key stands, or where its table begins."""
    found = WHERE.match(error)
    what, path = (found["what"], found["path"] or "$") if found else (error, "$")
    path = path.removeprefix("$")
    unknown, missing = UNKNOWN.search(what), MISSING.search(what)
    if unknown:
        path, what = f"{path}.{unknown['key']}", "no such key exists here"
    elif missing:
        path, what = f"{path}.{missing['key']}", "this key is missing"
    line = line_of(path, text)
    key = path.removeprefix(".")
    return f"{shown}:{line}: {key}: {what[:1].lower()}{what[1:]}." if key else f"{shown}:{line}: {what}."


def line_of(path: str, text: str) -> int:
    """The line of a key such as `.exercise[2].points`; the line of its table where the key is not there."""
    lines = LONG_TEXT.sub(lambda found: "\n" * found[0].count("\n"), text).split("\n")
    at, end = 0, next((number for number, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    last = len(lines)  # of the table that holds the next ones
    steps = list(STEP.finditer(path))
    for step, following in zip(steps, [*steps[1:], None], strict=False):
        if not step["key"]:
            continue
        index = int(following["index"]) if following and following["index"] else 0
        key = rf"\"?{re.escape(step['key'])}\"?"
        header = re.compile(rf"\s*\[\[?\s*(\S+\.)?{key}\s*\]")
        headers = [number for number in range(at, last) if header.match(lines[number])]
        if len(headers) > index:
            at, end = headers[index], next(iter(headers[index + 1 :]), last)
            last = end
            continue
        here = re.compile(rf"\s*{key}\s*=")
        at = next((number for number in range(at, end) if here.match(lines[number])), at)
    return at + 1
