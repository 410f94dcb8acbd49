"""Between a cell's requests and the player: how much they hold, and whose fault it is if they break."""

from urllib.parse import urlsplit

from grader.cell.protocol import Refused, Reply, Request
from grader.errors import GraderError
from grader.judge.outcomes import sent_too_much, tampered, unanswerable
from grader.replay.player import Player
from grader.replay.traffic import Answer, Incoming

# What the requests of one check may hold together. All of them are kept, and a JSON value of three bytes takes a
# hundred or more when it is parsed; a moderation's answer has a thousand bytes for each text.
MOST_SENT = 16 << 20  # bytes
MOST_VALUES = 20_000  # of JSON
MOST_ANSWERED = 4 << 20  # bytes of one answer


class Answering:
    """Answers the requests of one check and take. `file` is the student's."""

    def __init__(self, player: Player, file: str) -> None:
        self._player = player
        self._file = file
        self._sent = self._values = 0  # bytes of the requests, and at most so many JSON values in them

    def reply(self, request: Request) -> Reply:
        """The frame for the player's answer. Raises Ended where a request ends the check."""
        self._count(request.body)
        incoming = Incoming(request.method, request.url, request.headers, request.body, request.line)
        answer = self._answered(incoming)
        if sum(map(len, answer.pieces)) > MOST_ANSWERED:
            raise sent_too_much(self._file)
        return Reply(answer.status, answer.headers, answer.pieces)

    def refused(self, attempt: Refused) -> None:
        """Log an attempt to reach the network past the client."""
        self._player.network(attempt.host, attempt.line)

    def _count(self, body: bytes) -> None:
        """Count what a request holds, before anybody parses it. Raises Ended where it is too much."""
        self._sent += len(body)
        self._values += sum(map(body.count, (b",", b"[", b"{")))
        if self._sent > MOST_SENT or self._values > MOST_VALUES:
            raise sent_too_much(self._file)

    def _answered(self, incoming: Incoming) -> Answer:
        """The player's answer. What a request does to the player is the student's fault; a GraderError is ours."""
        try:
            urlsplit(incoming.url)
        except ValueError:
            raise tampered("a request whose address cannot be read") from None
        try:
            return self._player.answer(incoming)
        except GraderError:
            raise
        except Exception as error:  # noqa: BLE001 - the request has broken what answers it
            raise unanswerable(error, self._file) from None
