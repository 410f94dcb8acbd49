"""Where recordings come from: the local model, started for it, or an API that is asked with the author's key."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from grader.authoring import gateway
from grader.authoring.asked import Defaults
from grader.authoring.judged import Judged
from grader.authoring.local_model import Model, require_packages
from grader.errors import GraderError
from grader.judge.endpoint import OPENAI, Endpoint, endpoint
from grader.replay import prices
from grader.settings import Secret

LIMIT = 160  # tokens of a reply of the local model, where the request sets no limit: it likes to ramble


class Opened(msgspec.Struct, frozen=True):
    """An endpoint that answers. `model` and `voice` are known of our own models only."""

    base_url: str
    model: Model | None = None
    voice: Model | None = None


class Source(Protocol):
    """Something to record from."""

    @property
    def name(self) -> str:
        """How messages call it."""

    @property
    def key(self) -> Secret | None:
        """The key that it asks for."""

    @property
    def max_cost(self) -> float:
        """The most dollars that one take of an exercise may cost."""

    @property
    def costs(self) -> bool:
        """Whether it costs at all."""

    def open(self, seed: int, judged: Judged) -> AbstractContextManager[Opened]:
        """A context with an Opened; the same seed gives the same answers where the source can do that.

        A source without moderation of its own gives what was `judged`.
        """

    def facts(self, opened: Opened, seed: int, operations: set[str]) -> dict[str, object]:
        """What a cassette's metadata says of the source."""


class LocalModel:
    """The models of this computer. They are started for each take, with its seed."""

    name = "the local model"
    key = None
    max_cost = 0.0
    costs = False

    def __init__(self) -> None:
        require_packages()

    @contextmanager
    def open(self, seed: int, judged: Judged) -> Iterator[Opened]:
        """Start them."""
        with gateway.serve(defaults=Defaults(seed, LIMIT), judged=judged) as endpoint:
            yield Opened(endpoint.base_url, endpoint.model, endpoint.voice)

    def facts(self, opened: Opened, seed: int, operations: set[str]) -> dict[str, object]:
        """Engine, weights and their hash; the seed, and the limit of a reply."""
        models = {"chat": opened.model, "speech": opened.voice}
        used = [model for operation, model in models.items() if operation in operations and model]
        facts: dict[str, object] = {"origin": "local-model"}
        facts |= msgspec.structs.asdict(used[0]) if used else {}
        facts |= {"voice": msgspec.structs.asdict(used[1])} if len(used) > 1 else {}
        return facts | {"seed": seed} | ({"limit": LIMIT} if "chat" in operations else {})


class Api:
    """A provider's API, or any program on this computer that speaks like one."""

    def __init__(self, where: Endpoint, max_cost: float) -> None:
        self.where = where
        self.name = f"the API at {where.host}"
        self.key = where.key
        self.max_cost = max_cost
        self.costs = not where.local

    @contextmanager
    def open(self, seed: int, judged: Judged) -> Iterator[Opened]:
        """It answers already, and knows nothing of our seeds."""
        del seed, judged
        yield Opened(self.where.base_url)

    def facts(self, opened: Opened, seed: int, operations: set[str]) -> dict[str, object]:
        """The provider; of a program on this computer nothing is known, and evidence.py will ask for more."""
        del opened, seed, operations
        if self.where.local:
            return {"origin": "local-model", "engine": f"a program at {self.where.host}"}
        return {"origin": "live", "provider": self.where.host, "prices": prices.DATE}


def source(project: Path, *, live: bool, base_url: str | None, max_cost: float) -> Source:
    """The source that the options name. Raises GraderError for options that do not fit, and without a key."""
    if live and base_url:
        raise GraderError("--live is OpenAI's API, and --base-url is another one. Leave one of them out.")
    if live or base_url:
        return Api(endpoint(base_url or OPENAI, project), max_cost)
    return LocalModel()
