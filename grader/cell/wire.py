"""The cell's end of the socket to the judge."""

import os
import socket
import threading

from grader.cell import protocol
from grader.cell.protocol import Command, Reply, Request, ToCell, ToJudge


class Wire:
    """Sends and receives frames; safe to use from several threads of student code."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lock = threading.RLock()

    def send(self, message: ToJudge) -> None:
        """Send one frame."""
        with self._lock:
            self._sock.sendall(protocol.frame(message))

    def ask(self, request: Request) -> Reply:
        """Send an HTTP request and wait for the judge's reply."""
        with self._lock:
            self.send(request)
            reply = self._receive()
        if not isinstance(reply, Reply):
            raise TypeError("the judge sent a command where a reply was due")
        return reply

    def command(self) -> Command:
        """Wait for the judge's next command. Ends the process where the judge is gone."""
        message = self._receive()
        if isinstance(message, Reply):
            raise TypeError("the judge sent a reply where a command was due")
        return message

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
