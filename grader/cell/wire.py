"""The cell's end of the socket to the judge."""

import os
import socket
import threading
from typing import Protocol

from grader.cell import protocol
from grader.cell.protocol import Command, Refused, Reply, Request, ToCell


class Channel(Protocol):
    """What student code reaches the judge through while a command is being done."""

    def ask(self, request: Request) -> Reply:
        """Send an HTTP request and wait for the judge's reply."""

    def tell(self, attempt: Refused) -> None:
        """Tell the judge of something that it need not answer."""


class Wire:
    """Sends and receives frames; safe to use from several threads of student code.

    Only while a command is being done may code send anything: between commands the main thread alone reads, and a
    thread that was left behind must not take the next command for its reply.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lock = threading.RLock()
        self._busy = False

    def command(self) -> Command:
        """Wait for the judge's next command. Ends the process where the judge is gone."""
        message = self._receive()
        if isinstance(message, Reply):
            raise TypeError("the judge sent a reply where a command was due")
        self._busy = True
        return message

    def finish(self, data: bytes) -> None:
        """Send the frame of the command's outcome; nothing can be sent after it."""
        with self._lock:
            self._sock.sendall(data)
            self._busy = False

    def tell(self, attempt: Refused) -> None:
        """Tell the judge of something that it need not answer."""
        with self._lock:
            if self._busy:
                self._sock.sendall(protocol.frame(attempt))

    def ask(self, request: Request) -> Reply:
        """Send an HTTP request and wait for the judge's reply."""
        with self._lock:
            if not self._busy:
                raise ConnectionRefusedError("The call that this request belongs to is over.")
            self._sock.sendall(protocol.frame(request))
            reply = self._receive()
        if not isinstance(reply, Reply):
            raise TypeError("the judge sent a command where a reply was due")
        return reply

    def _receive(self) -> ToCell:
        (length,) = protocol.LENGTH.unpack(self._exactly(protocol.LENGTH.size))
        message: ToCell = protocol.to_cell.decode(self._exactly(length))
        return message

    def _exactly(self, count: int) -> bytes:
        chunks = []
        while count:
            chunk = self._sock.recv(min(count, 1 << 16))
            if not chunk:
                os._exit(0)  # the judge is gone; nobody is left to tell
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)
