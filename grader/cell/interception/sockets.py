"""Connections of http.client (urllib stands on it) and of urllib3 (requests does): each gets a socket of ours."""

import io
from types import ModuleType
from typing import Any

from grader.cell.interception.carrier import Carrier, Exchange


def patch(carrier: Carrier, module: ModuleType) -> None:
    """Let the connections of http.client or urllib3.connection (they share their interface) end in the cell."""
    for scheme, name in (("http", "HTTPConnection"), ("https", "HTTPSConnection")):
        getattr(module, name).connect = connect(scheme, carrier)


def connect(scheme: str, carrier: Carrier) -> Any:
    """A `connect()` for connections of this scheme."""

    def connected(connection: Any) -> None:
        host = connection._tunnel_host or connection.host  # noqa: SLF001 - behind a proxy this is the real one
        port = connection._tunnel_port or connection.port  # noqa: SLF001
        shown = f"[{host}]" if ":" in host else host
        usual = port in (None, connection.default_port)
        connection.sock = Socket(Exchange(carrier, f"{scheme}://{shown}" + ("" if usual else f":{port}")))
        connection.is_verified = True  # urllib3 asks; there is no certificate to look at

    return connected


class Socket:
    """What http.client needs of a socket."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._answer = b""

    def sendall(self, data: Any) -> None:
        """Take a part of the request."""
        self._answer += self._exchange.received(bytes(data))

    def makefile(self, _mode: str, _buffering: int | None = None) -> io.BufferedReader:
        """The response."""
        return io.BufferedReader(io.BytesIO(self._answer))

    def settimeout(self, _seconds: float | None) -> None:
        """Nothing: the answer is there already."""

    def close(self) -> None:
        """Nothing is open."""
