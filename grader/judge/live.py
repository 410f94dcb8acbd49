"""--live: what student code asks goes to a real API, from this process and with the user's own key.

The route, the key of the run, the contract and the log are those of a replayed run. The API itself refuses what it
does not like. Each request costs, and what it can cost is bounded before it is sent.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import msgspec

from grader import messages
from grader.judge.endpoint import Endpoint
from grader.messages import shown
from grader.model import Verdict
from grader.replay import cassettes, prices, providers
from grader.replay.api_errors import Refusal
from grader.replay.log import LoggedRequest
from grader.replay.matching import Route
from grader.replay.player import KEPT_HEADERS, Player, Problem, refused
from grader.replay.providers import Served
from grader.replay.traffic import Answer, Incoming

MAX_COST: Final = 0.05  # dollars of a run
SECONDS: Final = 600.0  # the SDK's own patience
SECONDS_TO_CONNECT: Final = 10.0
MAX_REPLY: Final = 4 << 20  # bytes; a frame to the cell takes twice as many
OK: Final = 200
NOT_A_KEY: Final = 401
NOT_FOUND: Final = 404
OFTEN: Final = 429
REFUSED: Final = (400, 413, 422)  # the request is wrong, and the student's
ASKED_HEADER: Final = "x-asked-url"  # tells a program on this computer where student code believes to ask
HIDDEN: Final = b"<your key>"
SHORTEST: Final = 12  # characters of a key; what a local endpoint takes for one may be any word


class NotSentError(Exception):
    """A request that was not answered; `problem` says why."""

    def __init__(self, message: str, step: str) -> None:
        super().__init__(message)
        self.problem = Problem(message, next=step, verdict=Verdict.BLOCKED)


class Received(msgspec.Struct, frozen=True):
    """What the API sent. The user's key is not in it."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def media(self) -> str:
        """The content type."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def error(self) -> dict[str, object]:
        """What an error says of itself; empty where it is not of OpenAI's form."""
        try:
            error = json.loads(self.content)["error"]
        except (ValueError, KeyError, TypeError):
            return {}
        return error if isinstance(error, dict) else {}


class Live:
    """The real API of a run: sends, counts what was sent, and what it cost in dollars."""

    def __init__(self, where: Endpoint, cap: float) -> None:
        self.where = where
        self.cap = cap
        self.calls = 0
        self.dollars = 0.0
        timeout = httpx2.Timeout(SECONDS, connect=SECONDS_TO_CONNECT)
        self._client = httpx2.Client(timeout=timeout, trust_env=not where.local)

    def player(self, key: str) -> "LivePlayer":
        """What answers the requests of one check; `key` is the run's."""
        return LivePlayer(self, key)

    def facts(self) -> dict[str, Any]:
        """What a report says of it."""
        dated = "" if self.where.local else prices.DATE
        return {"live": True, "network_calls": self.calls, "dollars": round(self.dollars, 6), "prices": dated}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, request: LoggedRequest, incoming: Incoming) -> Received:
        """Send what the student's client sent, once. Raises NotSentError."""
        most = self._bound(request, len(incoming.content))
        try:
            response = self._client.request(
                incoming.method,
                self._address(incoming.url),
                headers=self._headers(incoming),
                content=incoming.content,
            )
        except httpx2.ConnectError:
            raise self._no_answer("it cannot be reached") from None
        except httpx2.HTTPError as error:
            self.calls += 1
            self.dollars += most  # nobody knows what it did
            raise self._no_answer(f"the connection broke ({type(error).__name__})") from None
        self.calls += 1
        self.dollars += self._cost(request, incoming, response, most)
        return self._received(response)

    def _address(self, url: str) -> str:
        """Where the request goes instead of where student code sent it."""
        asked = urlsplit(url)
        path = asked.path.removeprefix("/v1beta/openai").removeprefix("/v1")
        base = self.where.base_url.removesuffix("/v1") if path.startswith("/api/") else self.where.base_url
        return base + path + (f"?{asked.query}" if asked.query else "")

    def _headers(self, incoming: Incoming) -> dict[str, str]:
        kept = {name: incoming.headers[name] for name in ("accept", "content-type") if name in incoming.headers}
        asked = {ASKED_HEADER: incoming.url} if self.where.local else {}  # who records keeps it
        return kept | asked | {"authorization": f"Bearer {self.where.key.value}", "accept-encoding": "identity"}

    def _bound(self, request: LoggedRequest, size: int) -> float:
        """The most dollars that the request can cost. Raises NotSentError where the cap forbids it."""
        if self.where.local:
            return 0.0
        most = prices.bound(request.operation, request.body, size)
        if most is None:
            what = f"model {shown(request.body.get('model'))}, prices of {prices.DATE}"
            raise NotSentError(messages.NO_PRICE.format(what=what), messages.NEXT_PRICE)
        if self.dollars + most > self.cap:
            words = {"most": f"${most:.4f}", "spent": f"${self.dollars:.4f}", "cap": f"${self.cap:g}"}
            step = messages.NEXT_CAP.format(cap=f"{self.dollars + 2 * most:.2f}")
            raise NotSentError(messages.CAPPED.format(**words), step)
        return most

    def _cost(self, request: LoggedRequest, incoming: Incoming, response: httpx2.Response, most: float) -> float:
        if self.where.local or response.status_code != OK:
            return 0.0
        try:
            return prices.cost(request.operation, request.body, len(incoming.content), response.content)
        except (ValueError, TypeError, AttributeError, KeyError):
            return most

    def _received(self, response: httpx2.Response) -> Received:
        key = self.where.key.value.encode()
        content = response.content.replace(key, HIDDEN) if len(key) >= SHORTEST else response.content
        if len(content) > MAX_REPLY:
            raise self._no_answer(f"its answer has more than {MAX_REPLY >> 20} MiB")
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        received = Received(response.status_code, headers, content)
        if received.media == cassettes.JSON_TYPE and received.status == OK:
            try:
                json.loads(content)
            except ValueError:
                raise self._no_answer("its answer is not JSON") from None
        return received

    def _no_answer(self, why: str) -> NotSentError:
        return NotSentError(messages.NO_ANSWER.format(host=self.where.host, why=why), messages.NEXT_OUTAGE)


