"""The files of tests/attacks/: a folder a class, with attacks, and a twin that looks alike and is honest."""

import importlib.util
import os
import py_compile
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from grader.cell import isolation
from grader.errors import GraderError
from grader.model import Verdict

HEADER: Final = re.compile(r"# (\w+): (.+)")
KEYS: Final = {"exercise", "verdict", "points", "from", "harmful", "seconds", "place"}
TOKEN: Final = re.compile(rb"@([A-Z]+)@")
TWIN: Final = "twin.py"


class Case(msgspec.Struct, frozen=True):
    """An attack or a twin: where it stands, and what must become of it.

    `points` is None for all of the exercise's. From tier `holds_from` on the outcome is promised; an attack that
    would do harm where it is not held off (`harmful`) is left out below that tier. With `seconds` each call may
    last so long only. `place` says how its file gets into the submission, where that is part of the attack.
    """

    number: str
    name: str
    path: Path
    exercise: str
    verdicts: tuple[Verdict, ...]
    points: int | None
    holds_from: int
    harmful: bool
    seconds: float
    place: str

    @property
    def is_twin(self) -> bool:
        """Whether it is honest."""
        return self.path.name == TWIN

    @property
    def group(self) -> str:
        """The class, as `12 equals everything`."""
        return self.path.parent.name.replace("_", " ")


def cases(root: Path) -> list[Case]:
    """All attacks and twins, in the order of their numbers. Raises GraderError."""
    folder = root / "tests" / "attacks"
    found = [read(path) for path in sorted(folder.glob("[0-9]*/*.py"))]
    if not found:
        raise GraderError(
            f"There are no attacks in {folder}.\nNext: run this in a checkout of the whole project; "
            "the student edition has none."
        )
    return found


def read(path: Path) -> Case:
    """A case from the comments at the top of its file. Raises GraderError."""
    told = dict(header(path))
    where = f"{path.parent.name}/{path.name}"
    unknown = set(told) - KEYS
    if unknown or "exercise" not in told:
        raise GraderError(f"tests/attacks/{where}: its first lines need `# exercise: ...`, and not {unknown}.")
    twin = path.name == TWIN
    return Case(
        number=path.parent.name.partition("_")[0],
        name=where.removesuffix(".py"),
        path=path,
        exercise=told["exercise"],
        verdicts=tuple(Verdict(each) for each in told.get("verdict", "passed" if twin else "failed").split(", ")),
        points=None if twin else int(told.get("points", "0")),
        holds_from=int(told.get("from", isolation.PROCESS)),
        harmful="harmful" in told,
        seconds=float(told.get("seconds", "0")),
        place=told.get("place", "file"),
    )


def header(path: Path) -> Iterator[tuple[str, str]]:
    """The keys and values of the comments at the top of a file."""
    with path.open("rb") as file:
        for line in file:
            match = HEADER.fullmatch(line.decode("ascii", "replace").strip())
            if not match:
                return
            yield match[1], match[2]


def submit(case: Case, folder: Path, names: Mapping[str, str]) -> None:
    """Write a case's submission; `@NAME@` in a file becomes what `names` says, as an attacker would know it."""
    folder.mkdir()
    beside = case.path.parent / "files"
    if beside.is_dir():
        shutil.copytree(beside, folder, dirs_exist_ok=True)
        for path in folder.rglob("*"):
            if path.is_file():
                path.write_bytes(filled(path.read_bytes(), names))
    PLACES[case.place](folder / f"{case.exercise}.py", filled(case.path.read_bytes(), names))


def filled(content: bytes, names: Mapping[str, str]) -> bytes:
    """A file with names in the place of their tokens."""
    return TOKEN.sub(lambda match: names.get(match[1].decode(), match[0].decode()).encode(), content)


def link(path: Path, content: bytes) -> None:
    """A symbolic link to a right answer that lies outside the submission."""
    answer = path.parent.with_name(f"{path.parent.name}-answer")
    answer.write_bytes(content)
    path.symlink_to(answer)


def pipe(path: Path, _content: bytes) -> None:
    """A named pipe, which blocks whoever opens it carelessly."""
    os.mkfifo(path)


