"""Moderation at the local endpoint: no model judges here, it repeats what an author wrote about each text."""

import msgspec

from grader.authoring.asked import Refusal
from grader.replay import matching, player
from grader.replay.cassettes import Take


class ModerationRequest(msgspec.Struct, frozen=True):
    """A text, a list of texts, or a list of parts."""

    input: object
    model: str = "omni-moderation-latest"


class Judged:
    """The authored moderation of a take. A text that nobody has judged yet passes for harmless, and is noted.

    `asked` are all texts, `unknown` those that nobody has judged.
    """

    def __init__(self, authored: Take = ()) -> None:
        exchanges = [one for one in authored if player.operation_of(one) == "moderation"]
        self._results = {text: result for text, (result, _) in matching.results(exchanges).items()}
        self.asked: list[str] = []
        self.unknown: list[str] = []

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
        self.unknown += [text for text in texts if matching.words(text) not in self._results]
        results = [self._results.get(matching.words(text), harmless) for text in texts]
        return msgspec.json.encode({"id": "modr-authored", "model": request.model, "results": results})
