"""The files of a submission, read without trusting them."""

import os
import stat
import sys
from pathlib import Path

from grader import messages
from grader.course.lessons import Lesson
from grader.judge.outcomes import Ended, failed
from grader.model import Finding

MOST = 1 << 20  # bytes of a solution
COURSE_LIBRARIES = {"openai", "dotenv", "httpx", "httpx2", "pydantic", "pytest", "anyio"}


class Submission:
    """A folder that holds a student's modules of one lesson. `home` is the lesson's own folder."""

    def __init__(self, folder: Path, lesson: Lesson, home: Path) -> None:
        self.folder = folder
        self._home = home
        self.modules = {exercise.name for exercise in lesson.exercise}
        self._lesson = lesson

    def source(self, file: str) -> bytes:
        """A module's bytes: an ordinary file, neither empty nor too long, UTF-8. Else raises Ended."""
        content = self._read(file)
        if not content.strip():
            step = messages.NEXT_EMPTY.format(path=f"{self._home.parent.name}/{self._home.name}/{file}")
            raise Ended(failed(messages.EMPTY.format(file=file), file, step))
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

    def notes(self) -> tuple[str, ...]:
        """A sentence for each file that the grader left alone and a student may wonder about."""
        mine = {exercise.file for exercise in self._lesson.exercise}
        strangers = sorted(path for path in self.folder.glob("*.py") if path.name not in mine)
        notes = [_note(path) for path in strangers]
        notes += [messages.LEFT_ALONE.format(file="pytest.ini")] * (self.folder / "pytest.ini").exists()
        notes += [messages.SECRETS] * (self.folder / ".env").exists()
        own_checks = (self.folder / "checks").exists() and self.folder.resolve() != self._home.resolve()
        return (*notes, *[messages.OWN_CHECKS] * own_checks)

    def _read(self, file: str) -> bytes:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        flags |= getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self.folder / file, flags)
        except FileNotFoundError:
            raise Ended(self._absent(file)) from None
        except OSError:
            raise Ended(failed(messages.NOT_A_FILE.format(file=file), file, messages.NEXT_PLAIN_FILE)) from None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Ended(failed(messages.NOT_A_FILE.format(file=file), file, messages.NEXT_PLAIN_FILE))
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                return stream.read(MOST + 1)
        finally:
            os.close(descriptor)

    def _absent(self, file: str) -> Finding:
        """The finding for a missing file, with the file that was perhaps meant."""
        deeper = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(f"*/{file}"))
        if deeper:
            message = messages.NO_FILE_BUT.format(file=file, other=deeper[0])
            return failed(message, step=messages.NEXT_MOVE.format(other=deeper[0]))
        mine = {exercise.file for exercise in self._lesson.exercise}
        others = sorted(path.name for path in self.folder.glob("*.*"))
        close = messages.similar(file, [name for name in others if name not in mine])
        if close:
            notebook = messages.NEXT_NOTEBOOK.format(other=close, file=file)
            rename = messages.NEXT_RENAME.format(other=close, name=file)
            message = messages.NO_FILE_BUT.format(file=file, other=close)
            return failed(message, step=notebook if close.endswith(".ipynb") else rename)
        return failed(messages.NO_FILE.format(file=file), step=messages.NEXT_FILE.format(file=file))


def _note(path: Path) -> str:
    library = path.stem in sys.stdlib_module_names or path.stem in COURSE_LIBRARIES
    text = messages.SHADOWS if library else messages.LEFT_ALONE
    return text.format(file=os.fsencode(path.name).decode("utf-8", "replace"))
