"""Recorded streams, piece by piece: server-sent events, or JSON objects in lines of their own."""

import json
import re
from typing import Any, Final

STREAM_TYPE: Final = "text/event-stream"
LINES_TYPE: Final = "application/x-ndjson"
EVENT: Final = re.compile(rb".*?(?:\r?\n){2}|.+$", re.DOTALL)


def pieces(content: bytes, media: str) -> list[bytes]:
    """The pieces in which a response of this type arrives; anything but a stream is one."""
    if media == LINES_TYPE:
        return content.splitlines(keepends=True)
    return events(content) if media == STREAM_TYPE else [content]


def events(content: bytes) -> list[bytes]:
    """The events of a recorded stream, each with its blank line."""
    return [event for event in EVENT.findall(content) if event.strip()]


def chunks(content: bytes) -> list[dict[str, Any]]:
    """The JSON objects of a recorded stream."""
    lines = [event.strip().removeprefix(b"data:").strip() for event in events(content)]
    return [json.loads(line) for line in lines if line.startswith(b"{")]


def texts(content: bytes) -> list[str]:
    """The text of each choice of a stream, joined from its pieces."""
    found: dict[int, str] = {}
    for chunk in chunks(content):
        for choice in chunk["choices"]:
            piece = choice["delta"].get("content") or ""
            found[choice["index"]] = found.get(choice["index"], "") + piece
    return [found[index] for index in sorted(found)]


def without_usage(content: bytes) -> bytes:
    """The stream without the last chunk, which only `include_usage` asks for: it has no choices."""
    return b"".join(event for event in events(content) if b'"choices":[]' not in event.replace(b" ", b""))
