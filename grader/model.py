"""The words of the project as frozen types: verdicts, results, reports."""

from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

SCHEMA_VERSION = 1


class Verdict(StrEnum):
    """The outcome of a check. Only `passed` earns points."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MEMORY = "memory"
    OUTPUT_LIMIT = "output_limit"
    TAMPERED = "tampered"
    ERROR = "error"


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a check from students: it is hidden itself, or it failed with a take that is.

    `take` names the cassette of a failure; `hint` is what the author lets students read of a hidden check.
    """

    what: Literal["check", "take"]
    take: str = ""
    hint: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found out: a verdict, and for a failure what was wrong, where, and what to do next.

    `where` is relative to the submission (`ex03_hello.py:9`) or empty. `printed` is what the failing call
    printed; it is shown to the student and never stored in a result. `evidence` is what made it `tampered`.
    `take` names the hidden take that it came from; empty for one that students have.
    """

    verdict: Verdict
    message: str = ""
    where: str = ""
    next: str = ""
    printed: str = ""
    evidence: str = ""
    take: str = ""


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check of one exercise. `id` is the test function's name, with a parameter's id in brackets.

    What is `hidden` is for mentors; reports/public.py makes of it what students read.
    """

    id: str
    title: str
    verdict: Verdict
    points: int
    max_points: int
    message: str = ""
    where: str = ""
    next: str = ""
    hidden: Hidden | UnsetType = UNSET

    @property
    def of_lesson(self) -> bool:
        """Whether the lesson's own points count it."""
        return self.hidden is UNSET or self.hidden.what == "take"


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise: the first verdict among its checks that is not `passed`, and the points of all of them."""

    name: str
    title: str
    verdict: Verdict
    score: int
    max_score: int
    checks: tuple[CheckResult, ...]


class Hashes(msgspec.Struct, frozen=True, kw_only=True):
    """SHA-256 (hex) of what decided the result. The submission's covers its exercise files only."""

    submission: str
    checks: str
    cassettes: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided. The same files give the same bytes on every machine and in every mode."""

    schema_version: int = SCHEMA_VERSION
    lesson: str
    whole_lesson: bool
    score: int
    max_score: int
    exercises: tuple[ExerciseResult, ...]
    hashes: Hashes


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """How it was decided; differs between machines and runs.

    `tier` is the isolation reached (4 namespaces ... 0 none), `missing` says why it is not higher. `replayed`
    counts exchanges by origin of their cassette. `notes` name files of the submission that were left alone.
    `evidence` says what made verdicts `tampered`; only formats for mentors show it.
    With `live` a real API answered: `network_calls` requests for so many `dollars` at the prices of a date.
    """

    schema_version: int = SCHEMA_VERSION
    tier: int
    missing: str
    seconds: float
    replayed: dict[str, int]
    notes: tuple[str, ...]
    versions: dict[str, str]
    live: bool = False
    network_calls: int = 0
    dollars: float = 0.0
    prices: str = ""
    evidence: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A result and the environment in which it came about."""

    result: Result
    environment: Environment


def worst(verdicts: list[Verdict]) -> Verdict:
    """The first verdict that is not `passed`, in the order of the checks; `passed` if there is none.

    An exercise whose checks are partly passed and partly not started has been started: it is `failed`.
    """
    others = [verdict for verdict in verdicts if verdict is not Verdict.PASSED]
    if not others:
        return Verdict.PASSED
    if set(others) == {Verdict.NOT_STARTED}:
        return Verdict.NOT_STARTED if len(others) == len(verdicts) else Verdict.FAILED
    return next(verdict for verdict in others if verdict is not Verdict.NOT_STARTED)
