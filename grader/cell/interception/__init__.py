"""HTTP requests of student code become frames to the judge; every other way out of the cell is refused.

A library that is not there yet is patched when it is first imported. Everything above the transport (clients,
retries, streams, errors) is the real library.
"""

from collections.abc import Callable
from functools import partial
from types import ModuleType

from grader.cell.interception import aiohttp, httpx, sockets
from grader.cell.interception.carrier import Carrier
from grader.cell.interception.guards import refuse_network, refuse_programs, refuse_writing_outside
from grader.cell.interception.imports import on_import
from grader.cell.protocol import Reply, Request

TRANSPORTS: dict[str, Callable[[Carrier, ModuleType], None]] = {
    "httpx2": httpx.patch,
    "httpx": httpx.patch,
    "http.client": sockets.patch,
    "urllib3.connection": sockets.patch,
    "aiohttp.connector": aiohttp.patch,
}

__all__ = ["intercept", "refuse_network", "refuse_programs", "refuse_writing_outside"]


def intercept(send: Callable[[Request], Reply], line: Callable[[], int | None]) -> None:
    """Carry the requests of all these libraries through `send`, now or once they are imported."""
    carrier = Carrier(send, line)
    for name, patch in TRANSPORTS.items():
        on_import(name, partial(patch, carrier))