class LivePlayer(Player):
    """Answers with what a real API says."""

    waits = True
    can_answer = True

    def __init__(self, live: Live, key: str) -> None:
        super().__init__(None, key)
        self._live = live
        self._served_by = Served([one.host for one in providers.PROVIDERS], key)

    def _refusal(self, request: LoggedRequest, body: object) -> Refusal | None:
        del body  # the API looks at it
        return self._wrong_key(request)

    def _answered(self, request: LoggedRequest, route: Route, incoming: Incoming) -> Answer:
        if not self._live.where.stands_for(route.host):
            message = messages.UNKNOWN_HOST.format(host=shown(route.host))
            return self._miss(Problem(message, request.line, messages.NEXT_HOST))
        provider = self._served_by.at(route.host)
        if provider != providers.OPENAI and not self._live.where.local:
            message = messages.NOT_ASKED.format(host=route.host)
            return self._miss(Problem(message, request.line, messages.NEXT_REPLAY, Verdict.BLOCKED))
        try:
            received = self._live.send(request, incoming)
        except NotSentError as error:
            return self._miss(error.problem)
        if received.status == OK:
            return self._logged(OK, received.headers, received.content, received.media)
        self._accepted.remove(request)
        if is_refusal(received):
            message = messages.REFUSED.format(message=received.error.get("message") or f"HTTP {received.status}")
            self.refusals.append(Problem(message, request.line, messages.NEXT_REFUSED))
        else:
            self.problems.append(outage(received, request.operation, self._live.where.host))
        if received.status == NOT_A_KEY:  # its message shows both ends of the user's key
            return refused(Refusal(NOT_A_KEY, "Your own API key was not accepted.", code="invalid_api_key"))
        return Answer(received.status, received.headers | {"x-should-retry": "false"}, [received.content])


def is_refusal(received: Received) -> bool:
    """Whether the request itself is wrong, and not the key, the account or the service."""
    return received.status in REFUSED or received.error.get("code") == "model_not_found"


def outage(received: Received, operation: str, host: str) -> Problem:
    """The problem of an API that does not answer: not the student's fault."""
    code = received.error.get("code") or received.error.get("type")
    short = f"HTTP {received.status}" + (f", {code}" if isinstance(code, str) and code.isidentifier() else "")
    why, step = {
        NOT_A_KEY: ("it does not accept your key", messages.NEXT_KEY),
        NOT_FOUND: (f"it has no {operation}", messages.NEXT_SERVICE),
        OFTEN: ("it refuses for now", messages.NEXT_QUOTA),
    }.get(received.status, ("it failed", messages.NEXT_OUTAGE))
    message = messages.NO_ANSWER.format(host=host, why=f"{why} ({short})")
    return Problem(message, next=step, verdict=Verdict.BLOCKED)
