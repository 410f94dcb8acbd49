"""Submissions with known outcomes, from the project's own material: what must happen stands in its first lines."""

import io
import random
import re
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.course.lessons import Course
from grader.model import Result
from grader.student.attacks import cases
from tests.batch.made import ROOT, cells, tarred, zipped

COURSE = Course(ROOT)
LESSON = COURSE.lesson("lesson1")
POINTS = {one.name: one.points for one in LESSON.exercise}
SOLUTIONS = {name: (ROOT / "tests" / "solutions" / "lesson1" / f"{name}.py").read_bytes() for name in POINTS}
MISTAKES = sorted((ROOT / "tests" / "mistakes" / "lesson1").glob("*/*.py"))
FAILS = re.compile(r"\A# fails: (.+)")
SLOW = {"timeout", "memory", "output_limit"}  # verdicts that take seconds to come to
ATTACKS = [
    case
    for case in cases.cases(ROOT)
    if not (case.harmful or case.seconds or SLOW & set(case.verdicts) or (case.path.parent / "files").exists())
    and case.place == "file"
    and b"@" not in case.path.read_bytes()
    and case.holds_from <= 1
]


class Expected(NamedTuple):
    """What must become of one exercise: the points (or the most of them), and the verdicts that may be."""

    least: int
    most: int
    verdicts: set[str]
    fails: frozenset[str] | None = None  # the checks that lose their points, where they are told


FULL = {name: Expected(points, points, {"passed"}) for name, points in POINTS.items()}
ABSENT = Expected(0, 0, {"failed"})


class Made(NamedTuple):
    """A submission: files by path below its place, and what must become of each exercise; None: not graded."""

    files: dict[str, bytes]
    expected: dict[str, Expected] | None


def alone(name: str, source: bytes, expected: Expected) -> Made:
    """A submission with one exercise."""
    return Made({f"{name}.py": source}, dict.fromkeys(POINTS, ABSENT) | {name: expected})


def whole(_chance: random.Random) -> Made:
    """Everything solved."""
    return Made({f"{name}.py": source for name, source in SOLUTIONS.items()}, FULL)


def solution(chance: random.Random) -> Made:
    """One exercise solved."""
    name = chance.choice(sorted(POINTS))
    return alone(name, SOLUTIONS[name], FULL[name])


def stub(chance: random.Random) -> Made:
    """One exercise as it was given out."""
    name = chance.choice(sorted(POINTS))
    return alone(name, (COURSE.folder("lesson1") / f"{name}.py").read_bytes(), Expected(0, 0, {"not_started"}))


def mistake(chance: random.Random) -> Made:
    """A typical mistake, which loses the checks that it names."""
    path = chance.choice(MISTAKES)
    source = path.read_bytes()
    fails = frozenset(FAILS.match(source.decode())[1].strip().split(", "))
    name = path.parent.name
    return alone(name, source, Expected(0, POINTS[name] - 1, {"failed"}, fails))


def attack(chance: random.Random) -> Made:
    """An attack that does no harm, or its honest twin."""
    case = chance.choice(ATTACKS)
    most = POINTS[case.exercise] if case.points is None else case.points
    least = most if case.is_twin else 0
    return alone(case.exercise, case.path.read_bytes(), Expected(least, most, {str(one) for one in case.verdicts}))


def notebook(chance: random.Random) -> Made:
    """An answer as the cell of a notebook: the same outcome as that of the file."""
    made = chance.choice((solution, stub))(chance)
    ((file, source),) = made.files.items()
    short = file.partition("_")[0]
    return Made({"lesson1.ipynb": cells(f"# {short}\n{source.decode()}")}, made.expected)


def zip_archive(chance: random.Random) -> Made:
    """An answer in a zip."""
    made = chance.choice((solution, mistake, stub))(chance)
    return Made({".zip": zipped({f"hw/{name}": text for name, text in made.files.items()})}, made.expected)


def tar_archive(chance: random.Random) -> Made:
    """An answer in a tar, with a link in it."""
    made = chance.choice((solution, mistake))(chance)
    link = tarfile.TarInfo("hw/ex99_link.py")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return Made({".tar.gz": tarred({f"hw/{name}": text for name, text in made.files.items()} | {link: None})},
                made.expected)  # fmt: skip


def broken(chance: random.Random) -> Made:
    """An archive that cannot be read, or that holds nothing which may be."""
    whole = zipped({f"{name}.py": source for name, source in SOLUTIONS.items()})
    stream = io.BytesIO(whole)
    contents = (
        b"",
        b"PK\x03\x04" + chance.randbytes(200),
        stream.getvalue()[: chance.randrange(30, len(whole) // 2)],
        zipped({"../../ex03_hello.py": SOLUTIONS["ex03_hello"]}),
        zipped({"conftest.py": b"import os\nos._exit(0)\n"}),
    )
    return Made({".zip": chance.choice(contents)}, None)


KINDS: dict[Callable[[random.Random], Made], int] = {
    whole: 2,
    solution: 20,
    stub: 10,
    mistake: 30,
    attack: 15,
    notebook: 8,
    zip_archive: 7,
    tar_archive: 3,
    broken: 5,
}


def generate(folder: Path, count: int, seed: int) -> dict[str, Made]:
    """Write so many submissions; what was made, by student."""
    chance = random.Random(seed)  # noqa: S311 - a choice of material
    found = {}
    for number in range(count):
        kind = list(KINDS)[number] if number < len(KINDS) else chance.choices(list(KINDS), KINDS.values())[0]
        student = f"{kind.__name__.replace('_', '-')}-{number:04}"
        found[student] = made = kind(chance)
        for name, content in made.files.items():
            path = folder / f"{student}{name}" if name.startswith(".") else folder / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return found


def problems(student: str, expected: dict[str, Expected] | None, report: str | None) -> list[str]:
    """What differs from what was expected of a student's report (its JSON; None: nothing was graded)."""
    if expected is None or report is None:
        return [] if (expected is None) == (report is None) else [f"{student}: graded: {report is not None}"]
    found = []
    for one in msgspec.convert(msgspec.json.decode(report)["result"], Result).exercises:
        want = expected[one.name]
        if not want.least <= one.score <= want.most or one.verdict not in want.verdicts:
            found.append(f"{student} {one.name}: {one.verdict}, {one.score} points; expected {want}")
        ids = [check.id for check in one.checks if check.points < check.max_points]
        lost = {id_ if want.fails and id_ in want.fails else id_.partition("[")[0] for id_ in ids}
        if want.fails is not None and lost != want.fails:
            found.append(f"{student} {one.name}: {sorted(lost)} lost their points; expected {sorted(want.fails)}")
    return found
