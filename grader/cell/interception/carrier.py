"""The way of a request to the judge, and the bytes of HTTP for libraries that write to a connection."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urljoin

from grader.cell.protocol import NOBODY_LISTENS, Reply, Request


class Carrier(NamedTuple):
    """Carries requests: `send` asks the judge, `line` is the student's line that runs now."""

    send: Callable[[Request], Reply]
    line: Callable[[], int | None]

    def reply(self, request: Request) -> Reply:
        """The judge's reply. Raises ConnectionRefusedError where nobody listens."""
        reply = self.send(request)
        if reply.status == NOBODY_LISTENS:
            raise ConnectionRefusedError(111, "Connection refused")  # Linux's number, so that results are the same
        return reply


class Exchange:
    """The other end of a connection to `origin` (`https://host:port`): reads one request, and gives its answer.

    h11 reads and writes HTTP as any server does, so that nothing above the connection is other than it always is.
    """

    def __init__(self, carrier: Carrier, origin: str) -> None:
        from http.client import responses  # noqa: PLC0415 - most code never gets here

        import h11  # noqa: PLC0415 - the library of openai's own transport

        self._phrases = responses
        self._carrier = carrier
        self._origin = origin
        self._http: Any = h11
        self._server = h11.Connection(h11.SERVER)
        self._head: Any = None
        self._body = bytearray()

    def received(self, data: bytes) -> bytes:
        """What to send after these bytes; nothing before the request is whole."""
        self._server.receive_data(data)
        while (event := self._server.next_event()) is not self._http.NEED_DATA:
            if isinstance(event, self._http.Request):
                self._head = event
            elif isinstance(event, self._http.Data):
                self._body += event.data
            else:
                return self._answer(self._carrier.reply(self._request()))
        return b""

    def _request(self) -> Request:
        headers = {name.decode(): value.decode("latin-1") for name, value in self._head.headers}
        method, target = self._head.method.decode(), self._head.target.decode("latin-1")
        return Request(method, urljoin(self._origin, target), headers, bytes(self._body), self._carrier.line())

    def _answer(self, reply: Reply) -> bytes:
        """The response, whose pieces stay apart; then the connection is over."""
        headers = [*reply.headers.items(), ("connection", "close")]
        events = [
            self._http.Response(
                status_code=reply.status, headers=headers, reason=self._phrases.get(reply.status, "")
            ),
            *(self._http.Data(data=piece) for piece in reply.pieces),
            self._http.EndOfMessage(),
        ]
        return b"".join(self._server.send(event) or b"" for event in events)
