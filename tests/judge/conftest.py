"""Every stored answer of lesson 1, graded once for all tests that look at it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader import settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def stored(tmp_path_factory):
    """Grade every stub, solution, variant and mistake in one way."""

    def graded(*how):
        command = [sys.executable, str(HERE / "grade_stored.py"), str(tmp_path_factory.mktemp("work")), *how]
        env = settings.judge_environment()
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return graded


@pytest.fixture(scope="session")
def in_cells(stored):
    """The stored answers as they are graded."""
    return stored("cell")
