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
    """A folder that holds a student's modules of one lesson."""

    def __init__(self, folder: Path, lesson: Lesson) -> None:
        self.folder = folder
        self.modules = {exercise.name for exercise in lesson.exercise}
        self._lesson = lesson

    def source(self, file: str) -> bytes:
        """A module's bytes: an ordinary file, UTF-8, not too long. Else raises Ended with what is wrong."""
        content = self._read(file)
        if len(content) > MOST:
            raise Ended(failed(messages.TOO_LONG.format(file=file, most="1 MiB"), file, messages.NEXT_SHORTER))
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            message = messages.NOT_UTF8.format(file=file, byte=content[error.start])
            raise Ended(failed(message, f"{file}:{line}", messages.NEXT_UTF8)) from None
        if b"\0" in content:
            line = content[: content.index(b"\0")].count(b"\n") + 1
            raise Ended(failed(messages.NULL_BYTE.format(file=file), f"{file}:{line}", messages.NEXT_UTF8))
        return content

    def notes(self) -> tuple[str, ...]:
        """A sentence for each file that the grader left alone and a student may wonder about."""
        mine = {exercise.file for exercise in self._lesson.exercise}
        notes = []
        for path in sorted(self.folder.glob("*.py")) + sorted(self.folder.glob("pytest.ini")):
            name = path.name
            if name in mine:
                continue
            library = path.stem in sys.stdlib_module_names or path.stem in COURSE_LIBRARIES
            text = messages.SHADOWS if library and path.suffix == ".py" else messages.LEFT_ALONE
            notes.append(text.format(file=os.fsencode(name).decode("utf-8", "replace")))
        return tuple(notes)

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
        others = [path.name for path in self.folder.glob("*.py")]
        mine = {exercise.file for exercise in self._lesson.exercise}
        close = messages.similar(file, [name for name in others if name not in mine])
        if close:
            message = messages.NO_FILE_BUT.format(file=file, other=close)
            return failed(message, step=messages.NEXT_RENAME.format(other=close, file=file))
        return failed(messages.NO_FILE.format(file=file), step=messages.NEXT_FILE.format(file=file))
