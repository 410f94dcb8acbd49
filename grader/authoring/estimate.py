"""What a recording with a key can cost, before any of it is spent."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from grader.authoring.stage import Stage
from grader.course.lessons import Course, Exercise
from grader.replay import cassettes, matching, prices


class Estimate(msgspec.Struct, frozen=True):
    """How many requests, and the most dollars that they cost; of `unknown` exercises there is nothing to count."""

    requests: int
    dollars: float
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        """In words, for the author to agree to."""
        told = f"{self.requests} requests, at most ${self.dollars:.2f} (prices of {prices.DATE}: {prices.SOURCE})"
        return told + (
            f"; not counted, because there is no take yet: {', '.join(self.unknown)}" if self.unknown else ""
        )


def estimate(course: Course, lesson: str, exercises: Sequence[Exercise]) -> Estimate:
    """Replay the right answers with the present takes, and price each request like the dearest of its exercise."""
    requests, dollars, unknown = 0, 0.0, []
    for exercise in exercises:
        paths = course.takes(lesson, exercise.name)
        most = dearest(paths, course.root)
        if most is None:
            unknown.append(exercise.name)
            continue
        with TemporaryDirectory(prefix="grader-estimate-") as top:
            reported = Stage(course, lesson, exercise, Path(top)).replay(
                {path.name: path.read_bytes() for path in paths}
            )
        count = sum(sum(one.report.environment.replayed.values()) for one in reported)
        requests += count
        dollars += count * most
    return Estimate(requests, dollars, tuple(unknown))


def dearest(paths: Sequence[Path], root: Path) -> float | None:
    """The bound of the dearest recorded request; None where there is none, or its price is not known."""
    bounds = [
        prices.bound(matching.operation_of(exchange) or "", exchange.sent, len(exchange.request.body or ""))
        for take in cassettes.takes(list(paths), root)
        for exchange in take
    ]
    known = [bound for bound in bounds if bound is not None]
    return max(known) if known and len(known) == len(bounds) else None
