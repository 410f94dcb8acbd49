"""The fixture `api`: the replayed API of one check, its contract and its log."""

from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex, TypeVar

from grader import messages
from grader.errors import CassetteError
from grader.judge import arguments
from grader.judge.outcomes import NothingLoggedError, failed
from grader.judge.student import Handle, Student
from grader.replay import providers
from grader.replay.cassettes import Exchange, Take
from grader.replay.contract import Expectation
from grader.replay.failures import Failure
from grader.replay.log import LoggedReply, LoggedRequest
from grader.replay.player import Player
from grader.replay.traffic import NOBODY_LISTENS

T = TypeVar("T")
EVERY = 1_000_000  # more requests than a call may make


class Log(list[T]):
    """A list that ends the check, in words for the student, where a check reads past its end."""

    def __init__(self, items: Iterable[T], where: str) -> None:
        super().__init__(items)
        self._where = where

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        """The entry, if the request was made."""
        try:
            return super().__getitem__(index)
        except IndexError:
            message = messages.NO_FURTHER.format(count=len(self))
            raise NothingLoggedError(failed(message, self._where, messages.NEXT_CALL)) from None


class Api:
    """What a check says about requests, and what it can look at afterwards."""

    def __init__(
        self,
        student: Student,
        key: str,
        takes: tuple[Take, ...],
        player: Callable[[Take | None], Player],
        hidden: tuple[Take, ...] = (),
    ) -> None:
        self.key = key
        self._student = student
        self._takes = takes
        self._hidden = hidden
        self._make_player = player
        self._player = Player(None, key)
        self._played: list[Exchange] = []

    @property
    def keys(self) -> dict[str, str]:
        """The made-up key of each provider that wants one, by the provider's name."""
        return providers.keys(self.key)

    def client(self) -> Handle:
        """A fresh OpenAI client, made in the cell with the key of this run."""
        return self._student._make_client()

    def expect(self, operation: str, *, times: int | range = 1, **fields: object) -> None:
        """The contract: so many requests of the operation, each sending these fields with these values.

        A range, set or tuple as a value means: one of these. Raises CassetteError where nothing can answer,
        and LessonError for an operation, a field or a number that no request can have.
        """
        arguments.expected(operation, times, fields)
        if not self._player.can_answer:
            name = self._student._exercise.name
            raise CassetteError(f"the recordings of {name} are missing from cassettes/. Copy that folder again.")
        self._player.expectations.append(Expectation(operation, times, fields))

    def fail(self, operation: str, status: int = 429, *, after: int = 0, times: int = 1) -> None:
        """Let the next `times` requests of the operation fail, `after` so many that do not fail.

        The API fails with 429 when it is busy, with 500 when it is broken, and with 405 where an account may not
        list. The requests count as made. No client waits or tries again: the answer says that it should not.
        Raises LessonError for an operation, a status or a number that no request can have.
        """
        arguments.failing(operation, status, after, times)
        self._player.failing[operation] = Failure(status, after, times)

    def nobody_listens(self, operation: str) -> None:
        """Let each connection for the operation be refused, as where a server on this computer does not run."""
        arguments.known(f"api.nobody_listens({operation!r})", operation)
        self._player.failing[operation] = Failure(NOBODY_LISTENS, times=EVERY)

    def nothing_stored(self) -> None:
        """Let the account hold no stored completion: the recorded empty list is given."""
        self._player.nothing_stored = True

    @property
    def requests(self) -> Log[LoggedRequest]:
        """The requests in order, with `operation`, `body`, `key` and `line`."""
        return Log(self._player.requests, self._student._where())

    @property
    def replies(self) -> Log[LoggedReply]:
        """The recorded answers in order, with `status`, `body`, `text` and `texts`."""
        return Log(self._player.replies, self._student._where())

    def _begin(self, take: Take | None) -> Player:
        self._player = self._make_player(take)
        return self._player

    def _end(self) -> None:
        self._played += self._player.played
