"""Every published attack against the real exercises, and its honest twin, in one judge a tier."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from grader.cell import isolation
from grader.student.attacks import cases, scoreboard
from grader.student.attacks.scoreboard import Way
from tests.restricted import LIKE_DOCKER, NOBODY

if sys.platform != "linux":
    pytest.skip("kernel isolation is for Linux", allow_module_level=True)

ROOT = Path(__file__).parents[2]
FOUND = cases.cases(ROOT)
CLASSES = 75
TIERS = (isolation.NAMESPACES, isolation.LANDLOCK)
PLACES = {  # a container reaches tier 3
    "tier 4, free": (isolation.NAMESPACES, ""),
    "tier 3, free": (isolation.LANDLOCK, ""),
    "tier 3, in a container": (isolation.LANDLOCK, LIKE_DOCKER),
}


@cache
def boards():
    """The outcomes at each tier. One judge a tier runs for all tests, side by side: attacks wait a lot."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(TIERS, pool.map(lambda tier: scoreboard.run(ROOT, Way(tier)), TIERS), strict=True))


def board(tier):
    """The outcomes at a tier."""
    return boards()[tier]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", [case.name for case in FOUND])
def test_it_holds(tier, name):
    """No attack gains a point or touches the host, and each twin gets all of its points."""
    found = board(tier)
    unreached = [text for text in found.problems.get("", ()) if "was reached" in text]
    if unreached:
        pytest.skip(unreached[0])
    assert found.problems.get(name, ()) == ()


@pytest.mark.parametrize("tier", TIERS)
def test_nothing_is_left(tier):
    """No process of the run is alive after it, and no secret is in what it wrote."""
    assert board(tier).problems.get("", ()) == ()
    assert board(tier).broken == []


@pytest.mark.parametrize("tier", TIERS)
def test_the_readme_shows_the_scoreboard(tier):
    """README.md shows what the run of today says."""
    first = next(scoreboard.lines(board(tier)))
    assert f"    {first}\n" in (ROOT / "README.md").read_text("utf-8")


def test_every_class_has_an_attack_and_a_twin():
    """The suite is complete: 75 classes, and doing nothing."""
    attacks = {int(case.number) for case in FOUND if not case.is_twin}
    twins = [int(case.number) for case in FOUND if case.is_twin]
    assert attacks == set(range(CLASSES + 1))
    assert twins == sorted(attacks)


def test_the_scoreboard_names_what_does_not_hold():
    """An attack that the lowest tier cannot hold is told by its name, and is no broken promise."""
    found = scoreboard.run(ROOT, Way(isolation.PROCESS, chosen=("44", "30")))
    said = "\n".join(scoreboard.lines(found))
    assert said.startswith("tier 1: 0 of 2 classes hold, 2 of 2 twins pass\n")
    assert "  44_read_the_answers/attack: 6 points, not 0" in said
    assert "  30_memory_edits/attack: not promised, and not tried, because it could do harm" in said
    assert found.broken == []


@pytest.mark.full
@pytest.mark.parametrize("user", [0, NOBODY], ids=["root", "ordinary user"])
@pytest.mark.parametrize(("tier", "before"), PLACES.values(), ids=PLACES)
def test_whoever_runs_it(tier, user, before, common):
    """For root and for ordinary users, free and in a container, whatever tier is reached."""
    if os.getuid() != 0:
        pytest.skip("only root can be somebody else")
    way = Way(tier, python=str(common["own"]), path=(common["path"],), before=before, user=user)
    found = scoreboard.run(Path(common["path"]), way)
    assert found.problems == {}
