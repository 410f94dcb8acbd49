"""From all that was recorded to a take: what several submissions asked alike is kept once.

A player answers by shape, and the n-th request of a shape with its n-th exchange. So a take has, for each shape,
as many exchanges as one check needs.
"""

from collections.abc import Hashable, Iterable, Sequence
from http import HTTPStatus

import msgspec

from grader.errors import CassetteError
from grader.judge.live import ASKED_HEADER
from grader.replay import matching, streams
from grader.replay.cassettes import Exchange, Take
from grader.replay.log import LoggedReply

CLIENTS_BASE = "https://api.openai.com/v1"  # where the client of student code believes to ask
FOCUSED = 0.2  # a top_p up to here leaves little to chance

Tape = Sequence[Exchange]  # what one check of one submission exchanged
Slot = tuple[Hashable, int]  # a shape, and how many requests of it the check had made before


def missing(tapes: Iterable[Tape]) -> list[str]:
    """The operations that the API does not have: every answer was a 404."""
    statuses: dict[str, set[int]] = {}
    for exchange in _all(tapes):
        statuses.setdefault(_operation(exchange), set()).add(exchange.response.status.code)
    return sorted(name for name, found in statuses.items() if found == {HTTPStatus.NOT_FOUND})


def by_hand(take: Take) -> str:
    """Why an exercise is not recorded at all; empty if it is."""
    operations = set(map(_operation, take))
    if "list" in operations:
        return "it lists what an account has stored, which belongs in no cassette"
    return "it asks Ollama in Ollama's own protocol" if "ollama" in operations else ""


def addressed(tapes: Iterable[Tape], base_url: str) -> list[Tape]:
    """The exchanges with the address that the student's client asked."""
    return [[_addressed(exchange, base_url) for exchange in tape] for tape in tapes]


def without(tapes: Iterable[Tape], operation: str) -> list[Tape]:
    """The exchanges of all other operations."""
    return [[exchange for exchange in tape if _operation(exchange) != operation] for tape in tapes]


def take(tapes: Iterable[Tape], shown: str) -> Take:
    """One exchange for each shape and turn, in the order in which they were first needed; no errors.

    Where several submissions asked in one shape, the first one is kept that leaves something to chance, because
    takes must differ. Raises CassetteError for an answer that is compressed.
    """
    slots: dict[Slot, list[Exchange]] = {}
    for tape in tapes:
        counts: dict[Hashable, int] = {}
        for exchange in tape:
            if exchange.response.status.code != HTTPStatus.OK:
                continue
            _prove_plain(exchange, shown)
            shape = _shape(exchange)
            slots.setdefault((shape, counts.get(shape, 0)), []).append(exchange)
            counts[shape] = counts.get(shape, 0) + 1
    chosen = {slot: min(found, key=_certainty) for slot, found in slots.items()}
    order = list(dict.fromkeys(shape for shape, _ in chosen))
    kept = sorted(chosen, key=lambda slot: (order.index(slot[0]), slot[1]))
    return tuple(chosen[slot] for slot in kept if not _again(slot, chosen))


def is_certain(exchange: Exchange) -> bool:
    """Whether the same model always gives the same reply to this request."""
    sent = exchange.sent
    top_p = sent.get("top_p")
    return sent.get("temperature") == 0 or (top_p is not None and top_p <= FOCUSED) or "messages" not in sent


def texts(exchange: Exchange) -> list[str]:
    """The texts of a chat reply."""
    body = None if exchange.media == streams.STREAM_TYPE else msgspec.json.decode(exchange.content)
    return LoggedReply(exchange.response.status.code, body, exchange.content).texts


def shared(takes: Iterable[Take]) -> str | None:
    """The beginning of a reply that two takes share although the request leaves it to chance; None for none."""
    for exchanges in zip(*takes, strict=False):
        chat = [exchange for exchange in exchanges if _operation(exchange) == "chat" and not is_certain(exchange)]
        replies = [texts(exchange) for exchange in chat]
        twice = next((one for index, one in enumerate(replies) if one and one in replies[:index]), None)
        if twice:
            return twice[0][:60]
    return None


def prove_different(takes: dict[str, Take], shown: str) -> None:
    """Raise CassetteError where takes say the same, although the request leaves it to chance."""
    reply = shared(takes.values())
    if reply is not None:
        raise CassetteError(
            f"{shown}: takes {' and '.join(takes)} give the same reply: {reply!r}. Nothing was changed.\n"
            "Next: choose other seeds with --seeds, such as --seeds 7,107."
        )


def _all(tapes: Iterable[Tape]) -> list[Exchange]:
    return [exchange for tape in tapes for exchange in tape]


def _operation(exchange: Exchange) -> str:
    return matching.operation_of(exchange) or exchange.request.uri


def _addressed(exchange: Exchange, base_url: str) -> Exchange:
    asked = exchange.request.headers.get(ASKED_HEADER)
    uri = asked[0] if asked else CLIENTS_BASE + exchange.request.uri.removeprefix(base_url)
    return msgspec.structs.replace(exchange, request=msgspec.structs.replace(exchange.request, uri=uri))


def _shape(exchange: Exchange) -> Hashable:
    operation, sent = _operation(exchange), exchange.sent
    if operation == "moderation":
        return operation, tuple(matching.texts(sent))
    shape = matching.shape(sent)
    route = matching.route_of(exchange)
    return operation, route and route.host, shape.n, shape.stream, shape.cap, shape.turn


def _certainty(exchange: Exchange) -> tuple[bool, bool]:
    """Orders candidates: first what leaves something to chance, then a stream that ends with its usage."""
    options = exchange.sent.get("stream_options") or {}
    return is_certain(exchange), bool(exchange.sent.get("stream")) and not options.get("include_usage")


def _again(slot: Slot, chosen: dict[Slot, Exchange]) -> bool:
    """Whether the exchange asks just what the one before it asks: the player gives the last one again."""
    before = chosen.get((slot[0], slot[1] - 1))
    return before is not None and before.sent == chosen[slot].sent


def _prove_plain(exchange: Exchange, shown: str) -> None:
    names = {name.lower(): values for name, values in exchange.response.headers.items()}
    encoding = names.get("content-encoding", ["identity"])[0]
    if encoding != "identity":
        raise CassetteError(f"{shown}: the API compressed an answer ({encoding}), although it was asked not to.")
