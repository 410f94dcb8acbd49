"""The providers that student code may ask: where each one answers, its key, and how its models are called."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from grader.replay.log import LoggedRequest
from grader.replay.traffic import Incoming


class Provider(msgspec.Struct, frozen=True):
    """A provider of an API. `models` fits the names of its models; `key` is the form of a made-up key."""

    name: str
    host: str
    models: str
    key: str = ""

    def has(self, model: object) -> bool:
        """Whether a model may be one of its own, by its name."""
        return isinstance(model, str) and re.match(self.models, model) is not None


# Both ends of a key are fixed: the API's 401 shows them, and results must not differ between runs.
OPENAI: Final = Provider("openai", "api.openai.com", r"(gpt|chatgpt|o\d)-")
OTHERS: Final = (
    Provider("anthropic", "api.anthropic.com", r"claude-", "sk-ant-api03-{middle}-vR8tZkAA"),
    Provider("gemini", "generativelanguage.googleapis.com", r"(models/)?gemini-", "AIzaSyBq{middle}W3nL7"),
    Provider("ollama", "localhost:11434", r""),
)
PROVIDERS: Final = (OPENAI, *OTHERS)


def keys(key: str) -> dict[str, str]:
    """The made-up key of each provider that wants one, in a run whose key for OpenAI is this one."""
    secret = {one.name: hashlib.sha256(f"{one.name} {key}".encode()).hexdigest()[:26] for one in OTHERS if one.key}
    return {OPENAI.name: key} | {one.name: one.key.format(middle=secret[one.name]) for one in OTHERS if one.key}


class Served:
    """The providers that a take holds, by its hosts; what it does not hold is judged as OpenAI would."""

    def __init__(self, hosts: Iterable[str], key: str) -> None:
        """`key` is the run's key for OpenAI."""
        known = set(hosts)
        self._providers = [one for one in PROVIDERS if one.host in known]
        self._keys = keys(key)

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return len(self._providers) > 1

    def is_elsewhere(self, host: str) -> bool:
        """Whether a host is none of several providers': then the address is what is wrong."""
        return self.several and host not in {one.host for one in self._providers}

    def at(self, host: str) -> Provider:
        """The one that answers at a host."""
        return next((one for one in self._providers if one.host == host), OPENAI)

    def of(self, model: object) -> Provider | None:
        """The one that has a model of this name; Ollama's may have any."""
        return next((one for one in self._providers if one.models and one.has(model)), None)

    def accepts(self, request: LoggedRequest) -> bool:
        """Whether the key is right. Ollama takes any."""
        return request.key == self._keys.get(self.at(request.host).name, request.key)

    def stray_key(self, request: LoggedRequest, incoming: Incoming) -> str | None:
        """Whose key goes to another provider than its own, wherever in the request it stands."""
        if request.host not in {one.host for one in self._providers}:
            return None
        sent = "\n".join([incoming.url, *incoming.headers.values()]).encode(errors="replace") + incoming.content
        others = [one.name for one in self._providers if one.host != request.host and one.name in self._keys]
        return next((name for name in others if self._keys[name].encode() in sent), None)
