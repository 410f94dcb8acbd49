"""SHA-256 over files: what was graded, by which checks, against which cassettes; and whether these were edited."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from grader import messages
from grader.course import manifest
from grader.course.lessons import Course, Lesson
from grader.course.manifest import Change
from grader.errors import GraderError
from grader.model import Hashes


class LessonHashes:
    """The hashes of a lesson's checks and cassettes; they are read once for all submissions."""

    def __init__(self, course: Course, name: str, lesson: Lesson) -> None:
        self._course = course
        self._name = name
        self._lesson = lesson

    @cached_property
    def checks(self) -> str:
        """Over what lesson.toml says to students, quiz.toml and the checks: the same in a student edition."""
        folder, checks = self._course.folder(self._name), self._course.checks(self._name)
        lesson = {"lesson.toml": msgspec.json.encode(self._lesson.published())}
        return digest([folder / "quiz.toml", *checks.rglob("*.py")], self._course.root, lesson)

    @cached_property
    def cassettes(self) -> str:
        """Over the takes of all exercises."""
        exercises = self._lesson.exercise
        takes = [take for one in exercises for take in self._course.takes(self._name, one.name)]
        return digest(takes, self._course.root)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """A sentence where a student edition is not as it was published; none in a project without manifest."""
        try:
            published = manifest.of(self._course.root)
            changes = manifest.changes(self._course.root, published) if published else []
        except GraderError:
            changes = [Change(manifest.NAME, "changed")]
        found = [change.path for change in changes]
        if len(found) > 1:
            return (messages.SOME_NOT_AS_PUBLISHED.format(count=len(found), file=found[0]),)
        return tuple(messages.NOT_AS_PUBLISHED.format(file=path) for path in found)

    def of(self, submission: Path, modules: Mapping[str, bytes]) -> Hashes:
        """The hashes of a result. Files that do not exist count as absent, not as empty.

        `modules` are the exercises that come from a notebook: what counts of them, by a name.
        """
        files = (submission / one.file for one in self._lesson.exercise)
        return Hashes(submission=digest(files, submission, modules), checks=self.checks, cassettes=self.cassettes)


def digest(paths: Iterable[Path], base: Path, more: Mapping[str, bytes] | None = None) -> str:
    """One hash over the names (relative to `base`) and contents of the files that exist, and over `more`."""
    files = [path for path in sorted(set(paths)) if path.is_file() and not path.is_symlink()]
    named = [(path.relative_to(base).as_posix(), path.read_bytes()) for path in files]
    return digest_of([*named, *sorted((more or {}).items())])


def digest_of(contents: Iterable[tuple[str, bytes]]) -> str:
    """One hash over names and contents, in this order."""
    total = hashlib.sha256()
    for name, content in contents:
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()
