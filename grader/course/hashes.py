"""SHA-256 over files: what was graded, by which checks, against which cassettes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from grader.course.lessons import Course, Lesson
from grader.model import Hashes


def hashes(course: Course, name: str, lesson: Lesson, submission: Path) -> Hashes:
    """The hashes of a lesson's result. Files that do not exist count as absent, not as empty."""
    folder, checks = course.folder(name), course.checks(name)
    decisive = [folder / "lesson.toml", folder / "quiz.toml", *checks.rglob("*.py")]
    takes = [take for exercise in lesson.exercise for take in course.takes(name, exercise.name)]
    return Hashes(
        submission=digest((submission / exercise.file for exercise in lesson.exercise), submission),
        checks=digest(decisive, course.root),
        cassettes=digest(takes, course.root),
    )


def digest(paths: Iterable[Path], base: Path) -> str:
    """One hash over the names (relative to `base`) and contents of the files that exist."""
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file() and not path.is_symlink():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(base).as_posix()}\0{content}\n".encode())
    return total.hexdigest()
