"""Ollama's protocol."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from grader.replay.native.protocol import Body, Native, Reply, chat, listed, system, tokens


class Ollama(Native):
    """POST /api/chat and /api/generate. Without `stream` it streams, as lines of JSON."""

    end = re.compile(r"/api/\w+$")
    chat = "/v1/chat/completions"
    media = "application/x-ndjson"
    demands = ("model",)

    def asked(self, path: str, body: Body) -> Body:
        """A prompt is one message."""
        said = listed(body, "messages")
        if path.endswith("generate"):
            said = [*system(body.get("system")), {"role": "user", "content": body.get("prompt")}]
        return chat(body.get("model"), said, body.get("stream", True))

    def whole(self, reply: Reply, path: str) -> Body:
        """The text, and what was counted."""
        counted = tokens(reply, "prompt_eval_count", "eval_count")
        return self._piece(reply, reply.text, path) | {"done": True, "done_reason": reply.finish} | counted

    def events(self, reply: Reply, path: str) -> Iterator[bytes]:
        """A line for each piece; an empty one ends it."""
        last = self.whole(msgspec.structs.replace(reply, pieces=[]), path)
        for body in (*(self._piece(reply, piece, path) for piece in reply.pieces), last):
            yield json.dumps(body).encode() + b"\n"

    def error(self, status: int, message: str) -> Body:
        """One sentence."""
        del status
        return {"error": message}

    def _piece(self, reply: Reply, text: str, path: str) -> Body:
        said = (
            {"response": text}
            if path.endswith("generate")
            else {"message": {"role": "assistant", "content": text}}
        )
        created = datetime.fromtimestamp(reply.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"model": reply.model, "created_at": created, "done": False} | said
