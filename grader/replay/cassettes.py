"""Cassettes: vcrpy's YAML format, version 1, with the origin of its exchanges in `metadata`."""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from grader.errors import CassetteError

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


class Exchange(msgspec.Struct, frozen=True):
    """One request and its response."""

    request: RecordedRequest
    response: RecordedResponse

    @property
    def sent(self) -> dict[str, Any]:
        """The request's JSON object; empty for a request without a body."""
        content = json.loads(self.request.body) if self.request.body else {}
        return content if isinstance(content, dict) else {}

    @property
    def content(self) -> bytes:
        """The response's body as it goes over the wire."""
        string = self.response.body.string
        return string.encode() if isinstance(string, str) else bytes(string)


class Metadata(msgspec.Struct, frozen=True):
    """Where a cassette comes from; every cassette says it."""

    origin: Origin


class Take(msgspec.Struct, frozen=True):
    """One recording of an exercise's exchanges."""

    interactions: tuple[Exchange, ...]
    metadata: Metadata
    version: Literal[1]


def load(path: Path, shown: str) -> Take:
    """Read a cassette. `shown` is the path to show. Raises CassetteError."""
    try:
        content = yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 - a safe loader, see above
        take = msgspec.convert(content, Take)
        for exchange in take.interactions:
            exchange.sent  # noqa: B018 - a broken JSON body is found here and not in a check
            if not isinstance(exchange.response.body.string, str | bytes):
                raise CassetteError(f"{shown}: the cassette is wrong: a response's body.string is not text.")
    except OSError as error:
        raise CassetteError(f"{shown}: {error.strerror}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise CassetteError(f"{shown}{line}: the cassette is not YAML.") from None
    except msgspec.ValidationError as error:
        raise CassetteError(f"{shown}: the cassette is wrong: {error}.") from None
    except (ValueError, RecursionError):
        raise CassetteError(f"{shown}: a request body in the cassette is not JSON.") from None
    return take
