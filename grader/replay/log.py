"""What a check can look at afterwards: the requests that came, and the answers that they got."""

from typing import Any

import msgspec

from grader.replay import streams


class LoggedRequest(msgspec.Struct, frozen=True):
    """A request that named an operation of the API. `key` is the bearer key that it carried."""

    operation: str
    host: str
    body: dict[str, Any]
    key: str | None
    line: int | None

    @property
    def messages(self) -> list[tuple[str, str]]:
        """The role and the text of each message of a chat; texts in parts are joined."""
        sent = self.body.get("messages")
        found = [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []
        return [(str(one.get("role")), text_of(one.get("content"))) for one in found]


class LoggedReply(msgspec.Struct, frozen=True):
    """An answer that a recording gave. `body` is its JSON; None for a stream or for sound."""

    status: int
    body: Any
    content: bytes

    @property
    def texts(self) -> list[str]:
        """The content of each choice of a completion; a stream's pieces are joined."""
        if self.body is None:
            return streams.texts(self.content)
        return [choice["message"]["content"] for choice in self.body["choices"]]

    @property
    def text(self) -> str:
        """The content of the first choice."""
        return self.texts[0]

    @property
    def finish(self) -> str:
        """Why the first choice ended: `stop` or `length`."""
        bodies = [self.body] if self.body is not None else streams.chunks(self.content)
        reasons = [choice.get("finish_reason") for body in bodies for choice in body["choices"]]
        return next(str(reason) for reason in reasons if reason)

    @property
    def usage(self) -> dict[str, Any] | None:
        """The counted tokens; None for a stream that was asked without `include_usage`."""
        bodies = [self.body] if self.body is not None else streams.chunks(self.content)
        return next((body["usage"] for body in reversed(bodies) if body.get("usage")), None)


def text_of(content: Any) -> str:
    """The text of a message, whose content is a text, a list of parts, or nothing."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content or "")
