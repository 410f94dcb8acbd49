"""The frames between judge and cell: a length (4 bytes, big-endian), then MessagePack.

The judge sends a command and waits for its outcome; in between the cell may send HTTP requests, each of which
waits for its reply. Both sides use this module; the judge trusts nothing that it decodes.
"""

import struct
from typing import Final

import msgspec

from grader.cell.isolation import Isolation
from grader.cell.values import TooBigError, Value

MAX_FRAME: Final = 8 << 20  # bytes
LENGTH: Final = struct.Struct("!I")
NOBODY_LISTENS: Final = 0  # a status that no server sends


class Start(msgspec.Struct, tag="start", frozen=True):
    """A fresh world: the environment, the files of the working folder, and the module loaded from there."""

    module: str
    environment: dict[str, str]
    files: dict[str, bytes]
    call: int = 0


class MakeClient(msgspec.Struct, tag="client", frozen=True):
    """Make an OpenAI client with this key, as a student would."""

    key: str
    call: int = 0


class Call(msgspec.Struct, tag="call", frozen=True):
    """Call `name` (dotted) of the module (`target` None) or of an object that the cell holds."""

    target: int | None
    name: str
    args: Value
    kwargs: Value
    call: int = 0


class Each(msgspec.Struct, tag="each", frozen=True):
    """Call the module's function `name` once for each list of arguments; stop where it raises."""

    name: str
    inputs: Value
    call: int = 0


class Files(msgspec.Struct, tag="files", frozen=True):
    """Read the files that student code left in its working folder."""

    call: int = 0


class Run(msgspec.Struct, tag="run", frozen=True):
    """Run the file of a module as a script, and type this text; then the input ends. Gives the exit status."""

    module: str
    typed: bytes
    call: int = 0


class Read(msgspec.Struct, tag="read", frozen=True):
    """Read `name` (dotted) of the module or of an object that the cell holds."""

    target: int | None
    name: str
    call: int = 0


class Hold(msgspec.Struct, tag="hold", frozen=True):
    """Keep a value in the cell: calls that get its handle get one and the same object."""

    value: Value
    call: int = 0


class Reply(msgspec.Struct, tag="reply", frozen=True):
    """The judge's answer to a Request; a stream's pieces stay apart.

    The status NOBODY_LISTENS says that there is no server: the connection is refused.
    """

    status: int
    headers: dict[str, str]
    pieces: list[bytes]


class Ready(msgspec.Struct, tag="ready", frozen=True):
    """The cell is warm. `versions` of the libraries that student code uses, and the tier that holds."""

    versions: dict[str, str]
    isolation: Isolation


class Returned(msgspec.Struct, tag="returned", frozen=True):
    """The command's result. `line` is where the called function ends or begins in the student's file."""

    call: int
    value: Value
    line: int | None = None


class Raised(msgspec.Struct, tag="raised", frozen=True):
    """The command ended with an exception.

    `bases` are the class names from the exception's own class upwards. `line` is the innermost one in the
    student's file. `own` says that the exception came from that line, not from a library below it.
    `missing` names what was asked for and does not exist; `names` are those that do, and `line` is that of a
    function with this name which stands outside of its class. `library` is a module that could not be found.
    `before` holds the results of the inputs before it, for Each. `begun` says that the function with that line
    is more than a stub. `code` is the text of that line.
    """

    call: int
    kind: str
    bases: list[str]
    message: str
    line: int | None
    own: bool
    missing: str | None = None
    names: list[str] = []
    library: str | None = None
    before: Value = None
    begun: bool = False
    code: str = ""


class Request(msgspec.Struct, tag="request", frozen=True):
    """An HTTP request of student code, with the line of the student's file that made it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    line: int | None


class Refused(msgspec.Struct, tag="refused", frozen=True):
    """Student code tried to reach the network past the HTTP client; it was refused."""

    host: str
    line: int | None


Command = Start | MakeClient | Call | Each | Files | Read | Hold | Run
ToCell = Command | Reply
ToJudge = Ready | Returned | Raised | Request | Refused

_encoder = msgspec.msgpack.Encoder()
to_cell: Final = msgspec.msgpack.Decoder(ToCell)
to_judge: Final = msgspec.msgpack.Decoder(ToJudge)


def frame(message: ToCell | ToJudge) -> bytes:
    """The bytes of one frame. Raises TooBigError where it would exceed MAX_FRAME."""
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise TooBigError(f"{len(body)} bytes")
    return LENGTH.pack(len(body)) + body
