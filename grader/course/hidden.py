"""Hidden checks: a folder that students never get, laid out as the project is.

DIR/checks/test_ex03_hello.py      more checks of ex03, with points of their own
DIR/cassettes/ex03_hello/c.yaml    a further take: the lesson's own checks must hold for it, too
DIR/hidden.toml                    seed = "autumn": quizzes whose SEED begins with `hidden-` are drawn from it
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.course import toml
from grader.course.hashes import digest
from grader.course.lessons import Course, Exercise, Lesson
from grader.errors import LessonError

SETTINGS = "hidden.toml"
CHECKS = "checks"
CASSETTES = "cassettes"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """hidden.toml."""

    seed: Annotated[str, Meta(min_length=1, description="of the quizzes whose answers nobody can look up")]


class HiddenFolder:
    """A folder of hidden checks, takes and a seed. Raises LessonError where something in it belongs nowhere."""

    def __init__(self, folder: Path, course: Course, lesson: Lesson) -> None:
        self.folder = folder.resolve()
        self.checks = self.folder / CHECKS
        self._lesson = lesson
        if not self.folder.is_dir():
            raise LessonError(f"{folder}: there is no such folder. Next: name the one with the hidden checks")
        if self.folder.is_relative_to(course.assignments.resolve()):
            raise LessonError(f"{folder}: students get what is below assignments/. Next: move it out of there")
        strays = [path for path in self._files() if not self._belongs(path)]
        if strays:
            shown = strays[0].relative_to(self.folder).as_posix()
            raise LessonError(f"{folder}/{shown}: it belongs to no exercise. Next: rename it, or take it out")
        if not self._files():
            raise LessonError(f"{folder}: nothing is hidden here. Next: write {folder}/checks/test_ex..._....py")

    @cached_property
    def seed(self) -> str:
        """The seed of hidden quizzes; empty where there is none. Raises LessonError."""
        path = self.folder / SETTINGS
        return toml.load(path, Settings, str(path)).seed if path.exists() else ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that is hidden."""
        return digest(self._files(), self.folder)

    def takes(self, exercise: Exercise) -> list[Path]:
        """The hidden cassettes of an exercise, in the order of their names."""
        return sorted((self.folder / CASSETTES / exercise.name).glob("*.yaml"))

    def _files(self) -> list[Path]:
        """All files but those that Python and systems leave behind."""
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return [one for one in found if not any(part.startswith((".", "__pycache__")) for part in one.parts[-2:])]

    def _belongs(self, path: Path) -> bool:
        parts = path.relative_to(self.folder).parts
        known = {(SETTINGS,)} | {(CHECKS, one.checks_file) for one in self._lesson.exercise}
        of_takes = {(CASSETTES, one.name) for one in self._lesson.exercise}
        return parts in known or (parts[:-1] in of_takes and path.suffix == ".yaml")
