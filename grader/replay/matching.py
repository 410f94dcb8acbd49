"""Which operation a request names, and which recorded exchange has the shape of its answer."""

from typing import Any
from urllib.parse import urlsplit

import msgspec

ROUTES = {
    ("POST", "/chat/completions"): "chat",
    ("POST", "/moderations"): "moderation",
    ("POST", "/audio/speech"): "speech",
}


class Route(msgspec.Struct, frozen=True):
    """The operation that a method and path name, and the host that is asked."""

    operation: str
    host: str


def route(method: str, url: str) -> Route | None:
    """The route of a request, or None where no lesson knows the path."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    operation = ROUTES.get((method, "/" + "/".join(parts.path.split("/")[2:])))
    return Route(operation, host) if operation and parts.path.startswith("/v1/") else None


class Shape(msgspec.Struct, frozen=True):
    """What a request asks that changes the shape of the answer, whatever its words are."""

    n: int
    stream: bool


def shape(body: dict[str, Any]) -> Shape:
    """The shape of a chat request that the API would accept."""
    return Shape(body.get("n") or 1, bool(body.get("stream")))


def texts(body: dict[str, Any]) -> list[str]:
    """The texts of a moderation request, each with a result of its own: one, or a list of them.

    A list of parts (text and images) is one input.
    """
    given = body.get("input")
    if not isinstance(given, list):
        return [str(given)]
    parts = [str(item.get("text", "")) for item in given if isinstance(item, dict)]
    return [" ".join(parts)] if parts else [str(item) for item in given]
