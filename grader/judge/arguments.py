"""What a check may say to `api`: a word that is surely misspelt would cost the student the points."""

from typing import Final

from grader import messages
from grader.errors import LessonError
from grader.replay.chat_fields import CHAT_FIELDS
from grader.replay.failures import NOT_ALLOWED, TOO_MANY
from grader.replay.matching import ROUTES

OPERATIONS: Final = tuple(operation for _, _, operation in ROUTES)
FIELDS: Final[dict[str, frozenset[str]]] = {  # of the others any field will do
    "chat": frozenset(CHAT_FIELDS),
    "moderation": frozenset(["input", "model"]),
    "speech": frozenset(["input", "model", "voice", "instructions", "response_format", "speed", "stream_format"]),
}
STATUSES: Final = frozenset([NOT_ALLOWED, TOO_MANY, *range(500, 600)])


def expected(operation: str, times: int | range, fields: dict[str, object]) -> None:
    """Raise LessonError for what `api.expect` cannot mean."""
    call = f"api.expect({operation!r})"
    known(call, operation)
    if not (counts(times, 0) or (isinstance(times, range) and times and min(times) >= 0)):
        raise LessonError(f"{call}: times={times!r} is no number of requests, and no range of them.")
    for field in fields:
        if operation in FIELDS and field not in FIELDS[operation]:
            near = messages.similar(field, sorted(FIELDS[operation]))
            if near:
                raise LessonError(f"{call}: there is no field {field!r}. There is {near!r}.")
            raise LessonError(f"{call}: there is no field {field!r}.")


def failing(operation: str, status: int, after: int, times: int) -> None:
    """Raise LessonError for what `api.fail` cannot mean."""
    call = f"api.fail({operation!r})"
    known(call, operation)
    if status not in STATUSES:
        raise LessonError(f"{call}: status={status!r} is none of 429, 500 and 405.")
    if not counts(after, 0):
        raise LessonError(f"{call}: after={after!r} is no number of requests.")
    if not counts(times, 1):
        raise LessonError(f"{call}: times={times!r} is no number of requests.")


def known(call: str, operation: str) -> None:
    """Raise LessonError for an operation that no request can be."""
    if operation not in OPERATIONS:
        raise LessonError(f"{call}: there is no such operation. There are {', '.join(OPERATIONS)}.")


def counts(value: object, least: int) -> bool:
    """Whether a value is a whole number, `least` or more. True is none."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least
