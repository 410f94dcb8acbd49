"""A git repository as data: git's plumbing reads its commits, trees and files; nothing is ever checked out.

The repository may hold what a stranger wrote. No hook, pager, filter, merge or diff program and no transport runs:
what git's settings could name is overruled, the user's and the system's settings are not read at all.
"""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from grader import settings
from grader.batch.names import RefusedError
from grader.errors import GraderError

OVERRULED: Final = (
    "core.alternateRefsCommand=",
    f"core.attributesFile={os.devnull}",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "protocol.allow=never",
    "safe.directory=*",  # in a container the folder belongs to another user
)
SAFE: Final = ("--no-pager", "--no-replace-objects", "--literal-pathspecs")
ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
GONE: Final = "000000"
LINK: Final = "120000"
SUBMODULE: Final = "160000"
MOST_LISTED: Final = 16 << 20  # bytes of a list of files; a tree can be made to hold billions
MOST_SECONDS: Final = 120.0


class Change(msgspec.Struct, frozen=True):
    """A path that two trees do not have in common, and its mode in the second one (GONE: it is not there)."""

    path: bytes
    mode: str


class File(msgspec.Struct, frozen=True):
    """An entry of a tree. A file has a size in bytes; a link has that of its target, a submodule has 0."""

    path: bytes
    mode: str
    id: str
    size: int


class Blobs:
    """The contents of files, by their ids."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def read(self, file: File) -> bytes:
        """A file's bytes. Raises RefusedError where this clone does not have them."""
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            raise RefusedError("git does not answer")
        try:
            asked.write(f"{file.id}\n".encode())
            asked.flush()
            head = answers.readline().split()
        except OSError:
            head = []
        if head[1:2] != [b"blob"]:
            raise RefusedError("not in this clone of the repository")
        return answers.read(int(head[2]) + 1)[:-1]


class Repository:
    """A repository on this computer. Raises GraderError where there is none, or no git."""

    def __init__(self, place: Path) -> None:
        self.place = place
        git = shutil.which("git")
        if git is None:
            raise GraderError("git is not installed. Next: install it, then run this command again")
        settled = [word for setting in OVERRULED for word in ("-c", setting)]
        self._git = [git, "-C", str(place), *SAFE, *settled]
        if not place.is_dir() or self._asked("rev-parse", "--git-dir") is None:
            raise GraderError(f"{place}: this is no git repository. Next: name one with --repository")

    def commit(self, revision: str) -> str:
        """The id of the commit that is meant. Raises GraderError."""
        found = self.known(revision)
        if found is None:
            raise GraderError(
                f"There is no commit {revision!r} in {self.place}. "
                "Next: fetch it; a workflow's checkout needs  fetch-depth: 0"
            )
        return found

    def known(self, revision: str) -> str | None:
        """The id of a commit; None where the repository does not have it."""
        found = (
            self._asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") or b""
        )
        text = found.decode("ascii", "replace").strip()
        return text if ID.fullmatch(text) else None

    def fork_point(self, base: str, head: str) -> str:
        """The commit from which `head` began to differ; `base` itself, where the two have none in common."""
        found = (self._asked("merge-base", base, head) or b"").decode("ascii", "replace").split()
        return found[0] if found and ID.fullmatch(found[0]) else base

    def holds(self, revision: str, commit: str) -> bool:
        """Whether a commit is part of a revision's history."""
        return self._asked("merge-base", "--is-ancestor", commit, revision) is not None

    def changes(self, before: str, after: str) -> list[Change]:
        """The paths that differ. A file with a new name is one that is gone, and one that is new."""
        words = self._listed(
            "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", before, after, "--"
        )
        return [
            Change(path, head.split()[1].decode("ascii"))
            for head, path in zip(words[::2], words[1::2], strict=True)
        ]

    def files(self, commit: str) -> list[File]:
        """All entries of a commit's tree, also links and submodules."""
        found = []
        for line in self._listed("ls-tree", "-r", "-z", "--long", "--full-tree", commit, "--"):
            facts, _, path = line.partition(b"\t")
            mode, _, name, size = facts.decode("ascii").split()
            found.append(File(path, mode, name, int(size) if size.isdecimal() else 0))
        return found

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """Read files, as long as this lasts."""
        process = subprocess.Popen(  # noqa: S603 - git, by its full path
            [*self._git, "cat-file", "--batch"],
            env=settings.git_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            with process:
                yield Blobs(process)
        finally:
            process.kill()

    def _asked(self, *arguments: str) -> bytes | None:
        """What git answers; None for a no."""
        try:
            return self._output(arguments, stderr=None)
        except subprocess.CalledProcessError:
            return None

    def _listed(self, *arguments: str) -> list[bytes]:
        """The words of a list that end with a zero byte. Raises GraderError."""
        with tempfile.TemporaryFile() as said:
            try:
                return self._output(arguments, said).split(b"\0")[:-1]
            except subprocess.CalledProcessError:
                said.seek(0)
                words = " ".join(said.read(400).decode("utf-8", "replace").split())
                raise GraderError(f"{self.place}: git could not read it: {words}") from None

    def _output(self, arguments: tuple[str, ...], stderr: IO[bytes] | None) -> bytes:
        """Run git. Raises CalledProcessError; GraderError where it says too much, or takes too long."""
        process = subprocess.Popen(  # noqa: S603 - git, by its full path
            [*self._git, *arguments],
            env=settings.git_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr or subprocess.DEVNULL,
        )
        alarm = threading.Timer(MOST_SECONDS, process.kill)
        alarm.start()
        try:
            with process:
                said = process.stdout.read(MOST_LISTED + 1) if process.stdout else b""
                if len(said) > MOST_LISTED:
                    process.kill()
                    raise GraderError(
                        f"{self.place}: the list of its files is longer than {MOST_LISTED >> 20} MiB."
                    )
        finally:
            alarm.cancel()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, arguments[0])
        return said
