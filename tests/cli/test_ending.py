"""How a command ends: nobody who reads exit codes takes a fault of the grader for something else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GRADER = Path(__file__).parents[2] / "grader"


@pytest.fixture
def typed(tmp_path):
    """Run a command of a copy of the grader, of which one module is broken."""

    def run(broken, *words):
        shutil.copytree(GRADER, tmp_path / "grader", ignore=shutil.ignore_patterns("__pycache__"))
        with (tmp_path / "grader" / broken).open("a", encoding="utf-8") as stream:
            stream.write('\nraise RuntimeError("one\\n::error::two\\x1b[31m")\n')
        return subprocess.run(
            [sys.executable, "-m", "grader.cli", *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("student/doctor.py", ["doctor"]),
        ("authoring/verify.py", ["verify", "lesson1"]),
        ("batch/statistics.py", ["stats", "out"]),
        ("batch/ci.py", ["ci"]),
        ("reports/comment.py", ["ci", "comment", "feedback.json"]),
        ("authoring/gateway.py", ["model", "start"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_fault_of_ours(typed, broken, words):
    """It ends with 3, a traceback that no runner obeys, and what it is, whose fault, and what to do."""
    done = typed(broken, *words)
    assert (done.returncode, done.stdout) == (3, "")
    first, *lines = done.stderr.splitlines()
    assert first == "Traceback (most recent call last):"
    assert lines[-2] == "This is not your code: the grader itself stopped with RuntimeError."
    assert lines[-1].startswith("Next: send all of these lines to your mentor")
    place = os.path.join("grader", *broken.split("/"))  # noqa: PTH118 - as the traceback shows it
    assert f'{place}", line ' in done.stderr
    assert not [line for line in lines if line.startswith("::") or "\x1b" in line]


def test_wrong_use(typed):
    """It ends with 2 and a sentence alone, whatever else is broken."""
    done = typed("student/doctor.py", "stats", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == "nowhere: there is no gradebook.sqlite here. Next: grader batch SUBMISSIONS --out nowhere\n"
    )
