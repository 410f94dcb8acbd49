"""The player answers the requests of one check and one take, and keeps the log that the check is judged by.

Route, then what the real API would refuse, then the check's contract, then the recorded answer. Whatever has no
recorded answer is answered at once with HTTP 400 and `x-should-retry: false`, so that no client tries again.
"""

import json
from collections.abc import Sequence

import msgspec

from grader import messages
from grader.messages import shown
from grader.model import Verdict
from grader.replay import contract, matching, misses, models, native, providers, refusals, steps, stored, streams
from grader.replay.api_errors import UNREADABLE, Refusal, unknown_model, wrong_key
from grader.replay.cassettes import JSON_TYPE, Exchange, Take
from grader.replay.contract import Expectation
from grader.replay.failures import Failure
from grader.replay.log import LoggedReply, LoggedRequest
from grader.replay.matching import Route, operation_of, route_of
from grader.replay.providers import Served
from grader.replay.traffic import JSON, NOBODY_LISTENS, Answer, Incoming

KEPT_HEADERS = ("content-type", "x-request-id")
KEY_HEADERS = ("authorization", "x-api-key", "x-goog-api-key")  # OpenAI's, Anthropic's, Google's


class Problem(msgspec.Struct, frozen=True):
    """Something in the log that decides the check, whatever student code made of it."""

    message: str
    line: int | None = None
    next: str = ""
    verdict: Verdict = Verdict.FAILED


