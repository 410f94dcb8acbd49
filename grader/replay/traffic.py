"""HTTP as it comes from a cell and goes back to it."""

from typing import Final

import msgspec

JSON: Final = {"content-type": "application/json", "x-should-retry": "false"}
NOBODY_LISTENS: Final = 0  # a status that no server sends: the connection is refused


class Incoming(msgspec.Struct, frozen=True):
    """An HTTP request as it left the client. `line` is the student's."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes
    line: int | None


class Answer(msgspec.Struct, frozen=True):
    """An HTTP response; a stream's events are pieces of their own."""

    status: int
    headers: dict[str, str]
    pieces: list[bytes]
