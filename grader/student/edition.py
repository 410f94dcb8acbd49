"""A student edition as a whole: read from a folder or a zip, written anew, or brought into a folder with answers.

Nothing that a student wrote is ever lost: what an update changes or takes away is copied beside its place first.
"""

import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from grader.course import manifest
from grader.course.manifest import COPY, NAME, Manifest, original, sha256
from grader.course.merging import merge
from grader.errors import GraderError
from grader.reports import files

UNREADABLE = (OSError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)  # also an encrypted zip
INSTALLED = frozenset(["pyproject.toml", ".ci/constraints.txt"])  # a change asks for a new install

What = Literal["new", "renewed", "removed", "yours", "merged", "conflict", "reset"]


class Step(msgspec.Struct, frozen=True):
    """What became of a file. `copy` holds what was there before, if that is not to be had elsewhere."""

    path: str
    what: What
    copy: str = ""
    lines: tuple[int, ...] = ()


class Edition(msgspec.Struct, frozen=True):
    """A manifest, and the content of all files that it lists."""

    manifest: Manifest
    content: Mapping[str, bytes]

    def originals(self) -> dict[str, bytes]:
        """What students fill in, where it is kept as it was published."""
        return {original(path): self.content[path] for path in self.manifest.yours}

    def write(self, folder: Path) -> None:
        """Make the folder: all of it, or nothing. Raises GraderError."""
        temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
        try:
            for path, content in (
                *self.content.items(),
                *self.originals().items(),
                (NAME, self.manifest.content()),
            ):
                (temporary / path).parent.mkdir(parents=True, exist_ok=True)
                (temporary / path).write_bytes(content)
            if folder.is_dir():
                folder.rmdir()  # it is empty; on Windows nothing can be renamed onto it
            temporary.rename(folder)
        except OSError as error:
            raise GraderError(f"{folder}: it could not be written: {error.strerror}.") from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def read(path: Path) -> Edition:
    """The edition in a folder or a zip, or in the one folder in it. Raises GraderError."""
    try:
        top: Path | zipfile.Path = zipfile.Path(path) if path.is_file() else path
        tops = [one for one in (top, *top.iterdir()) if (one / NAME).is_file()]
    except FileNotFoundError:
        raise GraderError(
            f"{path}: there is no such file or folder. Next: name the folder or zip of your course's files"
        ) from None
    except UNREADABLE as error:
        raise GraderError(f"{path}: it cannot be read: {error}. Next: get it again") from None
    if not tops:
        raise GraderError(
            f"{path}: there is no edition in it. Next: name the folder or zip of your course's files"
        )
    try:
        found = manifest.decoded((tops[0] / NAME).read_bytes())
        content = {name: (tops[0] / name).read_bytes() for name in found.published}
    except UNREADABLE as error:
        raise GraderError(f"{path}: a file of it cannot be read: {error}. Next: get it again") from None
    changed = [name for name, hash_ in found.published.items() if sha256(content[name]) != hash_]
    if changed:
        raise GraderError(f"{path}: {changed[0]} in it is not as it was published. Next: get it again")
    return Edition(found, content)


def update(folder: Path, edition: Edition) -> list[Step]:
    """Bring an edition into the folder of an older one; what students filled in stays. Raises GraderError.

    The manifest comes last: an update that was interrupted is simply done again.
    """
    old = manifest.of(folder)
    if old is None:
        raise GraderError(
            f"{folder}: it is no student edition. Next: go to the folder of your course, with {NAME}"
        )
    paths = sorted({*old.published, *edition.content})
    odd = [path for path in paths if (folder / path).is_symlink() or (folder / path).is_dir()]
    if odd:
        raise GraderError(f"{folder / odd[0]}: it is not an ordinary file. Next: rename it, and update again")
    updating = _Updating(folder, old, edition)
    steps = [step for path in paths for step in updating.step(path)]
    stale = [original(path) for path in old.yours.keys() - edition.manifest.yours.keys()]
    for path in stale:
        _remove(folder, path)
    for path, content in (*edition.originals().items(), (NAME, edition.manifest.content())):
        _write(folder, path, content)
    return steps


