"""Every stored answer of lesson 1, graded once for all tests that look at it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import settings
from grader.reports import files

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
def in_cells(stored, tmp_path_factory):
    """The stored answers as they are graded; of tests side by side, the first that needs them grades them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return stored("cell")
    shared = tmp_path_factory.getbasetemp().parent / "in_cells.json"
    try:
        shared.with_suffix(".begun").open("x").close()
    except FileExistsError:
        give_up = time.monotonic() + 300
        while not shared.exists() and time.monotonic() < give_up:
            time.sleep(0.2)
    else:
        files.write(shared, json.dumps(stored("cell")).encode())
    return json.loads(shared.read_text(encoding="utf-8"))
