"""What the local endpoint understands: the requests of OpenAI's API that it answers, and why it refuses others."""

import re
from collections.abc import Collection
from typing import Annotated, TypeVar

import msgspec

CAPS = ("max_completion_tokens", "max_tokens", "n_predict")


class Defaults(msgspec.Struct, frozen=True):
    """What a request gets that does not say it: a seed, and for chat a limit of a reply's tokens.

    With a seed the same request gets the same answer, in every run. Of several choices each has its own: the seed
    and the numbers after it.
    """

    seed: int | None = None
    limit: int | None = None

    def applied(self, body: bytes) -> bytes:
        """The body of a request that llama.cpp is to answer."""
        if self == NO_DEFAULTS:
            return body
        fields = msgspec.json.decode(body, type=dict[str, object])
        added: dict[str, object] = {}
        if self.seed is not None and fields.get("seed") is None:
            added["seed"] = self.seed
        if self.limit is not None and not any(fields.get(name) is not None for name in CAPS):
            added["max_tokens"] = self.limit
        return msgspec.json.encode(fields | added) if added else body


NO_DEFAULTS = Defaults()


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure
    """An HTTP error of OpenAI's form: its status, its message, and the parameter that is wrong."""

    def __init__(self, status: int, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.param = param


class SpeechRequest(msgspec.Struct, frozen=True):
    """Ranges are the API's; that of `speed` is the voice's own."""

    model: str
    input: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    voice: str
    response_format: str = "mp3"
    speed: Annotated[float, msgspec.Meta(ge=0.5, le=2)] = 1


class _Message(msgspec.Struct, frozen=True):
    role: str


class ChatRequest(msgspec.Struct, frozen=True):
    """What the API requires, and llama.cpp does not or answers with a 500."""

    model: str
    messages: Annotated[list[_Message], msgspec.Meta(min_length=1)]


_Shape = TypeVar("_Shape")


def decode(body: bytes, shape: type[_Shape]) -> _Shape:
    """The request in a body. Raises Refusal."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"The body is not valid JSON: {error}.") from error


def _explained(problem: str) -> Refusal:
    """Say in the API's words what msgspec found: "Expected `str`, got `int` - at `$.messages[0].role`"."""
    problem, _, path = problem.partition(" - at `$")
    where = path.rstrip("`").lstrip(".")
    if missing := re.fullmatch("Object missing required field `(.+)`", problem):
        where = f"{where}.{missing[1]}".lstrip(".")
        return Refusal(400, f"Missing required parameter: '{where}'.", where)
    return Refusal(400, f"Invalid value for '{where or 'body'}': {problem}.", where or None)


def one_of(known: Collection[str], value: str, param: str) -> None:
    """Raise Refusal for a value that is not known."""
    if value not in known:
        message = f"Invalid value for '{param}': {value!r}. Use one of: {', '.join(known)}."
        raise Refusal(400, message, param)