class _Updating:
    """An update of one folder."""

    def __init__(self, folder: Path, old: Manifest, edition: Edition) -> None:
        self._folder = folder
        self._old = old
        self._edition = edition

    def step(self, path: str) -> Iterator[Step]:
        """Bring one file up to date; nothing where it is so already."""
        mine, new = _content(self._folder / path), self._edition.content.get(path)
        untouched = mine is not None and self._old.published.get(path) in (sha256(mine), sha256(_plain(mine)))
        if mine == new:
            return
        if mine is None and new is not None:
            _write(self._folder, path, new)
            yield Step(path, "new")
        elif untouched and new is not None:
            _write(self._folder, path, new)
            yield Step(path, "renewed")
        elif untouched:
            _remove(self._folder, path)
            yield Step(path, "removed")
        elif mine is not None:
            yield self._yours(path, mine, new) if self._is_yours(path) else self._reset(path, mine, new)

    def _is_yours(self, path: str) -> bool:
        return path in (self._old.yours if path not in self._edition.content else self._edition.manifest.yours)

    def _reset(self, path: str, mine: bytes, new: bytes | None) -> Step:
        """The course's file takes the place of what the student made of it."""
        copy = _copied(self._folder, path, mine)
        if new is None:
            _remove(self._folder, path)
        else:
            _write(self._folder, path, new)
        return Step(path, "reset", copy)

    def _yours(self, path: str, mine: bytes, new: bytes | None) -> Step:
        """What the student wrote stays; where the course changed the file, both are merged."""
        if new is None or self._old.yours.get(path) == sha256(new):
            return Step(path, "yours")
        merged = merge(self._original(path), _plain(mine), new)
        content = merged.content.replace(b"\n", b"\r\n") if b"\r\n" in mine else merged.content
        if content == mine:
            return Step(path, "conflict" if merged.conflicts else "yours", lines=merged.conflicts)
        copy = _copied(self._folder, path, mine)
        _write(self._folder, path, content)
        return Step(path, "conflict" if merged.conflicts else "merged", copy, merged.conflicts)

    def _original(self, path: str) -> bytes:
        """The file as the student got it; empty where that is not known, so that all of the student's stays."""
        content = _content(self._folder / original(path)) or b""
        known = (
            self._old.yours.get(path),
            self._edition.manifest.yours.get(path),
        )  # the latter: it was interrupted
        return content if sha256(content) in known else b""


def told(steps: list[Step]) -> Iterator[str]:
    """What an update did, for a terminal: a line for each file of the student's, and one about all others."""
    for step in steps:
        copy = f" What you had: {step.copy}" if step.copy else ""
        match step.what:
            case "merged":
                yield f"{step.path}: the course changed it; your code is still in it.{copy}"
            case "conflict":
                first, *others = step.lines
                more = f" Also at {', '.join(map(str, others))}." if others else ""
                yield f"{step.path}:{first}: you and the course changed the same lines. Yours stay.{more}{copy}"
                yield f"  Next: compare it with {original(step.path)}"
            case "reset":
                yield f"{step.path}: it is as your course published it.{copy}"
    counts = {what: sum(step.what == what for step in steps) for what in ("new", "renewed", "removed", "yours")}
    yield "{new} new, {renewed} changed, {removed} removed; {yours} of yours stay as they are".format(**counts)
    if any(step.path in INSTALLED for step in steps):
        yield "Next: run the first command of README.md again; it installs what is new"


def _plain(content: bytes) -> bytes:
    """The content with line ends as they were published: some editors write others."""
    return content.replace(b"\r\n", b"\n")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _copied(folder: Path, path: str, content: bytes) -> str:
    """Copy what is there beside its place, under a name that is free. The copy's path."""
    number = 1
    while True:
        copy = f"{path}{COPY}" if number == 1 else f"{path}{COPY}-{number}"
        there = _content(folder / copy)
        if there is None:
            _write(folder, copy, content)
        if there in (None, content):
            return copy
        number += 1


def _write(folder: Path, path: str, content: bytes) -> None:
    if _content(folder / path) != content:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        files.write(folder / path, content)


def _remove(folder: Path, path: str) -> None:
    """Delete a file, and the folders that are empty then."""
    (folder / path).unlink(missing_ok=True)
    for parent in Path(path).parents:
        if parent == Path() or not (folder / parent).is_dir() or any((folder / parent).iterdir()):
            return
        (folder / parent).rmdir()
