"""Which operation a request names, and which recorded exchange has the shape of its answer."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from grader.replay.cassettes import Exchange

# Method and end of the path name the operation; what stands before it is the provider's prefix.
ROUTES: Final = (
    ("POST", re.compile(r"/chat/completions$"), "chat"),
    ("GET", re.compile(r"/chat/completions$"), "list"),
    ("GET", re.compile(r"/chat/completions/[^/]+$"), "retrieve"),
    ("GET", re.compile(r"/chat/completions/[^/]+/messages$"), "messages"),
    ("POST", re.compile(r"/moderations$"), "moderation"),
    ("POST", re.compile(r"/audio/speech$"), "speech"),
    ("POST", re.compile(r"/responses$"), "responses"),
    ("POST", re.compile(r"/completions$"), "completions"),
    ("POST", re.compile(r"/embeddings$"), "embeddings"),
    ("GET", re.compile(r"/v1/models$"), "models"),
    ("POST", re.compile(r"/v1/messages$"), "anthropic"),
    ("POST", re.compile(r"/models/[^/]+:\w+$"), "gemini"),
    ("POST", re.compile(r"/api/(chat|generate)$"), "ollama"),
)
PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9_.:-]*)+")  # no empty or relative steps


class Route(msgspec.Struct, frozen=True):
    """The operation that a method and path name, and where it is asked for."""

    operation: str
    host: str
    path: str


@lru_cache(maxsize=1024)  # a take's own requests are routed for each request of a student
def route(method: str, url: str) -> Route | None:
    """The route of a request, or None where no lesson knows the path."""
    try:
        parts = urlsplit(url)
        host = place(parts)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    found = (name for verb, path, name in ROUTES if verb == method and path.search(parts.path))
    operation = next(found, None)
    return Route(operation, host, parts.path) if operation and PLAIN_PATH.fullmatch(parts.path) else None


def route_of(exchange: Exchange) -> Route | None:
    """The route of a recorded request."""
    return route(exchange.request.method, exchange.request.uri)


def operation_of(exchange: Exchange) -> str | None:
    """The operation that a recorded request names."""
    route = route_of(exchange)
    return route.operation if route else None


def place(parts: SplitResult) -> str:
    """The host of an address, with a port or a scheme that is not the usual one of it. Raises ValueError."""
    host = "localhost" if parts.hostname == "127.0.0.1" else parts.hostname or ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    named = host if parts.port in (None, usual) else f"{host}:{parts.port}"
    spoken = "http" if host in ("localhost", "::1") else "https"  # a program on this computer has no certificate
    return named if parts.scheme == spoken else f"{parts.scheme}://{named}"


class Shape(msgspec.Struct, frozen=True):
    """What a request asks that changes the shape of the answer, whatever its words are.

    `cap` is the limit of completion tokens, `turn` the number of the assistant's earlier turns.
    """

    n: int
    stream: bool
    cap: int | None
    turn: int


def shape(body: dict[str, Any]) -> Shape:
    """The shape of a request that the API would accept."""
    caps = [body[name] for name in ("max_completion_tokens", "max_tokens") if body.get(name) is not None]
    messages = body.get("messages")
    earlier = messages if isinstance(messages, list) else []
    turn = sum(isinstance(message, dict) and message.get("role") == "assistant" for message in earlier)
    return Shape(body.get("n") or 1, bool(body.get("stream")), caps[0] if caps else None, turn)


def fitting(wanted: Shape, candidates: list[Exchange]) -> list[Exchange]:
    """The recorded exchanges that answer a request of this shape, in recorded order.

    A cap that was not recorded is answered by a smaller one that was, or by the whole answer if that is short
    enough. A turn that was not recorded is answered by the latest one before it.
    """
    shapes = [(shape(exchange.sent), exchange) for exchange in candidates]
    possible = [
        (one, exchange)
        for one, exchange in shapes
        if (one.n, one.stream) == (wanted.n, wanted.stream)
        and one.turn <= wanted.turn
        and _within(wanted.cap, one.cap, exchange)
    ]
    if not possible:
        return []
    best = max((_closeness(one, wanted) for one, _ in possible))
    return [exchange for one, exchange in possible if _closeness(one, wanted) == best]


def _closeness(recorded: Shape, wanted: Shape) -> tuple[bool, bool, int, int]:
    """The same cap first, then the whole answer, then the largest cap; then the latest turn."""
    return recorded.cap == wanted.cap, recorded.cap is None, recorded.cap or 0, recorded.turn


def _within(wanted: int | None, recorded: int | None, exchange: Exchange) -> bool:
    """Whether an answer recorded with one cap (None: without) keeps another."""
    if wanted is None or recorded is not None:
        return recorded == wanted or (wanted is not None and recorded is not None and recorded < wanted)
    usage = exchange.answer.get("usage")
    return usage is not None and usage["completion_tokens"] <= wanted * shape(exchange.sent).n


def texts(body: dict[str, Any]) -> list[str]:
    """The texts of a moderation request, each with a result of its own: one, or a list of them.

    A list of parts (text and images) is one input.
    """
    given = body.get("input")
    if not isinstance(given, list):
        return [str(given)]
    parts = [str(item.get("text", "")) for item in given if isinstance(item, dict)]
    return [" ".join(parts)] if parts else [str(item) for item in given]


def words(text: str) -> str:
    """A text without superfluous blanks and line breaks, which change nothing about its moderation."""
    return " ".join(text.split())


def results(exchanges: Sequence[Exchange]) -> dict[str, tuple[dict[str, Any], Exchange]]:
    """The moderation result of each text, by its words, whether they were recorded one by one or together."""
    found: dict[str, tuple[dict[str, Any], Exchange]] = {}
    for exchange in exchanges:
        recorded = [(result, exchange) for result in exchange.answer.get("results", [])]
        found.update(zip(map(words, texts(exchange.sent)), recorded, strict=False))
    return found
