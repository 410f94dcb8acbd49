"""Google's protocol."""

import json
import re
from collections.abc import Iterator
from typing import Final

from grader.replay import streams
from grader.replay.native.protocol import Body, Native, Reply, chat, listed, system, tokens

STATUSES: Final = {401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


class Gemini(Native):
    """POST /v1beta/models/NAME:generateContent, or :streamGenerateContent."""

    end = re.compile(r"/v1\w*/models/[^/]+$")  # the library asks /v1, and was at /v1beta before
    chat = "/v1beta/openai/chat/completions"
    media = streams.STREAM_TYPE
    demands = ("contents",)

    def asked(self, path: str, body: Body) -> Body:
        """The path names the model; a text stands in parts."""
        model, _, method = path.rpartition("/")[2].partition(":")
        instruction = body.get("systemInstruction") or body.get("system_instruction")
        before = system(parts_text(instruction)) if instruction else []
        said = [
            {"role": "assistant" if one.get("role") == "model" else "user", "content": parts_text(one)}
            for one in listed(body, "contents")
        ]
        return chat(model, [*before, *said], method.startswith("stream"))

    def whole(self, reply: Reply, path: str) -> Body:
        """One candidate."""
        del path
        return self._piece(reply, reply.text, last=True)

    def events(self, reply: Reply, path: str) -> Iterator[bytes]:
        """A candidate for each piece; the last one says why it ended."""
        del path
        for number, piece in enumerate(reply.pieces, start=1):
            body = self._piece(reply, piece, last=number == len(reply.pieces))
            yield b"data: " + json.dumps(body).encode() + b"\r\n\r\n"

    def error(self, status: int, message: str) -> Body:
        """An error with its number and name."""
        name = STATUSES.get(status, "INVALID_ARGUMENT")
        return {"error": {"code": status, "message": message, "status": name}}

    def _piece(self, reply: Reply, text: str, *, last: bool) -> Body:
        content = {"parts": [{"text": text}], "role": "model"}
        reason = {"finishReason": "MAX_TOKENS" if reply.finish == "length" else "STOP"} if last else {}
        usage = tokens(reply, "promptTokenCount", "candidatesTokenCount")
        return {
            "candidates": [{"content": content, "index": 0} | reason],
            "usageMetadata": usage | {"totalTokenCount": sum(usage.values())},
            "modelVersion": reply.model,
            "responseId": reply.id,
        }


def parts_text(content: object) -> str:
    """The text of a content in parts."""
    return "".join(
        str(part.get("text", "")) for part in listed(content if isinstance(content, dict) else {}, "parts")
    )
