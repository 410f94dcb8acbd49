"""What every protocol has in common: a chat request that a request means, and a reply that can be told."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import msgspec

Body = dict[str, Any]


class Reply(msgspec.Struct, frozen=True):
    """What a chat reply says, in as many pieces as it came in."""

    id: str
    model: str
    created: int
    pieces: list[str]
    finish: str
    usage: Body

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


class Native(ABC):
    """One protocol.

    `end` is what stands in a path where OpenAI's clients write `chat`; `media` is the type of its streams;
    `demands` are fields that no request may lack.
    """

    end: re.Pattern[str]
    chat: str
    media: str
    demands: tuple[str, ...]

    @abstractmethod
    def asked(self, path: str, body: Body) -> Body:
        """The chat request that a request means."""

    @abstractmethod
    def whole(self, reply: Reply, path: str) -> Body:
        """The response for a reply."""

    @abstractmethod
    def events(self, reply: Reply, path: str) -> Iterator[bytes]:
        """The pieces of a streamed response."""

    @abstractmethod
    def error(self, status: int, message: str) -> Body:
        """The body of an error."""


def chat(model: object, messages: list[Body], stream: object) -> Body:
    """A chat request. A stream always tells its usage, which the other protocols do as well."""
    asked = {"model": model, "messages": messages, "stream": bool(stream)}
    return asked | ({"stream_options": {"include_usage": True}} if stream else {})


def system(content: object) -> list[Body]:
    """The system message, if there is any."""
    return [{"role": "system", "content": content}] if content else []


def listed(body: Body, name: str) -> list[Body]:
    """The objects of a list in a body."""
    found = body.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def tokens(reply: Reply, sent: str, received: str) -> Body:
    """The counted tokens under these names; without a name they are left out."""
    counted = {sent: reply.usage.get("prompt_tokens", 0), received: reply.usage.get("completion_tokens", 0)}
    return {name: count for name, count in counted.items() if name}
