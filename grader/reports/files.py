"""A report as JSON, and the one way in which files are written: to a temporary name, then renamed."""

import os
import tempfile
from pathlib import Path

import msgspec

from grader.errors import GraderError
from grader.model import Report


def report_json(report: Report) -> bytes:
    """The report; `result` is canonical: the same result gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=2) + b"\n"


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises GraderError with what is wrong."""
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise GraderError(f"{path}: it could not be written: {error.strerror}.") from None
