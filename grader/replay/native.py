"""Other protocols than OpenAI's: a request of Anthropic's, Google's or Ollama's own becomes a chat request.

The same recorded reply answers it, told as that protocol tells it. So whoever uses the provider's own library is
judged by the same request log and gets the same text. Only what a chat needs is translated: the model, the
messages, whether to stream; of the reply its text, why it ended, and the counted tokens.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from grader.replay import streams
from grader.replay.traffic import JSON, Answer, Incoming

Body = dict[str, Any]
ENDS: Final = {"length": "max_tokens"}  # why a reply ended, as Anthropic says it; all else is `end_turn`
STATUSES: Final = {401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


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


class Translation:
    """One request of a protocol, and the way back."""

    def __init__(self, native: Native, incoming: Incoming) -> None:
        self._native = native
        self._incoming = incoming
        self._path = urlsplit(incoming.url).path
        self._body = decoded(incoming.content)
        self._chat = native.asked(self._path, self._body)

    @property
    def missing(self) -> str | None:
        """A field that the protocol demands and the request lacks."""
        return next((name for name in self._native.demands if name not in self._body), None)

    def asked(self) -> Incoming:
        """The request as OpenAI's clients send it, to the same provider."""
        parts = urlsplit(self._incoming.url)
        path = self._native.end.sub(self._native.chat, self._path)
        key = parse_qs(parts.query).get("key")
        return msgspec.structs.replace(
            self._incoming,
            url=f"{parts.scheme}://{parts.netloc}{path}",
            headers=self._incoming.headers | ({"x-goog-api-key": key[0]} if key else {}),
            content=json.dumps(self._chat).encode(),
        )

    def told(self, answer: Answer) -> Answer:
        """An answer to that request, as the protocol tells it."""
        content = b"".join(answer.pieces)
        if answer.status != 200:  # noqa: PLR2004 - OK
            body = self._native.error(answer.status, str(decoded(content).get("error", {}).get("message", "")))
            return Answer(answer.status, JSON, [json.dumps(body).encode()])
        if not self._chat["stream"]:
            body = self._native.whole(reply([decoded(content)]), self._path)
            return Answer(answer.status, answer.headers, [json.dumps(body).encode()])
        pieces = list(self._native.events(reply(streams.chunks(content)), self._path))
        return Answer(answer.status, answer.headers | {"content-type": self._native.media}, pieces)


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


class Gemini(Native):
    """POST /v1beta/models/NAME:generateContent, or :streamGenerateContent."""

    end = re.compile(r"/models/[^/]+$")
    chat = "/openai/chat/completions"
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


NATIVES: Final[dict[str, Native]] = {"anthropic": Anthropic(), "gemini": Gemini(), "ollama": Ollama()}


def translation(operation: str, incoming: Incoming) -> Translation | None:
    """The translation of a request, where its operation is one of another protocol."""
    native = NATIVES.get(operation)
    return Translation(native, incoming) if native else None


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


def parts_text(content: object) -> str:
    """The text of a content in parts."""
    return "".join(
        str(part.get("text", "")) for part in listed(content if isinstance(content, dict) else {}, "parts")
    )


def decoded(content: bytes) -> Body:
    """The JSON object of a body; empty for anything else."""
    try:
        body = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def reply(bodies: list[Body]) -> Reply:
    """What a completion, or the chunks of a streamed one, say together."""
    choices = [choice for body in bodies for choice in body.get("choices", [])[:1]]
    texts = [(choice.get("message") or choice.get("delta") or {}).get("content") for choice in choices]
    return Reply(
        id=str(bodies[0].get("id")),
        model=str(bodies[0].get("model")),
        created=int(bodies[0].get("created", 0)),
        pieces=[text for text in texts if text],
        finish=next((str(one["finish_reason"]) for one in choices if one.get("finish_reason")), "stop"),
        usage=next((body["usage"] for body in bodies if body.get("usage")), {}),
    )


def tokens(reply: Reply, sent: str, received: str) -> Body:
    """The counted tokens under these names; without a name they are left out."""
    counted = {sent: reply.usage.get("prompt_tokens", 0), received: reply.usage.get("completion_tokens", 0)}
    return {name: count for name, count in counted.items() if name}


def event(body: Body) -> bytes:
    """A server-sent event with its type."""
    return f"event: {body['type']}\ndata: {json.dumps(body)}\n\n".encode()
