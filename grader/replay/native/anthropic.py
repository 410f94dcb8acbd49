"""Anthropic's protocol."""

import json
import re
from collections.abc import Iterator
from typing import Final

from grader.replay import streams
from grader.replay.native.protocol import Body, Native, Reply, chat, listed, system, tokens

ENDS: Final = {"length": "max_tokens"}  # why a reply ended, as Anthropic says it; all else is `end_turn`


class Anthropic(Native):
    """POST /v1/messages."""

    end = re.compile(r"/messages$")
    chat = "/chat/completions"
    media = streams.STREAM_TYPE
    demands = ("max_tokens",)

    def asked(self, path: str, body: Body) -> Body:
        """The system message stands apart from the others."""
        del path
        return chat(
            body.get("model"), [*system(body.get("system")), *listed(body, "messages")], body.get("stream")
        )

    def whole(self, reply: Reply, path: str) -> Body:
        """One block of text."""
        del path
        return self._message(reply) | {
            "content": [{"type": "text", "text": reply.text}],
            "stop_reason": ENDS.get(reply.finish, "end_turn"),
            "usage": tokens(reply, "input_tokens", "output_tokens"),
        }

    def events(self, reply: Reply, path: str) -> Iterator[bytes]:
        """A message, a block in it, and what the block grows by."""
        del path
        begun = self._message(reply) | {
            "usage": tokens(reply, "input_tokens", "output_tokens") | {"output_tokens": 1}
        }
        ended = {"stop_reason": ENDS.get(reply.finish, "end_turn"), "stop_sequence": None}
        yield event({"type": "message_start", "message": begun})
        yield event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        for piece in reply.pieces:
            delta = {"type": "text_delta", "text": piece}
            yield event({"type": "content_block_delta", "index": 0, "delta": delta})
        yield event({"type": "content_block_stop", "index": 0})
        yield event({"type": "message_delta", "delta": ended, "usage": tokens(reply, "", "output_tokens")})
        yield event({"type": "message_stop"})

    def error(self, status: int, message: str) -> Body:
        """An error with its kind."""
        kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error", 500: "api_error"}
        kind = kinds.get(status, "invalid_request_error")
        return {"type": "error", "error": {"type": kind, "message": message}}

    def _message(self, reply: Reply) -> Body:
        return {
            "id": f"msg_{reply.id}",
            "type": "message",
            "role": "assistant",
            "model": reply.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
        }


def event(body: Body) -> bytes:
    """A server-sent event with its type."""
    return f"event: {body['type']}\ndata: {json.dumps(body)}\n\n".encode()
