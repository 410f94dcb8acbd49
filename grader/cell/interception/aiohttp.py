"""Connections of aiohttp: its own protocol reads and writes them, over a transport that ends in the cell."""

import asyncio
from types import ModuleType
from typing import Any

from grader.cell.interception.carrier import Carrier, Exchange


def patch(carrier: Carrier, connector: ModuleType) -> None:
    """Let the connections of aiohttp.connector end in the cell."""

    async def create_connection(self: Any, request: Any, *_more: object) -> Any:
        protocol = self._factory()
        protocol.connection_made(Transport(protocol, Exchange(carrier, str(request.url.origin()))))
        return protocol

    connector.TCPConnector._create_connection = create_connection  # noqa: SLF001


class Transport(asyncio.Transport):
    """What aiohttp needs of a transport."""

    def __init__(self, protocol: Any, exchange: Exchange) -> None:
        super().__init__()
        self._protocol = protocol
        self._exchange = exchange
        self._closing = False

    def write(self, data: Any) -> None:
        """Take a part of the request; the response follows its end at once."""
        answer = self._exchange.received(bytes(data))
        if answer:
            self._protocol.data_received(answer)

    def is_closing(self) -> bool:
        """Whether the connection is over."""
        return self._closing

    def close(self) -> None:
        """End the connection."""
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """Nothing: the whole response was handed over."""

    resume_reading = pause_reading
