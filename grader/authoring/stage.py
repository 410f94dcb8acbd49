"""A copy of one exercise in a temporary folder, where a judge grades the right answers to it."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grader import messages, settings
from grader.authoring.rehearse import WRONG, Job, Reported
from grader.authoring.stored import Stored, uses
from grader.course.lessons import Course, Exercise
from grader.errors import GraderError
from grader.model import CheckResult, Verdict
from grader.settings import Secret

SOLUTION = "the solution"
CONFIG = """\
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "--strict-markers", "--disable-plugin-autoload"]
"""


class Stage:
    """The folder `top` with a lesson's checks, the exercise's right answers, and cassettes that are tried out."""

    def __init__(self, course: Course, lesson: str, exercise: Exercise, top: Path) -> None:
        self._lesson = lesson
        self._exercise = exercise
        self._top = top
        self.cassettes = top / "cassettes" / lesson / exercise.name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(course.folder(lesson), top / "assignments" / lesson, ignore=ignored)
        (top / "pyproject.toml").write_text(CONFIG, "utf-8")
        self._submissions = [
            (name, str(self._submission(number, path)))
            for number, (name, path) in enumerate(answers(course, lesson, exercise).items())
        ]

    def record(self, options: Sequence[str], key: Secret | None, tapes: Path) -> list[Reported]:
        """Grade the answers with a real API, on tape."""
        tapes.mkdir()
        return self._rehearse(options, key, tapes)

    def replay(self, files: Mapping[str, bytes]) -> list[Reported]:
        """Grade the answers with these cassettes, by name, and without a network."""
        shutil.rmtree(self.cassettes, ignore_errors=True)
        self.cassettes.mkdir(parents=True)
        for name, content in files.items():
            (self.cassettes / name).write_bytes(content)
        return self._rehearse([], None, None)

    def _submission(self, number: int, path: Path) -> Path:
        folder = self._top / "submissions" / str(number)
        folder.mkdir(parents=True)
        shutil.copyfile(path, folder / self._exercise.file)
        return folder

    def _rehearse(self, options: Sequence[str], key: Secret | None, tapes: Path | None) -> list[Reported]:
        job = Job(
            root=str(self._top),
            lesson=self._lesson,
            exercise=self._exercise.name,
            submissions=self._submissions,
            options=list(options),
            tapes=str(tapes) if tapes else None,
        )
        done = subprocess.run(
            [sys.executable, "-P", "-m", "grader.authoring.rehearse"],
            input=msgspec.json.encode(job),
            env=settings.judge_environment(key),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            last = words if done.returncode == WRONG else (words.splitlines() or ["it ended without a word"])[-1]
            raise GraderError(f"{self._exercise.name} could not be graded: {last}")
        return msgspec.json.decode(done.stdout, type=list[Reported])


def answers(course: Course, lesson: str, exercise: Exercise) -> dict[str, Path]:
    """The reference solution and its variants, by how messages call them. Raises GraderError.

    Variants with other libraries are left out: they may speak protocols that nobody here answers.
    """
    stored = Stored(course.root, lesson)
    solution = stored.solution(exercise)
    if not solution.is_file():
        shown = solution.relative_to(course.root).as_posix()
        raise GraderError(f"{exercise.name} has no reference solution to record. Write {shown}.")
    variants = [path for path in stored.variants(exercise) if not uses(path)]
    return {SOLUTION: solution} | {f"the variant {path.name}": path for path in variants}


def require_full(reported: Sequence[Reported], shown: str) -> None:
    """Raise GraderError where an answer did not earn all points; a check that only replays can wait."""
    for one in reported:
        for exercise in one.report.result.exercises:
            for check in exercise.checks:
                if check.verdict is not Verdict.PASSED and not waits(check):
                    raise GraderError(
                        f"{shown}: {one.name} does not pass {check.id}: {check.message} Nothing was changed."
                    )


def waits(check: CheckResult) -> bool:
    """Whether a check was left out because only recorded exchanges can prove it."""
    return check.verdict is Verdict.BLOCKED and check.next == messages.NEXT_REPLAY
