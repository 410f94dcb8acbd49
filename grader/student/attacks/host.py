"""What attacks aim at, in a temporary folder: a project, a neighbour's answer, keys. None of it may be touched."""

import hashlib
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

PROJECT: Final = ("assignments", "cassettes", "conftest.py", "pyproject.toml")
LONG_AGO: Final = 10**9  # seconds; a file read since then has a later date
SHARED: Final = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))  # noqa: S108 - where attacks leave marks


class Host:
    """The planted folder. `canary` is a secret that no output may hold."""

    def __init__(self, root: Path, top: Path, canary: str) -> None:
        self.top = top
        self.project = top / "project"
        self.submissions = top / "submissions"
        self.mark = f"attacked-{secrets.token_hex(8)}"
        self.key = f"sk-proj-{secrets.token_hex(16)}"  # one that a student forgot in a file
        for name in PROJECT:
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy
            copy(root / name, self._made(self.project / name))
        shutil.copytree(root / "tests" / "solutions", self.project / "tests" / "solutions")
        self.canaries = [
            self._planted("project/.env", f"OPENAI_API_KEY={canary}\n"),
            self._planted("home/.env", f"OPENAI_API_KEY={canary}\n"),
            self._planted("home/.netrc", f"machine example.com password {canary}\n"),
            self._planted("submissions/neighbour/ex03_hello.py", f"def hello(client):\n    return {canary!r}\n"),
            self._planted("project/tests/solutions/canary.txt", canary),
        ]
        (top / "open").mkdir(mode=0o777)
        self._dates_count = self._counts_dates()
        self._before = self._hashes()
        self._forget_reading()
        self._doors = list(self._opened())

    @property
    def names(self) -> dict[str, str]:
        """What an attacker is told: more than a real one knows."""
        names = {"PROJECT": self.project, "HOME": self.top / "home", "OPEN": self.top / "open"}
        names |= {"NEIGHBOUR": self.submissions / "neighbour", "UNIX": self.top / "door"}
        told = {name: str(path) for name, path in names.items()}
        port = str(self._doors[0].getsockname()[1])
        return told | {"JUDGE": str(os.getpid()), "MARK": self.mark, "PORT": port, "KEY": self.key}

    def changes(self) -> Iterator[str]:
        """What was done to the host since it was last asked; nothing where the isolation holds."""
        if self._dates_count:
            yield from (f"read {self._shown(path)}" for path in self.canaries if path.stat().st_atime > LONG_AGO)
        now = self._hashes()
        different = {path for path in now.keys() | self._before.keys() if now.get(path) != self._before.get(path)}
        yield from (f"changed {self._shown(path)}" for path in sorted(different))
        yield from (f"left {path}" for folder in SHARED for path in folder.glob(f"{self.mark}*"))
        yield from self._visits()
        self._before = now
        self._forget_reading()

    def close(self) -> None:
        """Close the doors."""
        for door in self._doors:
            door.close()

    def _planted(self, name: str, text: str) -> Path:
        path = self._made(self.top / name)
        path.write_text(text, "ascii")
        return path

    def _made(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _hashes(self) -> dict[Path, str]:
        """The content of each planted file, and of the folder that anybody may write to."""
        folders = (self.project, self.top / "home", self.submissions / "neighbour", self.top / "open")
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def _forget_reading(self) -> None:
        for path in self.canaries:
            if path.exists():
                os.utime(path, (LONG_AGO, path.stat().st_mtime))

    def _counts_dates(self) -> bool:
        """Whether this file system notes that a file was read."""
        probe = self.top / "probe"
        probe.write_text("?", "ascii")
        os.utime(probe, (LONG_AGO, LONG_AGO + 1))
        probe.read_bytes()
        return probe.stat().st_atime > LONG_AGO

    def _opened(self) -> Iterator[socket.socket]:
        """Doors that answer whoever leaves the cell: a port, and a socket file."""
        for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, str(self.top / "door"))):
            door = socket.socket(family)
            door.bind(address)
            door.listen()
            door.settimeout(0)
            yield door

    def _visits(self) -> Iterator[str]:
        for door in self._doors:
            while True:
                try:
                    door.accept()[0].close()
                except BlockingIOError:
                    break
                yield f"connected to {door.getsockname()}"

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
