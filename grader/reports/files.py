"""A report as JSON, and the one way in which files are written: to a temporary name, then renamed."""

import json
import os
import secrets
from pathlib import Path

import msgspec

from grader.errors import GraderError
from grader.model import Report
from grader.reports.terminal import View


def render(report: Report, _view: View) -> bytes:
    """The report as JSON, whoever looks at it."""
    return report_json(report)


def report_json(report: Report) -> bytes:
    """The report; `result` is canonical: the same result gives the same bytes."""
    return as_json(report)


def as_json(data: msgspec.Struct) -> bytes:
    """Data as JSON to read. Half a surrogate pair, which no UTF-8 can hold, becomes a question mark."""
    plain = msgspec.to_builtins(data, order="deterministic")
    return json.dumps(plain, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises GraderError with what is wrong.

    A pipe or a device is not replaced, nor a link, which a submission may have put there.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise GraderError(f"{path}: it could not be written: it is not an ordinary file.")
    try:
        _replace(path, content)
    except FileNotFoundError:
        raise GraderError(f"{path}: there is no folder {path.parent}. Make the folder first.") from None
    except OSError as error:
        raise GraderError(f"{path}: it could not be written: {error.strerror}.") from None


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
