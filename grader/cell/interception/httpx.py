"""The transports of httpx2, which carries openai 3, and of httpx, which carries openai 2 and other SDKs."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache, wraps
from types import ModuleType
from typing import Any

from grader.cell.interception.carrier import Carrier
from grader.cell.protocol import Reply, Request


def patch(carrier: Carrier, http: ModuleType) -> None:
    """Replace the transports of httpx2 or httpx (they share their interface)."""

    def handle_request(_transport: object, request: Any) -> Any:
        request.read()
        return respond(carried(request), request, pieces)

    async def handle_async_request(_transport: object, request: Any) -> Any:
        await request.aread()
        return respond(carried(request), request, async_pieces)

    def carried(request: Any) -> Reply:
        try:
            return carrier.reply(described(request, carrier.line()))
        except ConnectionRefusedError as error:
            raise http.ConnectError(str(error), request=request) from error

    def respond(reply: Reply, request: object, stream: Callable[[list[bytes]], object]) -> object:
        return http.Response(reply.status, headers=reply.headers, content=stream(reply.pieces), request=request)

    http.HTTPTransport.handle_request = handle_request
    http.AsyncHTTPTransport.handle_async_request = handle_async_request
    for transport in (http.HTTPTransport, http.AsyncHTTPTransport):
        transport.__init__ = without_certificates(transport.__init__, http)


def without_certificates(init: Callable[..., None], http: ModuleType) -> Callable[..., None]:
    """Let all transports share one TLS context: none is ever used, and making it is half the cost of a client."""

    @wraps(init)
    def made(transport: object, verify: object = True, *args: object, **options: object) -> None:  # noqa: FBT002
        init(transport, context(http) if verify is True else verify, *args, **options)

    return made


@cache
def context(http: ModuleType) -> object:
    """The context of a client that says nothing about certificates; made before the first fork."""
    return http.create_ssl_context()


def described(request: Any, line: int | None) -> Request:
    """The frame for a request whose body was read."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, str(request.url), headers, request.content, line)


def pieces(parts: list[bytes]) -> Iterator[bytes]:
    """A streamed body, piece by piece."""
    yield from parts


async def async_pieces(parts: list[bytes]) -> AsyncIterator[bytes]:
    """The same for an async client."""
    for part in parts:
        yield part
