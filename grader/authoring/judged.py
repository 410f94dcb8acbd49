"""Moderation at the local endpoint: no model judges here, it repeats what an author wrote about each text."""

from collections.abc import Iterable
from http import HTTPStatus

import msgspec

from grader.authoring import reel
from grader.authoring.asked import Refusal
from grader.replay import matching
from grader.replay.cassettes import Exchange, Take


class ModerationRequest(msgspec.Struct, frozen=True):
    """A text, a list of texts, or a list of parts."""

    input: object
    model: str = "omni-moderation-latest"


class Judged:
    """The authored moderation of a take. A text that nobody has judged yet passes for harmless.

    `asked` are all texts that it was asked about.
    """

    def __init__(self, authored: Take = ()) -> None:
        exchanges = [one for one in authored if matching.operation_of(one) == "moderation"]
        self._results = {text: result for text, (result, _) in matching.results(exchanges).items()}
        self.asked: list[str] = []

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._results)

    def answer(self, request: ModerationRequest) -> bytes:
        """The reply of the API. Raises Refusal where no result can stand for a harmless text."""
        harmless = next((result for result in self._results.values() if not result["flagged"]), None)
        if harmless is None:
            raise Refusal(404, "The authored moderation has no harmless text.")
        texts = matching.texts({"input": request.input})
        self.asked += texts
        results = [self._results.get(matching.words(text), harmless) for text in texts]
        return msgspec.json.encode({"id": "modr-authored", "model": request.model, "results": results})

    def missing(self, recorded: Iterable[Exchange], kept: Iterable[Exchange]) -> list[str]:
        """The texts that need a result: those of checks and of kept replies. Other replies will not come again."""
        gone = replies(recorded) - replies(kept)
        texts = {matching.words(text): text for text in self.asked}
        return [text for words, text in texts.items() if words not in self._results and words not in gone]


def unjudged(take: Take) -> list[str]:
    """The chat replies of a take with moderation that a guardrail could not ask about."""
    results = matching.results([one for one in take if matching.operation_of(one) == "moderation"])
    return sorted(replies(take) - set(results)) if results else []


def replies(exchanges: Iterable[Exchange]) -> set[str]:
    """The words of all chat replies."""
    chats = [one for one in exchanges if matching.operation_of(one) == "chat"]
    fine = [one for one in chats if one.response.status.code == HTTPStatus.OK]
    return {matching.words(text) for one in fine for text in reel.texts(one)}
