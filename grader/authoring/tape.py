"""What the judge sends to a real API, kept by vcrpy: one file for each check. No key reaches a file."""

import importlib
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from grader.errors import GraderError
from grader.judge.live import ASKED_HEADER
from grader.replay import scrub
from grader.replay.cassettes import Exchange

KEPT = scrub.REQUEST_HEADERS | {ASKED_HEADER}  # the last one is gone when the address is set right
INSTALL = 'pip install -e ".[record]"'


def require_vcrpy() -> None:
    """Raise GraderError with the install command where vcrpy is missing."""
    if find_spec("vcr") is None:
        raise GraderError(f"vcrpy is not installed. Install it from the course's folder:\n  {INSTALL}")


class Tape:
    """A pytest plugin: each check runs inside a cassette of its own."""

    def __init__(self, folder: Path) -> None:
        require_vcrpy()
        self._folder = folder
        self._count = 0
        self._vcr: Any = importlib.import_module("vcr").VCR(
            record_mode="all",
            decode_compressed_response=False,
            before_record_request=self._request,
            before_record_response=self._response,
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Record one check."""
        self._count += 1
        with self._vcr.use_cassette(str(self._folder / f"{self._count:04}.yaml")):
            return (yield)

    @staticmethod
    def _request(request: Any) -> Any:
        listed = {name: [str(value)] for name, value in request.headers.items()}
        request.headers = {name: values[0] for name, values in scrub.kept(listed, KEPT).items()}
        return request

    @staticmethod
    def _response(response: dict[str, Any]) -> dict[str, Any]:
        names = scrub.RESPONSE_HEADERS | {"content-encoding"}  # who reads the tape looks at the encoding
        return response | {"headers": scrub.kept(response["headers"], names)}


def read(folder: Path) -> list[list[Exchange]]:
    """The exchanges of each check in the order of the checks; those without any are left out."""
    tapes = []
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        tapes.append(msgspec.convert(content["interactions"], list[Exchange]))
    return tapes
