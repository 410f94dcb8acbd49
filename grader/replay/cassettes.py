"""Cassettes: vcrpy's YAML format, version 1, with the origin of its exchanges in `metadata`."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import yaml

from grader.errors import CassetteError

JSON_TYPE: Final = "application/json"
Origin = Literal["live", "local-model", "documented", "authored"]
# libyaml is ten times faster; both are safe: no tag of a cassette makes an object
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RecordedRequest(msgspec.Struct, frozen=True):
    """What was sent. `body` is text: all our APIs speak JSON."""

    method: str
    uri: str
    body: str | None = None
    headers: dict[str, list[str]] = {}


class Status(msgspec.Struct, frozen=True):
    """An HTTP status line."""

    code: int
    message: str | None = None


class Body(msgspec.Struct, frozen=True):
    """A response's content: text, or bytes such as speech."""

    string: Any  # str | bytes, which msgspec cannot express; `load` looks


class RecordedResponse(msgspec.Struct, frozen=True):
    """What came back."""

    status: Status
    headers: dict[str, list[str]]
    body: Body


class Exchange(msgspec.Struct, frozen=True, dict=True):  # dict: what is read of it is read once
    """One request and its response; `origin` is that of its cassette, `place` its file and number there."""

    request: RecordedRequest
    response: RecordedResponse
    origin: Origin = "authored"
    place: str = ""

    @cached_property
    def sent(self) -> dict[str, Any]:
        """The request's JSON object; empty for a request without a body."""
        content = json.loads(self.request.body) if self.request.body else {}
        return content if isinstance(content, dict) else {}

    @cached_property
    def content(self) -> bytes:
        """The response's body as it goes over the wire."""
        string = self.response.body.string
        return string.encode() if isinstance(string, str) else bytes(string)

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The response's JSON object; empty where it is something else."""
        content = json.loads(self.content) if self.media == JSON_TYPE else {}
        return content if isinstance(content, dict) else {}

    @cached_property
    def media(self) -> str:
        """The response's content type."""
        values = [v for name, v in self.response.headers.items() if name.lower() == "content-type"]
        return values[0][0].partition(";")[0].strip() if values and values[0] else ""


class Metadata(msgspec.Struct, frozen=True):
    """Where a cassette comes from; every cassette says it. Other entries are for readers.

    `checked` is the SHA-256 of the interactions as the SDK's models accepted them.
    """

    origin: Origin
    checked: str | None = None


class Cassette(msgspec.Struct, frozen=True):
    """A file of exchanges."""

    interactions: tuple[Exchange, ...]
    metadata: Metadata
    version: Literal[1]


Take = tuple[Exchange, ...]  # one recording of an exercise, from one or more cassettes


def takes(paths: list[Path], root: Path) -> tuple[Take, ...]:
    """The takes of an exercise: `a.yaml`, and with it `a.errors.yaml` or the like. Raises CassetteError."""
    found: dict[str, Take] = {}
    for path in sorted(paths):
        name = path.name.partition(".")[0]
        found[name] = found.get(name, ()) + load(path, path.relative_to(root).as_posix()).interactions
    return tuple(found.values())


def load(path: Path, shown: str) -> Cassette:
    """Read a cassette. `shown` is the path to show. Raises CassetteError."""
    try:
        cassette = msgspec.convert(parsed(path, shown), Cassette)
        for exchange in cassette.interactions:
            exchange.sent  # noqa: B018 - a broken JSON body is found here and not in a check
            if not isinstance(exchange.response.body.string, str | bytes):
                raise CassetteError(f"{shown}: the cassette is wrong: a response's body.string is not text.")
    except OSError as error:
        raise CassetteError(f"{shown}: {error.strerror}.") from None
    except msgspec.ValidationError as error:
        raise CassetteError(f"{shown}: the cassette is wrong: {error}.") from None
    except (ValueError, RecursionError):
        raise CassetteError(f"{shown}: a request body in the cassette is not JSON.") from None
    if cassette.metadata.checked not in (None, fingerprint(cassette.interactions)):
        raise CassetteError(
            f"{shown}: the cassette was changed after it was checked. Record it again. "
            "If it was written by hand, delete its line `checked:` and run: grader verify"
        )
    origin = cassette.metadata.origin
    numbered = enumerate(cassette.interactions)
    placed = [msgspec.structs.replace(one, origin=origin, place=f"{shown}#{number}") for number, one in numbered]
    return msgspec.structs.replace(cassette, interactions=tuple(placed))


def parsed(path: Path, shown: str) -> Any:
    """The file's YAML. Raises CassetteError."""
    try:
        return yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the loader's own code fails in many ways on odd scalars
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise CassetteError(f"{shown}{line}: the cassette is not YAML.") from None


def fingerprint(interactions: Take) -> str:
    """SHA-256 of what was exchanged, whatever the YAML looks like."""
    plain = [(one.request, one.response) for one in interactions]
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()