class Player:
    """Answers from one take; without a take every request is a problem."""

    waits = False  # whether an answer takes time that is not the student's

    def __init__(self, take: Take | None, key: str) -> None:
        self._take = take
        self._served_by = Served((route.host for route in map(route_of, take or ()) if route), key)
        self._accepted: list[LoggedRequest] = []
        self._served: dict[object, int] = {}
        self.expectations: list[Expectation] = []
        self.requests: list[LoggedRequest] = []
        self.replies: list[LoggedReply] = []
        self.problems: list[Problem] = []
        self.refusals: list[Problem] = []
        self.played: list[Exchange] = []
        self.failing: dict[str, Failure] = {}  # by operation
        self.nothing_stored = False

    def answer(self, incoming: Incoming) -> Answer:
        """Answer one request and log it.

        One in a protocol of its provider's own counts as the chat request that it means, if that was recorded.
        """
        route = matching.route(incoming.method, incoming.url)
        if route is None:
            aside = native.aside(incoming.method, incoming.url) if self._served_by.several else None
            return aside or self._unanswered(incoming.line, misses.unknown_path(incoming))
        translation = native.translation(route.operation, incoming)
        if translation and not self._recorded(route.operation, route.host) and self._recorded("chat", route.host):
            chat = translation.asked()
            route = matching.route(chat.method, chat.url) or route
            return translation.told(self._logged_answer(chat, route, translation.missing))
        return self._logged_answer(incoming, route)

    def _logged_answer(self, incoming: Incoming, route: Route, missing: str | None = None) -> Answer:
        """Log a request and answer it. `missing` is a field that its own protocol demands."""
        try:
            body = json.loads(incoming.content or b"{}")
        except (ValueError, RecursionError):
            body = None
        key = next((incoming.headers[name] for name in KEY_HEADERS if incoming.headers.get(name)), "")
        key = key.removeprefix("Bearer ")
        fields = body if isinstance(body, dict) else {}
        request = LoggedRequest(route.operation, route.host, fields, key or None, incoming.line)
        self.requests.append(request)
        failure = self.failing.get(request.operation)
        if failure and not failure.status and failure.comes():
            self._accepted.append(request)
            return Answer(NOBODY_LISTENS, {}, [])
        owner = self._served_by.stray_key(request, incoming)
        if owner:
            message = messages.FOREIGN_KEY.format(host=request.host, provider=owner)
            self.problems.append(Problem(message, request.line, messages.NEXT_FOREIGN_KEY))
            return refused(wrong_key(request.key))
        refusal = self._refusal(request, body)
        if missing and not refusal:
            refusal = Refusal(400, f"{missing}: Field required")
        if refusal:
            return self._refused(refusal, request)
        self._accepted.append(request)
        violation = contract.violation(self.expectations, request)
        if not violation and failure and failure.comes():
            return refused(failure.refusal())
        if violation:
            return self._unanswered(request.line, violation)
        return self._answered(request, route, incoming)

    @property
    def can_answer(self) -> bool:
        """Whether there is anything to answer from."""
        return bool(self._take)

    def forget(self) -> None:
        """Empty the log. What is expected of the check stays."""
        for log in (self._accepted, self.requests, self.replies, self.problems, self.refusals, self.played):
            log.clear()
        self._served.clear()

    def network(self, host: str, line: int | None) -> None:
        """Log an attempt to reach the network past the client."""
        message = messages.NO_NETWORK.format(host=shown(host))
        self.problems.append(Problem(message, line, messages.NEXT_NETWORK))

    def unmet(self) -> Problem | None:
        """What is wrong where expected requests were not made, or too often; a refusal, where that is why."""
        for expected in self.expectations:
            lines = [request.line for request in self._accepted if request.operation == expected.operation]
            wrong = contract.wrong_count(expected, len(lines))
            if wrong:
                message, step = wrong
                return next(iter(self.refusals), Problem(message, lines[-1] if lines else None, step))
        return None

    def _refusal(self, request: LoggedRequest, body: object) -> Refusal | None:
        if self._served_by.is_elsewhere(request.host):
            return None
        refusal = self._wrong_key(request) or refusals.refuse(request.operation, body)
        if refusal:
            return refusal
        model, provider = request.body.get("model"), self._served_by.at(request.host)
        if provider != providers.OPENAI and provider.has(model):
            return None
        known = self._recorded_models(request)
        known |= models.KNOWN.get(request.operation, frozenset()) if provider == providers.OPENAI else frozenset()
        if model is None or not known:  # of what nobody recorded the path tells more
            return None
        if not isinstance(model, str):
            return Refusal(400, UNREADABLE)
        return None if model in known else unknown_model(model)

    def _wrong_key(self, request: LoggedRequest) -> Refusal | None:
        return None if self._served_by.accepts(request) else wrong_key(request.key)

    def _routes_of_model(self, request: LoggedRequest) -> list[Route]:
        """Where the model that a request names was recorded."""
        same = [one for one in self._take or () if one.sent.get("model") == request.body.get("model")]
        return [route for route in map(route_of, same) if route and route.operation == request.operation]

    def _recorded_models(self, request: LoggedRequest) -> set[object]:
        found = [(one.sent.get("model"), route_of(one)) for one in self._take or ()]
        asked = request.operation, request.host
        return {model for model, route in found if route and (route.operation, route.host) == asked}

    def _recorded(self, operation: str, host: str) -> bool:
        """Whether the take holds an exchange of this operation at this host."""
        routes = [route_of(one) for one in self._take or ()]
        return any(route and (route.operation, route.host) == (operation, host) for route in routes)

    def _answered(self, request: LoggedRequest, route: Route, incoming: Incoming) -> Answer:
        same = [one for one in self._take or () if operation_of(one) == request.operation]
        candidates = [one for one in same if route_of(one) == route]
        if not same:
            return self._unanswered(incoming.line, misses.unknown_path(incoming))
        if not candidates and request.operation in stored.BY_ID:
            return self._refused(stored.not_found(route.path), request)
        if not candidates:
            found = [one for one in map(route_of, same) if one]
            near = [one for one in found if one.host == route.host] or self._routes_of_model(request) or found
            return self._unanswered(request.line, misses.other_place(route, near, self._served_by))
        if request.operation == "moderation":
            return self._moderated(request, candidates)
        if request.operation == "list":
            return self._listed(candidates, incoming)
        return self._played(request, candidates)

    def _played(self, request: LoggedRequest, candidates: list[Exchange]) -> Answer:
        """The next exchange of the request's shape; the last one again where there is no further one."""
        ollama = request.operation == "ollama"  # which streams unless it is told otherwise
        usual = {"stream": True} if ollama and any(one.sent.get("stream") for one in candidates) else {}
        shape = matching.shape(usual | request.body)
        fitting = matching.fitting(shape, candidates)
        if not fitting:
            return self._unanswered(request.line, misses.unknown_shape(request.operation, shape))
        slot = request.host, shape
        count = self._served.get(slot, 0)
        self._served[slot] = count + 1
        exchange = fitting[min(count, len(fitting) - 1)]
        content = exchange.content
        if shape.stream and not (request.body.get("stream_options") or {}).get("include_usage"):
            content = streams.without_usage(content)
        return self._replay(exchange, content)

    def _moderated(self, request: LoggedRequest, candidates: list[Exchange]) -> Answer:
        """The results of the texts, in the order sent."""
        results = matching.results(candidates)
        texts = matching.texts(request.body)
        unknown = next((text for text in texts if matching.words(text) not in results), None)
        if unknown is not None:
            return self._unanswered(request.line, misses.unknown_text(unknown))
        found = [results[matching.words(text)] for text in texts]
        exchanges = [exchange for _, exchange in found]
        body = exchanges[0].answer | {"results": [result for result, _ in found]}
        return self._replay(exchanges[0], json.dumps(body).encode(), exchanges)

    def _listed(self, candidates: list[Exchange], incoming: Incoming) -> Answer:
        """The page of the stored completions that the request asks for."""
        found = stored.lists(candidates, empty=self.nothing_stored)
        if not found:
            return self._unanswered(incoming.line, misses.unknown_path(incoming))
        page = stored.page(found[0].answer, incoming.url)
        return self._replay(found[0], json.dumps(page, separators=(",", ":")).encode())

    def _replay(self, exchange: Exchange, content: bytes, used: Sequence[Exchange] = ()) -> Answer:
        recorded = {name.lower(): values[0] for name, values in exchange.response.headers.items() if values}
        headers = {name: recorded[name] for name in KEPT_HEADERS if name in recorded}
        self.played += used or [exchange]
        return self._logged(exchange.response.status.code, headers, content, exchange.media)

    def _logged(self, status: int, headers: dict[str, str], content: bytes, media: str) -> Answer:
        body = json.loads(content) if media == JSON_TYPE else None
        self.replies.append(LoggedReply(status, body, content))
        return Answer(status, headers | {"x-should-retry": "false"}, streams.pieces(content, media))

    def _refused(self, refusal: Refusal, request: LoggedRequest) -> Answer:
        """What the real API would refuse."""
        message, step = steps.told(refusal, request, self._served_by)
        self.refusals.append(Problem(message, request.line, step))
        return refused(refusal)

    def _unanswered(self, line: int | None, told: tuple[str, str]) -> Answer:
        """What breaks the contract, or has no recording."""
        message, step = told
        return self._miss(Problem(message, line, step))

    def _miss(self, problem: Problem) -> Answer:
        self.problems.append(problem)
        return refused(Refusal(400, problem.message))


def refused(refusal: Refusal) -> Answer:
    """The response for a refusal."""
    return Answer(refusal.status, JSON, [json.dumps(refusal.body()).encode()])
