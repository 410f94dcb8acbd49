"""What a new recording changes, for the eye of an author: the shape of the exchanges first, their words last."""

import json
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

from grader.authoring import reel
from grader.replay import matching, streams
from grader.replay.cassettes import Exchange, Take
from grader.reports.text import count

WIDTH = 60  # characters of a reply that are shown


def difference(old: Take | None, new: Take) -> list[str]:
    """Lines about a take: its exchanges, the keys that came or went, and the replies."""
    if old is None:
        return [f"new: {count(len(new), 'exchange')}", *(f"  {line(one)}" for one in new), *_words((), new)]
    lines = [*_shapes(old, new), *_keys(old, new)]
    return (lines or ["same shape as before"]) + list(_words(old, new))


def line(exchange: Exchange) -> str:
    """Operation, shape, status and how it ended: `chat n=3 at most 20 tokens: 200 length, length, stop`."""
    sent = exchange.sent
    caps = [sent[name] for name in ("max_completion_tokens", "max_tokens") if sent.get(name)]
    turn = sum(message.get("role") == "assistant" for message in sent.get("messages", []))
    words = [matching.operation_of(exchange) or exchange.request.uri]
    words += [f"n={sent['n']}"] if sent.get("n", 1) != 1 else []
    words += ["stream"] if sent.get("stream") else []
    words += [f"at most {caps[0]} tokens"] if caps else []
    words += [f"turn {turn + 1}"] if turn else []
    ends = ", ".join(reasons(exchange))
    return f"{' '.join(words)}: {exchange.response.status.code} {ends}".rstrip()


def reasons(exchange: Exchange) -> list[str]:
    """The finish reasons of a chat reply, one for each choice."""
    choices = [choice for body in bodies(exchange) for choice in body.get("choices", [])]
    return [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]


def bodies(exchange: Exchange) -> list[dict[str, Any]]:
    """The JSON of a response: one object, those of a stream, or none."""
    if exchange.media == streams.STREAM_TYPE:
        return streams.chunks(exchange.content)
    return [json.loads(exchange.content)] if exchange.media == "application/json" else []


def _shapes(old: Take, new: Take) -> Iterator[str]:
    before, after = Counter(map(line, old)), Counter(map(line, new))
    yield from (f"- {one}" for one in (before - after).elements())
    yield from (f"+ {one}" for one in (after - before).elements())


def _keys(old: Take, new: Take) -> Iterator[str]:
    before, after = ({key for one in take for body in bodies(one) for key in paths(body)} for take in (old, new))
    came, went = _topmost(after - before), _topmost(before - after)
    if came:
        yield f"keys that came: {', '.join(came)}"
    if went:
        yield f"keys that went: {', '.join(went)}"


def _topmost(keys: set[str]) -> list[str]:
    """Without the keys below one that is listed."""
    return sorted(key for key in keys if key.rpartition(".")[0].removesuffix("[]") not in keys)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The paths of all keys in a JSON value, as in `choices[].message`."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, f"{path}[]")
    elif isinstance(value, dict):
        for name, item in value.items():
            here = f"{path}.{name}".lstrip(".")
            yield here
            yield from paths(item, here)


def _words(old: Take, new: Take) -> Iterator[str]:
    before = [text for exchange in old for text in _texts(exchange)]
    for index, text in enumerate(text for exchange in new for text in _texts(exchange)):
        was = before[index] if index < len(before) else None
        if was == text:
            yield f"as before: {short(text)}"
        else:
            yield f"now: {short(text)}" + (f"  (was: {short(was)})" if was else "")


def _texts(exchange: Exchange) -> list[str]:
    if matching.operation_of(exchange) == "chat" and exchange.response.status.code == 200:  # noqa: PLR2004 - OK
        return [text or "" for text in reel.texts(exchange)]
    return [f"{len(exchange.content)} bytes"] if exchange.media.startswith("audio/") else []


def short(text: str) -> str:
    """A text in one short line."""
    return repr(textwrap.shorten(text, WIDTH, placeholder="..."))
