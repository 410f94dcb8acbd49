"""The contract of a check: what it expects of the requests, and what is told where they break it.

What is told is a sentence and the next step.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from grader import messages
from grader.messages import shown, wanted
from grader.replay.log import LoggedRequest


class Expectation(msgspec.Struct, frozen=True):
    """How many requests of an operation, and the fields that they must send."""

    operation: str
    times: int | range
    fields: dict[str, object]


def violation(expectations: Sequence[Expectation], request: LoggedRequest) -> tuple[str, str] | None:
    """What is told of the first field of a request that is not sent as expected."""
    for expected in expectations:
        if expected.operation == request.operation:
            found = violated(expected.fields, request)
            if found:
                return found
    return None


def violated(fields: dict[str, object], request: LoggedRequest) -> tuple[str, str] | None:
    """The same for the fields of one expectation."""
    for field, want in fields.items():
        words = {"field": field, "want": wanted(want)}
        if field not in request.body:
            return messages.NOT_SENT.format(**words), messages.NEXT_ADD.format(**words)
        got = request.body[field]
        if not allowed(got, want):
            return messages.VIOLATION.format(got=shown(got), **words), messages.NEXT_REQUEST
    return None


def allowed(got: object, want: object) -> bool:
    """Whether a sent value is the wanted one, or one of several. True is not 1."""
    if isinstance(want, range | set | frozenset | tuple):
        return any(allowed(got, one) for one in cast("list[object]", list(want)))
    return got == want and isinstance(got, bool) == isinstance(want, bool)


def wrong_count(expected: Expectation, count: int) -> tuple[str, str] | None:
    """What is told where the API accepted too few or too many requests."""
    times = range(expected.times, expected.times + 1) if isinstance(expected.times, int) else expected.times
    if count in times:
        return None
    if not count:
        return messages.NO_REQUEST.format(operation=expected.operation), messages.NEXT_CALL
    words = {"operation": expected.operation, "requests": "request" if count == 1 else "requests"}
    step = messages.NEXT_FEWER if count > times[-1] else ""
    return messages.WRONG_COUNT.format(got=count, want=wanted(times), **words), step
