"""What a request costs, in US dollars: a small dated table of the models that the lessons use.

A bound counts a byte of text as a token, which no token undercuts, and the longest reply that the request allows.
"""

import json
from typing import Any, Final

import msgspec

DATE: Final = "2026-10-14"
SOURCE: Final = "OpenAI's API pricing page, standard tier, as the package genai-prices 0.2.3 copied it that day"
MILLION: Final = 1_000_000


class Price(msgspec.Struct, frozen=True):
    """Dollars for a million tokens read and written, and the most tokens that a model writes in one choice."""

    read: float
    written: float
    longest: int


_MINI: Final = Price(0.15, 0.60, 16_384)
CHAT: Final = {"gpt-4o-mini": _MINI, "gpt-4o-mini-2024-07-18": _MINI}
SPEECH: Final = {"tts-1": 15.0}  # for a million characters
FREE: Final = frozenset(["moderation", "list", "retrieve", "messages"])

# These are billed apart from the text that is written, or at another rate.
_APART: Final = ("audio", "modalities", "prediction", "web_search_options")
_STANDARD: Final = (None, "auto", "default", "flex")


def bound(operation: str, body: dict[str, Any], size: int) -> float | None:
    """The most dollars that a request of `size` bytes can cost; None where the table cannot tell."""
    if operation in FREE:
        return 0.0
    model = str(body.get("model"))
    if operation == "speech" and model in SPEECH:
        return SPEECH[model] * len(str(body.get("input"))) / MILLION
    price = CHAT.get(model) if operation == "chat" else None
    if price is None or not _plain(body):
        return None
    return (price.read * size + price.written * _written(body, price)) / MILLION


def cost(operation: str, body: dict[str, Any], size: int, reply: bytes) -> float:
    """The dollars of an answered request: by the usage that the reply tells, else by the bytes of both texts."""
    price = CHAT.get(str(body.get("model"))) if operation == "chat" else None
    if price is None:
        return bound(operation, body, size) or 0.0
    objects = _objects(reply)
    usage = next((one["usage"] for one in reversed(objects) if one.get("usage")), None)
    if usage is None:
        written = sum(_bytes(choice.get("delta")) for one in objects for choice in one.get("choices", []))
        usage = {"prompt_tokens": size, "completion_tokens": written}
    return float(price.read * usage["prompt_tokens"] + price.written * usage["completion_tokens"]) / MILLION


def _objects(reply: bytes) -> list[dict[str, Any]]:
    """The JSON object of a reply, or those of a stream."""
    lines = [reply] if reply.lstrip().startswith(b"{") else [line[5:] for line in reply.splitlines()]
    return [json.loads(line) for line in lines if line.lstrip().startswith(b"{")]


def _bytes(thing: object) -> int:
    """The bytes of all texts in a piece of a stream."""
    if isinstance(thing, str):
        return len(thing.encode())
    parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
    return sum(_bytes(part) for part in parts)


def _plain(body: dict[str, Any]) -> bool:
    """Whether only text is read and written, at the standard rate."""
    messages = body.get("messages")
    contents = (
        [one.get("content") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    )
    parts = [part for content in contents if isinstance(content, list) for part in content]
    texts = all(isinstance(part, dict) and part.get("type") == "text" for part in parts)
    return texts and not any(body.get(name) for name in _APART) and body.get("service_tier") in _STANDARD


def _written(body: dict[str, Any], price: Price) -> int:
    """The most tokens of all choices together. What is not a number is refused by the API, and costs nothing."""
    caps = [body.get(name) for name in ("max_completion_tokens", "max_tokens")]
    given = [cap for cap in caps if isinstance(cap, int)]
    n = body.get("n")
    return min([price.longest, *(max(cap, 0) for cap in given)]) * (max(n, 1) if isinstance(n, int) else 1)
