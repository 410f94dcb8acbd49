"""The manifest of a student edition: what was published, by which anybody notices what was changed since.

It is a notice, and no lock: who owns the files can rewrite the manifest, too. `grader ci` takes that of the base
branch, and what decides a grade is never read from a student's copy.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from grader.errors import GraderError

SCHEMA_VERSION: Final = 1
NAME: Final = ".grader/manifest.json"
COUNTS: Final = frozenset([".py", ".yaml", ".yml", ".toml", ".po", ".j2"])  # of files that were added
COPY: Final = ".before-update"

# Relative, with forward slashes, below the edition's folder on every system.
Shown = Annotated[str, Meta(pattern=r"^(?:(?!\.\.?/)[^/\\:\x00-\x1f]+/)*(?!\.\.?$)[^/\\:\x00-\x1f]+$(?!\n)")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The SHA-256 of each file, by its path. `yours` are those that students fill in; `files` are all others."""

    schema_version: int = SCHEMA_VERSION
    lessons: tuple[str, ...]
    files: dict[Shown, Sha256]
    yours: dict[Shown, Sha256]

    @property
    def edition(self) -> str:
        """A short name of what was published: the same files have the same name."""
        return sha256(msgspec.json.encode(self, order="deterministic"))[:8]

    @property
    def published(self) -> dict[str, str]:
        """All files."""
        return self.files | self.yours

    def content(self) -> bytes:
        """The manifest's file."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1) + b"\n"


class Change(msgspec.Struct, frozen=True, order=True):
    """A file that is not as it was published."""

    path: str
    what: Literal["changed", "missing", "added"]


def made(lessons: Sequence[str], fixed: Mapping[str, bytes], yours: Mapping[str, bytes]) -> Manifest:
    """The manifest of these files."""
    hashes = [{path: sha256(content) for path, content in sorted(files.items())} for files in (fixed, yours)]
    return Manifest(lessons=tuple(lessons), files=hashes[0], yours=hashes[1])


def of(root: Path) -> Manifest | None:
    """The manifest of the edition at `root`; None where there is none. Raises GraderError for a broken one."""
    try:
        content = (root / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return decoded(content)


def decoded(content: bytes) -> Manifest:
    """The manifest in these bytes. Raises GraderError."""
    try:
        version = msgspec.json.decode(content, type=dict[str, object]).get("schema_version")
        if version == SCHEMA_VERSION:
            return msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise GraderError(f"{NAME}: it is damaged: {error}. Next: get your course's files again") from None
    raise GraderError(
        f"{NAME}: version {version!r} is not known to this grader. Next: get your course's files again"
    )


def changes(root: Path, manifest: Manifest) -> list[Change]:
    """What differs below `root` from what was published: lessons, checks, cassettes, the grader; not the stubs.

    Files that were added count among checks, cassettes and the grader only: the rest is the student's.
    """
    found = [
        Change(path, what) for path, hash_ in manifest.files.items() if (what := _differs(root / path, hash_))
    ]
    return sorted([*found, *(Change(path, "added") for path in _present(root, manifest) - set(manifest.files))])


def require_project(root: Path) -> None:
    """Raise GraderError in a student edition: what authors prove with is not in it."""
    if (root / NAME).exists():
        raise GraderError(
            "This is a student edition, without solutions. Next: run this in the course's own project"
        )


def original(path: str) -> str:
    """Where a file that students fill in is kept as it was published; nobody takes this name for an answer."""
    return f".grader/originals/{path}.txt"


def sha256(content: bytes) -> str:
    """The hash of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _differs(path: Path, hash_: str) -> Literal["changed", "missing", ""]:
    try:
        return "changed" if path.is_symlink() or sha256(path.read_bytes()) != hash_ else ""
    except OSError:
        return "missing"


def _present(root: Path, manifest: Manifest) -> set[str]:
    checks = (f"assignments/{lesson}/checks" for lesson in manifest.lessons)
    return {path for folder in ("cassettes", "grader", *checks) for path in _files(root, folder)}


def _files(root: Path, folder: str) -> Iterator[str]:
    for path in (root / folder).rglob("*"):
        if path.suffix in COUNTS and path.is_file():
            yield path.relative_to(root).as_posix()
