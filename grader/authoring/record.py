"""`grader record`: right answers are graded with a real API on tape, and the tapes become an exercise's takes.

Everything is proved in a temporary folder first; the old takes are replaced at the very end, all together.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.authoring import difference, reel, sdk, stage, tape, written
from grader.authoring.judged import Judged
from grader.authoring.sources import Source
from grader.authoring.stage import Stage
from grader.course.lessons import Course, Exercise
from grader.errors import CassetteError, GraderError
from grader.replay import cassettes, matching, scrub
from grader.replay.cassettes import Take

MOST = 2**31 - 1
FIRST_SEED, STEP = 1, 100  # apart, because each of several choices takes the next seed
ASKS = re.compile(r"\bapi\.(client|expect|requests|replies)\b")  # in the checks of an exercise that asks the API
ASKED = "the client asked {hosts}, and the local model answered"
TOLD = "a client that speaks a provider's own protocol is told the same reply in that protocol"
ONE_CHOICE = "with n above 1, usage.completion_tokens counts one choice only"
HELD = "JSON replies were held to their schema by response_format"
CUT = "where a request sets no limit, a reply ends after {limit} tokens"


def chosen(course: Course, lesson: str, names: Sequence[str]) -> list[Exercise]:
    """The exercises to record: the named ones (`ex03` will do), or all that ask the API. Raises GraderError."""
    if names:
        return course.chosen(lesson, names)
    exercises = course.lesson(lesson).exercise
    return [one for one in exercises if ASKS.search(_checks(course, lesson, one))]


def _checks(course: Course, lesson: str, exercise: Exercise) -> str:
    path = course.checks(lesson) / exercise.checks_file
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        shown = path.relative_to(course.root).as_posix()
        raise GraderError(f"{shown}: it cannot be read. Next: grader verify {lesson}") from None


def numbers(given: str) -> list[int]:
    """The seeds of `--seeds 1,101`. Raises GraderError."""
    try:
        seeds = [int(part) for part in given.split(",")] if given else []
    except ValueError:
        seeds = [-1]
    if any(not 0 <= seed <= MOST for seed in seeds):
        raise GraderError(
            f"--seeds {given}: expected whole numbers with commas between them, as in --seeds 1,101."
        )
    return seeds


def record(
    course: Course, lesson: str, exercises: Sequence[Exercise], source: Source, seeds: Sequence[int] = ()
) -> Iterator[str]:
    """Record each exercise and replace its takes; gives lines for the author. Raises GraderError.

    Without `seeds` those of the present takes count. An exercise that fails keeps its takes; those before it are
    replaced already.
    """
    tape.require_vcrpy()
    for exercise in exercises:
        with TemporaryDirectory(prefix="grader-record-", ignore_cleanup_errors=True) as top:
            yield from Recording(course, lesson, exercise, source, Path(top)).run(seeds)


class Recording:
    """The recording of one exercise, in the temporary folder `top`."""

    def __init__(self, course: Course, lesson: str, exercise: Exercise, source: Source, top: Path) -> None:
        self._name = exercise.name
        self._folder = course.root / "cassettes" / lesson / exercise.name
        self._source = source
        self._top = top
        self._stage = Stage(course, lesson, exercise, top / "stage")

    def run(self, seeds: Sequence[int]) -> Iterator[str]:
        """Record, prove and replace."""
        if why := reel.by_hand(self._old("a") or ()):
            yield f"{self._name}: not recorded: {why}; its takes are written by hand"
            return
        takes: dict[str, Take] = {}
        files: dict[str, bytes] = {}
        for name, seed in self._seeds(seeds).items():
            yield f"{self._name}: recording take {name} ..."
            result = self._take(name, seed)
            if isinstance(result, str):
                yield f"{self._name}: not recorded: {result}"
                return
            takes[name], files[f"{name}.yaml"] = result
        reel.prove_different(takes, self._name)
        self._prove(files)
        for name, take in takes.items():
            yield f"{self._name} {name}.yaml"
            yield from (f"  {line}" for line in difference.difference(self._old(name), take))
        written.replace_all({self._folder / name: content for name, content in files.items()})

    def _seeds(self, given: Sequence[int]) -> dict[str, int]:
        """The names of the takes and their seeds: given, or as they were, or far enough apart."""
        names = sorted({path.stem for path in self._folder.glob("*.yaml") if "." not in path.stem} | {"a", "b"})
        if given and len(given) != len(names):
            raise GraderError(
                f"{self._name} has the takes {', '.join(names)}: --seeds needs {len(names)} numbers."
            )
        old = [written.metadata(self._folder / f"{name}.yaml").get("seed") for name in names]
        usual = [FIRST_SEED + STEP * index for index in range(len(names))]
        return dict(
            zip(names, given or [seed or other for seed, other in zip(old, usual, strict=True)], strict=True)
        )

    def _take(self, name: str, seed: int) -> tuple[Take, bytes] | str:
        """A take and its file, or why there is none."""
        shown = f"{self._name} {name}.yaml"
        judged = Judged(self._authored(name))
        with self._source.open(seed, judged) as opened:
            options = ["--live", f"--base-url={opened.base_url}", f"--max-cost={self._source.max_cost}"]
            folder = self._top / f"tapes-{name}"
            reported = self._stage.record(options, self._source.key, folder)
            tapes = reel.addressed(tape.read(folder), opened.base_url)
            missing = reel.missing(tapes)
            if missing:
                return f"{self._source.name} has no {' and no '.join(missing)}"
            if judged.asked:  # it stands in its own file already
                tapes = reel.without(tapes, "moderation")
            exchanges = [scrub.scrubbed(exchange) for exchange in reel.take(tapes, shown)]
            if missing := judged.missing(chain(*tapes), exchanges):
                return f"add to {name}.moderation.yaml what to say about: {' and '.join(map(repr, missing))}"
            stage.require_full(reported, shown)
            if not exchanges:
                return "its right answers ask nothing"
            take, dropped = sdk.known(exchanges, shown)
            scrub.prove(take, shown, [self._source.key.value] if self._source.key else [])
            operations = {matching.operation_of(exchange) or "" for exchange in take}
            facts = self._source.facts(opened, seed, operations)
        return take, written.cassette(take, described(facts, take, dropped))

    def _authored(self, name: str) -> Take:
        """What is written by hand for a take, and stays."""
        paths = sorted(self._folder.glob(f"{name}.*.yaml"))
        return tuple(one for path in paths for one in cassettes.load(path, path.name).interactions)

    def _prove(self, files: dict[str, bytes]) -> None:
        """Replay the new files without a network: once with the judge, once with plain vcrpy."""
        others = {path.name: path.read_bytes() for path in self._folder.glob("*.yaml") if "." in path.stem}
        stage.require_full(self._stage.replay(files | others), f"{self._name}, replayed")
        sdk.replay_plainly(self._stage.cassettes / name for name in files)

    def _old(self, name: str) -> Take | None:
        path = self._folder / f"{name}.yaml"
        try:
            return cassettes.load(path, path.name).interactions
        except CassetteError:  # absent, or broken: nothing to compare with
            return None


def described(facts: dict[str, object], take: Take, dropped: list[str]) -> dict[str, object]:
    """A cassette's metadata: the source, the day, what was dropped, and what may surprise a reader."""
    hosts = sorted({route.host for route in map(matching.route_of, take) if route})
    notes = [ASKED.format(hosts=", ".join(hosts))] if facts["origin"] == "local-model" else []
    notes += [TOLD] if len(hosts) > 1 else []
    notes += [CUT.format(limit=facts["limit"])] if "limit" in facts else []
    if facts["origin"] == "local-model" and any((exchange.sent.get("n") or 1) > 1 for exchange in take):
        notes.append(ONE_CHOICE)
    if any("response_format" in exchange.sent for exchange in take):
        notes.append(HELD)
    more: dict[str, object] = {"recorded": datetime.now(UTC).date(), "dropped": dropped}
    return facts | more | ({"note": "; ".join(notes)} if notes else {})
