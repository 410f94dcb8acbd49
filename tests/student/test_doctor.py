"""`grader doctor` tells what holds, what is missing and why, and what is to be mended."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cell.isolation import Isolation
from grader.judge import tiers
from grader.student import doctor

ROOT = Path(__file__).parents[2]


def ran(folder):
    """Run the command in a folder."""
    command = [sys.executable, "-c", "from grader.cli import main; main()", "doctor"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_this_computer():
    """In this project there is nothing to mend, whatever the tier; libraries and lessons are told."""
    found = ran(ROOT)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("Isolation tier ")
    assert "openai " in found.stdout
    assert "lesson1: its files are in order" in found.stdout


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda root: (root / "assignments/lesson1/ex03_hello.py").unlink(), "ex03_hello.py: it is missing"),
        (lambda root: (root / "assignments/lesson1/checks/test_ex03_hello.py").unlink(), "it is missing"),
        (lambda root: (root / "assignments/lesson1/quiz.toml").write_text("x = 1"), "quiz.toml"),
        (lambda root: (root / "cassettes/lesson1/ex03_hello/a.yaml").write_text("x"), "a.yaml"),
        (lambda root: (root / "assignments/lesson1/lesson.toml").unlink(), "there is no lesson"),
    ],
    ids=["stub", "checks", "quiz", "cassette", "lesson"],
)
def test_what_is_to_be_mended(project, spoil, says):
    """A lesson whose files are not in order is told with the file, and the exit code is 1."""
    spoil(project)
    found = ran(project)
    assert found.returncode == 1
    assert "To mend: " in found.stdout
    assert says in found.stdout
    assert "in order" not in found.stdout


def test_an_old_python_is_told():
    """Versions outside the range have a sentence; those inside have none."""
    assert list(doctor.python_problems((3, 10))) == ["Python 3.10 is not supported; use 3.11 to 3.13."]
    assert [list(doctor.python_problems(present)) for present in ((3, 11), (3, 13))] == [[], []]


def test_a_lower_tier_is_explained():
    """What is missing, the remedy, and the attacks that are not held off; nothing of these at the highest tier."""
    low = list(doctor.isolation_lines(Isolation(1, "tier 4: unshare: Operation not permitted")))
    assert low[0] == "Isolation tier 1 of 4  (practice grade: the code is trusted)"
    assert low[1] == "Missing: tier 4: unshare: Operation not permitted"
    assert any(line.startswith("  For more: ") for line in low)
    assert "  changing a verdict in the grader's memory" in low
    assert list(doctor.isolation_lines(Isolation(4, ""))) == ["Isolation tier 4 of 4"]


def test_each_tier_holds_off_more():
    """No tier leaves open what a lower one closes, and the highest leaves nothing open."""
    left = [set(tiers.open_attacks(tier)) for tier in range(5)]
    for lower, higher in itertools.pairwise(left):
        assert higher <= lower
    assert left[4] == set()
    assert left[1] > left[3] > set()