def folder_in_its_place(path: Path, content: bytes) -> None:
    """A folder of the file's name."""
    path.mkdir()
    (path / path.name).write_bytes(content)


def bytecode(path: Path, content: bytes) -> None:
    """A wrong source with the bytecode of the right one beside it, marked as not to be checked."""
    right = path.with_name("right.py")
    right.write_bytes(content)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compiled = importlib.util.cache_from_source(str(path))
    py_compile.compile(str(right), compiled, invalidation_mode=unchecked)
    right.unlink()
    path.write_text("def hello(client):\n    return 'the source'\n", "ascii")


def huge(path: Path, content: bytes) -> None:
    """A file of many megabytes."""
    path.write_bytes(content + b"#" * (50 << 20))


def deep(path: Path, content: bytes) -> None:
    """A file that nests more brackets than any parser likes."""
    path.write_bytes(content + b"\nX = " + b"(" * 100_000 + b")" * 100_000 + b"\n")


def signs(path: Path, content: bytes) -> None:
    """A file with more signs before a number than a syntax tree's depth bears."""
    path.write_bytes(content + b"\nX = " + b"-" * 100_000 + b"1\n")


def calls(path: Path, content: bytes) -> None:
    """A file whose syntax tree needs a thousand times its size."""
    path.write_bytes(content + b"\nX = [" + b"a," * 100_000 + b"]\n")


def chain(path: Path, content: bytes) -> None:
    """A file with a sum of very many parts."""
    path.write_bytes(content + b"\nX = 1" + b"+1" * 100_000 + b"\n")


def wide(path: Path, content: bytes) -> None:
    """A file that compiles, and whose syntax tree takes hundreds of times as much."""
    path.write_bytes(content + b"\n\ndef unused():\n    return [" + b"a," * 250_000 + b"]\n")


def tall(path: Path, content: bytes) -> None:
    """A file that compiles, and whose syntax tree is deeper than Python's own limit."""
    path.write_bytes(content + b"\n\ndef unused():\n    return 1" + b" + x" * 1_500 + b"\n")


def spaces(path: Path, content: bytes) -> None:
    """A line with very many spaces, for patterns that try each of them."""
    path.write_bytes(content.replace(b"@SPACES@", b" " * 900_000))


def keys(path: Path, content: bytes) -> None:
    """Very many keys that look real."""
    made = b"".join(b"# sk-proj-%032d\n" % number for number in range(10_000))
    path.write_bytes(content + made + b"def hello(client):\n    print('sk-proj-0' * 100_000)\n")


def surrogates(path: Path, content: bytes) -> None:
    """Bytes that are not UTF-8."""
    path.write_bytes(content + b"# \xff\xfe\xed\xa0\x80\n")


def null(path: Path, content: bytes) -> None:
    """A file with a null byte."""
    path.write_bytes(content + b"# \0\n")


def windows(path: Path, content: bytes) -> None:
    """A file as an editor on Windows saves it: a byte order mark, and two characters at each line's end."""
    path.write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))


def odd_names(path: Path, content: bytes) -> None:
    """Files beside it whose names attack who prints them."""
    path.write_bytes(content)
    for name in ("a\n::error::forged.py", "\x1b[2Jclear.py", "\u202eyp.exe.py", "=HYPERLINK(1).py", "<b>&.py"):
        path.with_name(name).write_bytes(b"raise SystemExit")


def unreadable(path: Path, content: bytes) -> None:
    """Folders and files beside it that nobody may enter or change."""
    path.write_bytes(content)
    for name in ("results.json", "report.json"):
        path.with_name(name).write_bytes(b'{"score": 100}')
        path.with_name(name).chmod(0)
    path.with_name("__pycache__").mkdir(mode=0)


PLACES: Final[dict[str, Callable[[Path, bytes], object]]] = {
    "file": Path.write_bytes,
    "link": link,
    "pipe": pipe,
    "folder": folder_in_its_place,
    "bytecode": bytecode,
    "huge": huge,
    "deep": deep,
    "signs": signs,
    "calls": calls,
    "chain": chain,
    "wide": wide,
    "tall": tall,
    "spaces": spaces,
    "keys": keys,
    "not utf-8": surrogates,
    "null": null,
    "windows": windows,
    "odd names": odd_names,
    "unreadable": unreadable,
}
