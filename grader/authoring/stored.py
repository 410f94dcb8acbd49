"""The answers that an author stores for a lesson: solutions, variants, and mistakes with what they must lose."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

from grader.course.lessons import Exercise
from grader.errors import LessonError
from grader.replay import cassettes

FAILS = re.compile(r"^# fails: (?P<checks>.+)$", re.MULTILINE)
NEEDS_CELL = re.compile(r"^# needs: cell$", re.MULTILINE)
USES = re.compile(r"^# uses: (?P<libraries>.+)$", re.MULTILINE)
SAYS = re.compile(r"^# says: (?P<text>.+)$", re.MULTILINE)


class Expected(msgspec.Struct, frozen=True):
    """The checks that a mistake must lose, and parts of what they say: each check one of them.

    Some need a `cell`: they end or overload their process, which --in-process could not survive.
    """

    fails: tuple[str, ...]
    says: tuple[str, ...]
    cell: bool


class Stored:
    """Where the answers of one lesson are."""

    def __init__(self, root: Path, lesson: str) -> None:
        self._tests = root / "tests"
        self._lesson = lesson
        self.solutions = self._tests / "solutions" / lesson

    def solution(self, exercise: Exercise) -> Path:
        """The reference solution."""
        return self.solutions / exercise.file

    def variants(self, exercise: Exercise) -> list[Path]:
        """Other right answers."""
        return self._answers("variants", exercise)

    def mistakes(self, exercise: Exercise) -> list[Path]:
        """Typical wrong answers."""
        return self._answers("mistakes", exercise)

    def answers(self) -> list[Path]:
        """All of them, whichever exercise they belong to."""
        folders = [self._tests / kind / self._lesson for kind in ("solutions", "variants", "mistakes")]
        return sorted(path for folder in folders for path in folder.rglob("*.py"))

    def owned(self, folder: Path, checks: Path) -> Iterator[tuple[Path, str]]:
        """All files and folders that must belong to an exercise, each with the exercise's name."""
        for path in (*folder.glob("*.py"), *self.solutions.glob("*.py")):
            yield path, path.stem
        for path in checks.glob("*.py"):
            yield path, path.stem.removeprefix("test_")
        for kind in (self._tests / "variants", self._tests / "mistakes", self._tests.parent / "cassettes"):
            for path in (kind / self._lesson).glob("*"):
                yield path, path.name

    def _answers(self, kind: str, exercise: Exercise) -> list[Path]:
        return sorted((self._tests / kind / self._lesson / exercise.name).glob("*.py"))


def expected(path: Path) -> Expected:
    """Read the first lines of a mistake. Raises LessonError."""
    text = path.read_text("utf-8")
    fails, says = FAILS.search(text), SAYS.findall(text)
    if not fails or not says:
        what = "its first lines must be `# fails: a_check` and `# says: what it says`"
        raise LessonError(f"{path.parent.name}/{path.name}: {what}.")
    names = tuple(name.strip() for name in fails["checks"].split(","))
    return Expected(names, tuple(map(str.strip, says)), bool(NEEDS_CELL.search(text)))


def uses(path: Path) -> list[str]:
    """The libraries beyond the course's own that a right answer uses: `# uses: anthropic, google.genai`."""
    found = USES.search(path.read_text("utf-8"))
    return [name.strip() for name in found["libraries"].split(",")] if found else []


def installed(library: str) -> bool:
    """Whether a library can be imported here."""
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # the package that it would be a part of
        return False


def places(path: Path, shown: str) -> list[str]:
    """The places of a cassette's exchanges. Raises CassetteError."""
    return [exchange.place for exchange in cassettes.load(path, shown).interactions]
