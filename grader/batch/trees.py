"""Files below a folder or in an archive, listed and not yet read."""

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from grader.batch import names
from grader.batch.names import NotAFileError, Refused, RefusedError, TooLongError
from grader.course import plain

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """What is still read: files in one place, bytes of an archive, of its list of files, of what it unpacks to.

    `seconds` is the time for unpacking one archive.
    """

    members: int = 50_000
    size: int = 128 * MIB
    listing: int = 8 * MIB
    unpacked: int = 1024 * MIB
    seconds: float = 60.0


OF_A_STUDENT = Limits()
OF_A_CLASS = Limits(500_000, 1 << 40, 64 * MIB, 64 << 30, 3600.0)  # the mentor's own download


class Member(msgspec.Struct, frozen=True):
    """An ordinary file: the names on its path, when it was changed (seconds since 1970, 0.0: unknown), its bytes.

    `read(most)` gives at most `most` bytes. It raises RefusedError where there are more, or it cannot be read.
    """

    path: tuple[str, ...]
    when: float
    read: Callable[[int], bytes]

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path[-1]


class Tree(msgspec.Struct, frozen=True):
    """Files, what was refused among them, and the paths of all folders that are told of: some hold nothing."""

    members: tuple[Member, ...]
    refused: tuple[Refused, ...] = ()
    places: tuple[tuple[str, ...], ...] = ()

    def tops(self) -> list[str]:
        """The names at the top, in order, also of what was refused, and of empty folders."""
        paths = [*(one.path for one in self.members), *(one.path for one in self.refused), *self.places]
        return sorted({path[0] for path in paths if path})

    def by_top(self) -> dict[str, "Tree"]:
        """What is in each folder at the top; a file there is a tree of its own."""
        members: dict[str, list[Member]] = {top: [] for top in self.tops()}
        refused: dict[str, list[Refused]] = {top: [] for top in members}
        places: dict[str, list[tuple[str, ...]]] = {top: [] for top in members}
        for member in self.members:
            members[member.path[0]].append(msgspec.structs.replace(member, path=member.path[1:] or member.path))
        for one in self.refused:
            if one.path:
                refused[one.path[0]].append(msgspec.structs.replace(one, path=one.path[1:] or one.path))
        for path in self.places:
            places[path[0]] += [path[1:]] if path[1:] else []
        return {top: Tree(tuple(members[top]), tuple(refused[top]), tuple(places[top])) for top in members}

    def folders(self) -> set[str]:
        """The folders at the top."""
        paths = [*(one.path for one in self.members), *(one.path for one in self.refused)]
        within = {path[0] for path in paths if len(path) > 1 and path[0] != ".."}
        return within | {path[0] for path in self.places}

    def newest(self) -> float:
        """When the last of the files was changed."""
        return max((member.when for member in self.members), default=0.0)


def folder(root: Path, limits: Limits, without: tuple[str, ...] = ()) -> Tree:
    """The files below a folder. Links are not followed; each folder at its top may hold so many files.

    `without` is the path of a folder in it that is left out.
    """
    walk = _Walk(limits, without)
    pending: list[tuple[str | Path, tuple[str, ...]]] = [(root, ())]
    while pending:
        place, above = pending.pop()
        try:
            with os.scandir(place) as entries:
                pending += [each for entry in entries if (each := walk.entry(entry, above))]
        except OSError:
            walk.refused.append(Refused(above, "a folder that may not be read"))
    ordered = sorted(walk.members, key=lambda member: member.path)
    return Tree(tuple(ordered), tuple(sorted(walk.refused, key=lambda one: one.path)), tuple(sorted(walk.places)))


class _Walk:
    def __init__(self, limits: Limits, without: tuple[str, ...]) -> None:
        self.members: list[Member] = []
        self.refused: list[Refused] = []
        self.places: list[tuple[str, ...]] = []
        self._counts: Counter[str] = Counter()
        self._limits = limits
        self._without = without

    def entry(self, entry: os.DirEntry[str], above: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
        """Note a file; a folder is given back, to be looked into."""
        path = (*above, *(names.split(entry.name) or ("?",)))  # a name of backslashes only
        if names.is_junk(path) or path == self._without or self._counts[path[0]] > self._limits.members:
            return None
        self._counts[path[0]] += 1
        try:
            self._look(entry, path, above)
        except RefusedError as error:
            self.refused.append(error.of(path))
            return None
        if entry.is_dir(follow_symlinks=False):
            if path != self._without[: len(path)]:  # what holds it is nobody's folder for that
                self.places.append(path)
            return entry.path, path
        when = entry.stat(follow_symlinks=False).st_mtime
        self.members.append(Member(path, when, partial(from_disk, entry.path)))
        return None

    def _look(self, entry: os.DirEntry[str], path: tuple[str, ...], above: tuple[str, ...]) -> None:
        if self._counts[path[0]] > self._limits.members:
            raise RefusedError(f"more than {self._limits.members:,} files")
        if len(path) > names.MOST_DEEP or not names.PLAIN.fullmatch(entry.name):
            names.parts("/".join((*above, entry.name)))
        if entry.is_symlink():
            raise NotAFileError("a link")
        if not (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)):
            raise NotAFileError("a pipe, a socket or a device")


def from_disk(path: str | Path, most: int) -> bytes:
    """An ordinary file's bytes. Raises RefusedError."""
    try:
        content = plain.read(path, most)
    except (plain.NotPlainError, OSError):
        raise NotAFileError("a link, or a file that may not be read") from None
    return not_more(content, most)


def not_more(content: bytes, most: int) -> bytes:
    """The content. Raises RefusedError where it is longer."""
    if len(content) > most:
        raise TooLongError(f"larger than {most // MIB} MiB")
    return content
