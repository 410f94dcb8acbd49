"""The state of one run of a lesson: what was collected, what was found, and the cells that serve it."""

import copy
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.cell.places import Cells
from grader.course import plain, quizzes, toml
from grader.course.hashes import LessonHashes
from grader.course.lessons import Exercise
from grader.judge import score, tiers
from grader.judge.budget import Budget
from grader.judge.cleaning import MOST, REAL_KEY, YOUR_KEY, cleaned, masked
from grader.judge.collection import Target
from grader.judge.hidden import PREFIX, HiddenPart
from grader.judge.leaks import MOST_KEYS, without_keys
from grader.judge.score import Planned
from grader.judge.student import Student
from grader.judge.submission import Submission
from grader.model import Environment, ExerciseResult, Finding, Report
from grader.replay import cassettes, providers
from grader.replay.cassettes import Exchange, Take
from grader.replay.player import Player
from grader.settings import Limits

if TYPE_CHECKING:
    from grader.judge.live import Live

# Both ends are fixed: the API's 401 shows eight characters of a key, and results must not differ between runs.
KEY = "sk-proj-{middle}-k7Xq2Vw9"
TEXTS = ("message", "where", "next", "printed", "evidence")  # of a finding: what may come from student code


class Run:
    """One submission, graded once."""

    def __init__(
        self, found: Target, submission: Path, cells: Cells, limits: Limits, live: "Live | None" = None
    ) -> None:
        self.found = found
        self.live = live
        self.submission = Submission(submission, found.lesson, found.course.folder(found.name))
        self.key = KEY.format(middle=secrets.token_hex(16))
        self.planned: list[Planned] = []
        self.faults: dict[str, list[str]] = {}
        self.hidden: HiddenPart | None = None
        self.least_tier = 0  # of the isolation; below it no student code runs
        self.findings: dict[tuple[str, str], Finding] = {}
        self.replayed: Counter[str] = Counter()  # exchanges by origin
        self.used: set[str] = set()  # their places, for all submissions of this judge
        self.cells = cells
        self._budget = Budget(cells, limits)
        self._begun = time.monotonic()
        self._takes: dict[str, tuple[Take, ...]] = {}
        self._hashes = LessonHashes(found.course, found.name, found.lesson)
        self.quiz = quizzes.of(found.course, found.name)

    def keep_draws(self, cache: pytest.Cache | None) -> None:
        """Keep what Hypothesis drew for the next run."""
        self._budget.draws.keep_in(cache)

    def again(
        self, submission: Path, beside: Iterable[str] = (), unread: Mapping[str, tuple[str, str]] | None = None
    ) -> "Run":
        """A run of the same lesson for another submission; what was read and drawn is shared."""
        other = copy.copy(self)
        home = self.found.course.folder(self.found.name)
        other.submission = Submission(submission, self.found.lesson, home, beside, unread)
        other.planned, other.findings, other.replayed = [], {}, Counter()
        other._budget = self._budget.again()
        other._begun = time.monotonic()
        return other

    def exercise(self, item: pytest.Item) -> Exercise:
        """The exercise that a check belongs to, by the name of its file."""
        exercise = self.found.lesson.named(item.path.stem.removeprefix("test_"))
        if exercise is None:
            raise LookupError(item.nodeid)
        return exercise

    def check_id(self, item: pytest.Item) -> str:
        """The id of a check in its exercise."""
        return f"{PREFIX}{item.name}" if self.hidden and self.hidden.holds(item.path) else item.name

    def prove(self, planned: list[Planned]) -> None:
        """Prove that the whole lesson was collected. Raises UsageError where points do not add up.

        An exercise without any check is a fault of ours; its points stay in the lesson's total.
        """
        path = self.found.course.folder(self.found.name) / "lesson.toml"
        for number, exercise in enumerate(self.found.lesson.exercise):
            points = [one.points for one in planned if one.exercise == exercise.name and not one.hidden]
            if not points:
                self.faults.setdefault(exercise.name, ["its checks are missing"])
            elif sum(points) != exercise.points:
                line = toml.line_of(f".exercise[{number}].points", path.read_text("utf-8"))
                shown = f"{path.relative_to(self.found.course.root).as_posix()}:{line}"
                what = f"it says {exercise.points}, but its checks add up to {sum(points)}"
                raise pytest.UsageError(f"{shown}: exercise[{number}].points: {what}.")

    def demand_isolation(self) -> None:
        """Raise GraderError where the required tier is not reached. Without one it does not wait for the cells."""
        if self.least_tier:
            tiers.demand(self.cells.isolation(), self.least_tier)

    def keep_what_ran(self) -> None:
        """Forget the checks that did not run, because the run was stopped before them."""
        self.planned = [one for one in self.planned if (one.exercise, one.id) in self.findings]

    def student(self, exercise: Exercise) -> Student:
        """The submission's module of an exercise."""
        return Student(self.submission, exercise, self._budget, self.key)

    def takes(self, exercise: Exercise) -> tuple[Take, ...]:
        """The cassettes of an exercise; none are needed where a real API answers. Raises CassetteError."""
        if self.live:
            return ()
        if exercise.name not in self._takes:
            root = self.found.course.root
            paths = self.found.course.takes(self.found.name, exercise.name)
            self._takes[exercise.name] = cassettes.takes(paths, root)
        return self._takes[exercise.name]

    def player(self, take: Take | None) -> Player:
        """What answers the requests of one check and take."""
        if self.live is None:
            return Player(take, self.key)
        return self.live.player(self.key)

    def played(self, exchanges: list[Exchange]) -> None:
        """Count the exchanges that a check was answered with."""
        self.replayed.update(exchange.origin for exchange in exchanges)
        self.used.update(exchange.place for exchange in exchanges)

    def note(self, item: pytest.Item, finding: Finding) -> None:
        """Keep a check's finding, without what differs from run to run."""
        leaked = [leak.value for leak in self.submission.leaks][:MOST_KEYS]
        message, step = (cleaned(text, self.key, leaked) for text in (finding.message, finding.next))
        for key in providers.keys(self.key).values():
            message, step = masked(message, key, YOUR_KEY), masked(step, key, YOUR_KEY)
        evidence, printed = (
            reduce(lambda text, value: masked(text, value, REAL_KEY), leaked, text[:MOST])
            for text in (finding.evidence, finding.printed)
        )
        if len(leaked) == MOST_KEYS:  # there may be thousands of them; what looks like one goes
            message, step, evidence, printed = map(without_keys, (message, step, evidence, printed))
        finding = msgspec.structs.replace(finding, message=message, next=step, evidence=evidence, printed=printed)
        exercise = self.exercise(item)
        told = self.submission.told(finding, exercise)
        texts = {name: plain.writable(getattr(told, name)) for name in TEXTS}
        self.findings[exercise.name, self.check_id(item)] = msgspec.structs.replace(told, **texts)

    def found_out(self, item: pytest.Item) -> bool:
        """Whether a check has a finding."""
        return (self.exercise(item).name, self.check_id(item)) in self.findings

    def exercise_result(self, exercise: Exercise) -> ExerciseResult:
        """What is known of an exercise by now."""
        planned = [one for one in self.planned if one.exercise == exercise.name]
        return score.exercise_result(exercise, planned, self.findings, self.faults.get(exercise.name, []))

    def last_report(self) -> Report:
        """The report of a judge's only submission; its cells end meanwhile."""
        self.cells.versions()
        self.cells.stop()
        return self.report()

    def report(self) -> Report:
        """The report of all that ran."""
        ran = {one.exercise for one in self.planned} | set(self.faults)
        exercises = [self.exercise_result(one) for one in self.found.lesson.exercise if one.name in ran]
        found = self.found
        versions = dict(self.cells.versions()) | {"pytest": pytest.__version__}
        handed = self.submission
        digests = self._hashes.of(handed.folder, handed.cells())
        reached = self.cells.isolation()
        environment = Environment(
            tier=reached.tier,
            missing=reached.missing,
            seconds=round(time.monotonic() - self._begun, 3),
            replayed=dict(sorted(self.replayed.items())),
            notes=tuple(map(plain.writable, (*self._hashes.notes, *self.submission.notes()))),
            evidence=tuple(
                f"{'::'.join(key)}: {one.evidence}" for key, one in self.findings.items() if one.evidence
            ),
            versions=versions,
            **(self.live.facts() if self.live else {}),
        )
        result = score.result(found.name, found.lesson, exercises, digests)
        return Report(result=result, environment=environment)
