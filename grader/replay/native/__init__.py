"""Other protocols than OpenAI's: a request of Anthropic's, Google's or Ollama's own becomes a chat request.

The same recorded reply answers it, told as that protocol tells it. So whoever uses the provider's own library is
judged by the same request log and gets the same text. Only what a chat needs is translated: the model, the
messages, whether to stream; of the reply its text, why it ended, and the counted tokens.
"""

import json
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from grader.replay import streams
from grader.replay.native.anthropic import Anthropic
from grader.replay.native.gemini import Gemini
from grader.replay.native.ollama import Ollama
from grader.replay.native.protocol import Body, Native, Reply
from grader.replay.traffic import JSON, Answer, Incoming

NATIVES: Final[dict[str, Native]] = {"anthropic": Anthropic(), "gemini": Gemini(), "ollama": Ollama()}


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


def translation(operation: str, incoming: Incoming) -> Translation | None:
    """The translation of a request, where its operation is one of another protocol."""
    native = NATIVES.get(operation)
    return Translation(native, incoming) if native else None


def aside(method: str, url: str) -> Answer | None:
    """The answer to what litellm asks Ollama before a chat: what the model can do. No chat depends on it."""
    if (method, urlsplit(url).path) != ("POST", "/api/show"):
        return None
    return Answer(200, JSON, [b'{"capabilities": ["completion"], "details": {}, "model_info": {}}'])


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
