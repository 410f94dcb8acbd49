"""The judge's side against a hostile peer: bytes in the place of a cell. Used by tests and by the fuzzer."""

import contextlib
import socket
import tempfile
from pathlib import Path

import msgspec

from grader.cell import protocol, values
from grader.cell.output import new_output
from grader.cell.protocol import Call, Raised, Reply, Returned
from grader.cell.supervisor import Cell, CellDiedError
from grader.cell.values import Items, Pairs
from grader.model import Verdict

ENDS = {one: str(one) for one in (Verdict.TAMPERED, Verdict.OUTPUT_LIMIT, Verdict.CRASHED, Verdict.TIMEOUT)}
COMMAND = Call(None, "f", Items("list", []), Pairs([]))
FOLDER = Path(tempfile.gettempdir()) / "no-such-folder"
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # what the supervisor expects
UNPACKING = (values.TooBigError, ValueError, TypeError, KeyError)  # what the judge takes for tampering


class Peer:
    """A process for a Cell, of which only the socket is real."""

    folder = FOLDER

    def __init__(self):
        self.sock, self.theirs = socket.socketpair()
        self.output = new_output()
        self.output.given()

    def end(self, _seconds):
        """It is gone."""
        return "exit 0"

    def kill(self):
        """Hang up."""
        self.theirs.close()

    def exit_descriptor(self):
        """None."""
        return -1


def outcome(data, *, closes=True, seconds=5.0, command=COMMAND):
    """What the judge makes of these bytes: an outcome, or how the cell ended. Raises what it does not survive."""
    peer = Peer()
    cell = Cell(peer, seconds)
    peer.theirs.sendall(data)
    if closes:
        peer.theirs.shutdown(socket.SHUT_WR)
    try:
        found = cell.do(command, lambda _request: Reply(200, {}, [b"{}"]), lambda _attempt: None)
    except CellDiedError as error:
        return ENDS[error.verdict], error.detail
    finally:
        cell.close()
        peer.theirs.close()
    assert isinstance(found, Returned | Raised)
    return found


def unpacked(body):
    """Decode and unpack a frame's body, as the judge does; raises what it does not expect."""
    with contextlib.suppress(*UNREADABLE):
        message = protocol.to_judge.decode(body)
        if isinstance(message, Returned | Raised):
            value = message.value if isinstance(message, Returned) else message.before
            with contextlib.suppress(*UNPACKING):
                values.unpack(value, lambda reference: reference)
