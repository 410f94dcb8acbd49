"""SHA-256 over files: what was graded, by which checks, against which cassettes."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.course.lessons import Course, Lesson
from grader.model import Hashes


def hashes(
    course: Course, name: str, lesson: Lesson, submission: Path, modules: Mapping[str, bytes] | None = None
) -> Hashes:
    """The hashes of a lesson's result. Files that do not exist count as absent, not as empty.

    `modules` are the exercises that come from a notebook: what counts of them, by a name.
    """
    folder, checks = course.folder(name), course.checks(name)
    decisive = [folder / "lesson.toml", folder / "quiz.toml", *checks.rglob("*.py")]
    takes = [take for exercise in lesson.exercise for take in course.takes(name, exercise.name)]
    return Hashes(
        submission=digest((submission / one.file for one in lesson.exercise), submission, modules or {}),
        checks=digest(decisive, course.root),
        cassettes=digest(takes, course.root),
    )


def digest(paths: Iterable[Path], base: Path, more: Mapping[str, bytes] | None = None) -> str:
    """One hash over the names (relative to `base`) and contents of the files that exist, and over `more`."""
    total = hashlib.sha256()
    files = [path for path in sorted(set(paths)) if path.is_file() and not path.is_symlink()]
    named = [(path.relative_to(base).as_posix(), path.read_bytes()) for path in files]
    for name, content in [*named, *sorted((more or {}).items())]:
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()
