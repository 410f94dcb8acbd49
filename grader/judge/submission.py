"""The files of a submission, read without trusting them."""

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from grader import messages
from grader.course import notebooks, plain
from grader.course.lessons import Exercise, Lesson
from grader.course.notebooks import Notebook
from grader.judge import notebook
from grader.judge.leaks import MOST_KEYS, Leak, leaks
from grader.judge.notebook import Notebooks
from grader.judge.outcomes import Ended, failed
from grader.model import Finding

MOST = 1 << 20  # bytes of a solution
COURSE_LIBRARIES = {"openai", "dotenv", "httpx", "httpx2", "pydantic", "pytest", "anyio"}


class Submission:
    """A student's modules of one lesson: a folder of files and notebooks, or one notebook alone.

    A file wins over the cells of a notebook. `home` is the lesson's own folder. `beside` names files that an
    intake found there and left behind, `unread` exercise files that it could not bring along: what the student
    reads of each, and the next step.
    """

    def __init__(
        self,
        place: Path,
        lesson: Lesson,
        home: Path,
        beside: Iterable[str] = (),
        unread: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.folder = place  # a notebook alone is a folder without files
        self.modules = {exercise.name for exercise in lesson.exercise}
        self._lesson = lesson
        self._home = home
        self._beside = tuple(beside)
        self._unread = unread or {}
        self._notebooks = Notebooks(place, lesson)

    def source(self, exercise: Exercise) -> bytes:
        """A module's bytes: an ordinary file, neither empty nor too long, UTF-8. Else raises Ended."""
        file, cells = exercise.file, self.notebook(exercise)
        content = cells.modules[exercise.name].text.encode() if cells else self._read(exercise)
        if len(content) > MOST:
            raise Ended(failed(messages.TOO_LONG.format(file=file, most="1 MB"), file, messages.NEXT_SHORTER))
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise Ended(
                failed(messages.NOT_UTF8.format(file=file), f"{file}:{line}", messages.NEXT_UTF8)
            ) from None
        if b"\0" in content:
            line = content[: content.index(b"\0")].count(b"\n") + 1
            raise Ended(failed(messages.NULL_BYTE.format(file=file), f"{file}:{line}", messages.NEXT_UTF8))
        return content

    def notebook(self, exercise: Exercise) -> Notebook | None:
        """The notebook that an exercise comes from; None where it has a file of its own, or is nowhere."""
        return None if self._has_file(exercise) else self._notebooks.of(exercise)

    def told(self, finding: Finding, exercise: Exercise) -> Finding:
        """A finding in the words of what was handed in: a notebook's cells, where the exercise comes from one."""
        cells = self.notebook(exercise)
        return notebook.told(finding, exercise, cells) if cells else finding

    def in_notebooks(self) -> dict[str, str]:
        """The exercises that come from a notebook, and its name."""
        found = {exercise.name: self.notebook(exercise) for exercise in self._lesson.exercise}
        return {name: one.name for name, one in found.items() if one}

    def cells(self) -> dict[str, bytes]:
        """What counts of the exercises that come from notebooks, for the submission's hash."""
        found = [(exercise.name, self.notebook(exercise)) for exercise in self._lesson.exercise]
        modules = {f"{one.name} {name}": one.modules[name] for name, one in found if one}
        return {name: msgspec.json.encode((module.text, module.places)) for name, module in modules.items()}

    def notes(self) -> tuple[str, ...]:
        """A sentence for each file that the grader left alone and a student may wonder about."""
        mine = {exercise.file for exercise in self._lesson.exercise}
        notes = [_note(name) for name in self._names("*.py") if name not in mine]
        notes += [messages.LEFT_ALONE.format(file="pytest.ini")] * bool(self._names("pytest.ini"))
        notes += [messages.SECRETS] * (self.folder / ".env").exists()
        own_checks = (self.folder / "checks").exists() and self.folder.resolve() != self._home.resolve()
        notes += [messages.OWN_CHECKS] * own_checks
        notes += [leak.note() for leak in self.leaks[:MOST_KEYS]]
        if all(self._has_file(exercise) for exercise in self._lesson.exercise):
            return tuple(notes)
        return (*notes, *self._notebooks.notes())

    @cached_property
    def leaks(self) -> tuple[Leak, ...]:
        """The real-looking keys in the exercises' files, in notebooks with all their outputs, and in .env."""
        written = self._names(f"*{notebook.SUFFIX}") if self.folder.is_dir() else [self.folder.name]
        files = [*(exercise.file for exercise in self._lesson.exercise), *written, ".env"]
        return tuple(leak for file in files for leak in leaks(file, self._content(file)))

    def _content(self, file: str) -> bytes:
        """A file's bytes; none where it cannot be read."""
        path = self.folder / file if self.folder.is_dir() else self.folder
        try:
            return plain.read(path, notebooks.MOST)
        except (plain.NotPlainError, FileNotFoundError):
            return b""

    def _has_file(self, exercise: Exercise) -> bool:
        return exercise.file in self._unread or os.path.lexists(self.folder / exercise.file)

    def _read(self, exercise: Exercise) -> bytes:
        if not self._has_file(exercise):
            raise Ended(self._absent(exercise))
        file = exercise.file
        if file in self._unread:
            message, step = self._unread[file]
            raise Ended(failed(message, file, step))
        try:
            content = plain.read(self.folder / file, MOST)
        except (plain.NotPlainError, FileNotFoundError):
            raise Ended(failed(messages.NOT_A_FILE.format(file=file), file, messages.NEXT_PLAIN_FILE)) from None
        if not content.strip():
            step = messages.NEXT_EMPTY.format(path=f"{self._home.parent.name}/{self._home.name}/{file}")
            raise Ended(failed(messages.EMPTY.format(file=file), file, step))
        return content

    def _absent(self, exercise: Exercise) -> Finding:
        """The finding for a missing file, with the file that was perhaps meant."""
        file, mine = exercise.file, {one.file for one in self._lesson.exercise}
        deeper = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(f"*/{file}"))
        if deeper:
            message = messages.NO_FILE_BUT.format(file=file, other=deeper[0])
            return failed(message, step=messages.NEXT_MOVE.format(other=deeper[0]))
        others = [name for name in self._names("*.*") if name not in mine and not name.endswith(notebook.SUFFIX)]
        close = messages.similar(file, others)
        if close:
            message = messages.NO_FILE_BUT.format(file=file, other=close)
            return failed(message, step=messages.NEXT_RENAME.format(other=close, name=file))
        missing = failed(messages.NO_FILE.format(file=file), step=messages.NEXT_FILE.format(file=file))
        return self._notebooks.absent(exercise) or missing

    def _names(self, pattern: str) -> list[str]:
        """The names in the folder, and of what stood beside it, that fit."""
        here = [path.name for path in self.folder.glob(pattern)]
        return sorted({*here, *(name for name in self._beside if Path(name).match(pattern))})


def _note(name: str) -> str:
    library = Path(name).stem in sys.stdlib_module_names or Path(name).stem in COURSE_LIBRARIES
    text = messages.SHADOWS if library else messages.LEFT_ALONE
    return text.format(file=os.fsencode(name).decode("utf-8", "replace"))
