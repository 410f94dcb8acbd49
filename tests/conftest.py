"""Grading as a user does it: `python -m pytest assignments/lesson1` in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from tests.restricted import common_python

# The same examples in every run: what the gate says must not depend on luck or on a busy machine.
hypothesis.settings.register_profile("gate", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("gate")

# A job in the background of a script inherits that Ctrl-C is ignored; programs that tests stop must not.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
LESSON = Path("assignments", "lesson1")
WHOLE = (LESSON.as_posix(),)
PROJECT = ("grader", "assignments", "cassettes", "conftest.py", "pyproject.toml")
PASSED_ON = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC")
PATIENCE = 60  # seconds; a run that takes longer hangs


@dataclass(frozen=True)
class Graded:
    """What a run left behind. `report` is empty where none was written."""

    code: int
    stdout: str
    stderr: str
    report: dict
    seconds: float

    @property
    def result(self):
        """The part that is the same for the same files."""
        return self.report["result"]

    @property
    def canonical(self):
        """The result's bytes."""
        return json.dumps(self.result, sort_keys=True).encode()

    @property
    def verdicts(self):
        """The verdict of each exercise."""
        return {exercise["name"]: exercise["verdict"] for exercise in self.result["exercises"]}

    def exercise(self, short):
        """The exercise whose name begins so."""
        return next(one for one in self.result["exercises"] if one["name"].startswith(short))

    def check(self, short, name):
        """One check of an exercise."""
        return next(check for check in self.exercise(short)["checks"] if check["id"] == name)

    def findings(self, short):
        """The checks of an exercise that have a message."""
        return [check for check in self.exercise(short)["checks"] if check["message"]]

    def first(self, short):
        """The first check with a message: what the summary shows."""
        return self.findings(short)[0]


@pytest.fixture(scope="session")
def lesson():
    """lesson.toml as data."""
    return tomllib.loads((ROOT / LESSON / "lesson.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def full(lesson):
    """The points of the whole lesson."""
    return sum(exercise["points"] for exercise in lesson["exercise"])


@pytest.fixture(scope="session")
def grade(tmp_path_factory):
    """Grade a folder (None: the stubs), with more arguments for pytest."""

    def run(submission, *args, root=ROOT, cwd=None, target=WHOLE, env=None, python=sys.executable):  # noqa: PLR0913
        folder = tmp_path_factory.mktemp("report")
        report = folder / "report.json"
        command = [str(python), "-m", "pytest", *map(str, target)]
        command += [f"--submission={submission}"] if submission else []
        command += [] if any(str(arg).startswith("--report=") for arg in args) else [f"--report={report}"]
        clean = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        begun = time.monotonic()
        ended = subprocess.run(
            [*command, *map(str, args)],
            cwd=cwd or root,
            env=clean | {"TMPDIR": str(folder), "HOME": str(folder)} | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Graded(
            ended.returncode,
            ended.stdout.decode("utf-8", "backslashreplace"),
            ended.stderr.decode("utf-8", "backslashreplace"),
            json.loads(report.read_bytes()) if report.exists() else {},
            time.monotonic() - begun,
        )

    return run


@pytest.fixture(scope="session")
def submit(tmp_path_factory):
    """Make a submission: the solutions, with other files in their place or beside them. None leaves a file out."""

    def make(files=None, **more):
        folder = tmp_path_factory.mktemp("submission")
        for solution in (ROOT / "tests" / "solutions" / LESSON.name).glob("*.py"):
            shutil.copy(solution, folder)
        for name, content in {**(files or {}), **{f"{stem}.py": text for stem, text in more.items()}}.items():
            path = folder / name
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, "utf-8")
        return folder

    return make


@pytest.fixture
def project(tmp_path):
    """A copy of the project that a test may spoil."""
    root = tmp_path / "project"
    root.mkdir()
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy2(source, root)
    return root


@pytest.fixture(scope="session")
def common():
    """A Python, its libraries and this project, which every user of this machine can read."""
    with tempfile.TemporaryDirectory(prefix="common-") as folder:  # pytest's own are closed by its next session
        yield common_python(Path(folder))
