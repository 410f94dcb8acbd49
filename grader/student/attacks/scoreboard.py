"""Attacks at each tier that this machine reaches, and the scoreboard."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader import settings
from grader.cell import isolation
from grader.reports.text import line
from grader.settings import Secret
from grader.student.attacks.cases import Case, cases
from grader.student.attacks.judge import Outcome

SECONDS = 300.0  # for all attacks at a tier; they take about 30
ENDING = 5.0  # seconds in which the last process of a judge ends


class Way(msgspec.Struct, frozen=True):
    """How to start the judge: the tier, and for tests another user, Python, path, or restriction."""

    tier: int
    python: str = sys.executable
    path: Sequence[str] = ()
    before: str = ""
    user: int | None = None
    chosen: Sequence[str] = ()


class Board(msgspec.Struct, frozen=True):
    """What came of all cases at a tier: problems by the name of the case, and those not tried."""

    tier: int
    cases: Sequence[Case]
    problems: dict[str, tuple[str, ...]]
    untried: Sequence[str]

    @property
    def broken(self) -> list[str]:
        """The cases that do not keep what this tier promises."""
        promised = {case.name for case in self.cases if case.holds_from <= self.tier} | {""}
        return [name for name in self.problems if name in promised]


def run(root: Path, way: Way) -> Board:
    """Run all attacks and twins of the project at `root` in one judge. Raises GraderError where there are none."""
    found = [case for case in cases(root) if not way.chosen or case.number in way.chosen]
    mark, canary = (f"{secrets.token_hex(16)}" for _ in range(2))
    with tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as work:
        said, outcomes = attacked(root, way, Path(work), mark, canary)
    problems = {one.name: one.problems for one in outcomes if one.problems}
    for one in outcomes:
        if canary in one.output:
            problems[one.name] = (*problems.get(one.name, ()), "a secret is in the output")
        if one.tier != way.tier:
            problems[""] = (f"tier {one.tier} was reached, not {way.tier}",)
    left = survivors(mark)
    if left:
        problems[""] = (*problems.get("", ()), f"processes were left: {', '.join(left)}")
    if canary in said:
        problems[""] = (*problems.get("", ()), "a secret is in what the judge wrote")
    harmless = [case for case in found if not (case.harmful and way.tier < case.holds_from)]
    done = {one.name for one in outcomes}
    for case in harmless:
        if case.name not in done:
            problems[case.name] = (f"the judge ended before: {said.strip()[-500:]}",)
    return Board(way.tier, found, problems, [case.name for case in found if case not in harmless])


def attacked(root: Path, way: Way, work: Path, mark: str, canary: str) -> tuple[str, list[Outcome]]:
    """Start the judge under attack and wait for it: what it wrote, and the outcomes."""
    place, out = work / "host", work / "outcomes"
    place.mkdir()
    script = f"{way.before}\nfrom grader.student.attacks import judge\njudge.main()\n"
    arguments = [str(root), str(place), str(out), str(way.tier), *way.chosen]
    as_user = {"user": way.user, "group": way.user, "extra_groups": []} if way.user else {}
    if way.user:
        for folder in (work, place):
            os.chown(folder, way.user, way.user)
    ran = subprocess.run(  # noqa: S603 - our own interpreter and script
        [way.python, "-B", "-c", script, *arguments],
        env=settings.attacked_environment(Secret(canary), mark, place, way.path),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
        **as_user,  # type: ignore[call-overload]
    )
    lines = out.read_bytes().splitlines() if out.exists() else []
    outcomes = [msgspec.json.decode(each, type=Outcome) for each in lines]
    return (ran.stdout + ran.stderr).decode(errors="replace"), outcomes


def survivors(mark: str) -> list[str]:
    """The processes with this mark in their environment that do not end (Linux)."""
    give_up = time.monotonic() + ENDING
    while (left := marked(mark)) and time.monotonic() < give_up:
        time.sleep(0.05)
    return left


def marked(mark: str) -> list[str]:
    """The processes with this mark in their environment, without zombies."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (process / "stat").read_text("utf-8").rpartition(")")[2].split()[0]
            if state not in "ZX" and mark.encode() in (process / "environ").read_bytes():
                found.append(process.name)
    return found


def boards(root: Path, reached: int) -> Iterator[Board]:
    """The scoreboard of each tier, from the highest that is reached down."""
    tiers = (isolation.NAMESPACES, isolation.LANDLOCK, isolation.SANDBOX, isolation.PROCESS)
    for tier in tiers:
        if tier == reached or (tier < reached and tier != isolation.SANDBOX):
            yield run(root, Way(tier))


def lines(board: Board) -> Iterator[str]:
    """The scoreboard of a tier: the classes that hold, the twins that pass, and each other one by its name."""
    attacks = {case.group for case in board.cases if not case.is_twin}
    twins = [case for case in board.cases if case.is_twin]
    lost = {case.group for case in board.cases if not case.is_twin and case.name in board.problems}
    lost |= {case.group for case in board.cases if case.name in board.untried}
    passing = [case for case in twins if case.name not in board.problems]
    yield (
        f"tier {board.tier}: {len(attacks) - len(lost)} of {len(attacks)} classes hold, "
        f"{len(passing)} of {len(twins)} twins pass"
    )
    yield from (f"  {name or 'all'}: {line('; '.join(told), 300)}" for name, told in board.problems.items())
    yield from (f"  {name}: not promised, and not tried, because it could do harm" for name in board.untried)
