"""What a check learns of a script that `student.run(typed=[...])` ran."""

from collections.abc import Sequence
from typing import Final

import msgspec

from grader.replay.log import LoggedRequest

NAME: Final = "Your program"  # what messages call it
MOST_TYPED: Final = 4_096  # bytes; every system's pipe holds them at once


class Ran(msgspec.Struct, frozen=True):
    """All that a script printed, its exit status, and its requests in order."""

    output: str
    status: int
    requests: list[LoggedRequest]


def keys(typed: Sequence[str]) -> bytes:
    """The lines as they are typed, each with the Enter key behind it."""
    text = "".join(f"{line}\n" for line in typed).encode()
    if len(text) > MOST_TYPED:
        raise ValueError(f"a check types {len(text)} bytes; {MOST_TYPED} are possible")
    return text
