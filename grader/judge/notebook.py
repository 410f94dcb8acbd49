"""The notebooks of a submission: where an exercise without a file of its own comes from, and how it is told."""

import re
from functools import cached_property
from pathlib import Path

import msgspec

from grader import messages
from grader.course import notebooks, plain
from grader.course.lessons import Exercise, Lesson
from grader.course.notebooks import Module, Notebook, NotebookError
from grader.errors import GraderError
from grader.judge.outcomes import failed, ours
from grader.model import Finding

SUFFIX = ".ipynb"
LINE = re.compile(r"(?<=\b[Ll]ine )\d+\b")
OF_PYTHON = tuple(
    text.partition("{")[0] for text in (messages.SYNTAX, messages.NO_BLOCK, messages.NOT_A_PAIR_ABOVE)
)  # may name any line


class Notebooks:
    """The notebooks of a folder, or one alone. They are read when they are first needed.

    Of two notebooks with the same exercise the one with the shorter name counts: lesson1.ipynb, and not
    lesson1-Copy1.ipynb.
    """

    def __init__(self, place: Path, lesson: Lesson) -> None:
        self._place = place
        self._lesson = lesson

    def of(self, exercise: Exercise) -> Notebook | None:
        """The notebook that has an exercise's cells, if there is one."""
        readable = (one for one in self._read if isinstance(one, Notebook))
        return next((one for one in readable if exercise.name in one.modules), None)

    def notes(self) -> tuple[str, ...]:
        """What was left out of them."""
        return tuple(note for one in self._read if isinstance(one, Notebook) for note in one.notes)

    def absent(self, exercise: Exercise) -> Finding | None:
        """What to say of an exercise that none of them has; None where there is no notebook."""
        for one in self._read:
            if isinstance(one, Finding):
                return one
            message = messages.NO_CELLS.format(file=exercise.file, notebook=one.name, short=exercise.short)
            return failed(message, one.name, messages.NEXT_CELL.format(short=exercise.short))
        return None

    @cached_property
    def _read(self) -> list[Notebook | Finding]:
        paths = self._place.glob(f"*{SUFFIX}") if self._place.is_dir() else [self._place]
        return [self._one(path) for path in sorted(paths, key=lambda path: (len(path.name), path.name))]

    def _one(self, path: Path) -> Notebook | Finding:
        name = plain.writable(path.name)
        try:
            return notebooks.read(plain.read(path, notebooks.MOST), name, self._lesson)
        except NotebookError as error:
            message = messages.NOT_A_NOTEBOOK.format(file=name, why=error)
        except (plain.NotPlainError, FileNotFoundError):
            message = messages.NOT_A_FILE.format(file=name)
        except GraderError as error:  # a library is missing here
            return ours(str(error))
        return failed(message, name, messages.NEXT_NOTEBOOK)


def told(finding: Finding, exercise: Exercise, notebook: Notebook) -> Finding:
    """A finding with the notebook's cells in the place of the module's lines."""
    module = notebook.modules[exercise.name]
    message = finding.message.replace(exercise.file, notebook.name)
    file, _, number = finding.where.partition(":")
    line = int(number) if number else None
    if line:
        cell, any_line = module.place(line).cell, message.startswith(OF_PYTHON)
        # other words that name the very line of `where` mean it, too
        mine = LINE if any_line else re.compile(rf"(?<=\b[Ll]ine ){line}\b")
        message = mine.sub(lambda found: _line(module, int(found[0]), cell), message)
    where = finding.where
    if file == exercise.file:
        where = _place(notebook, module, line) if line else notebook.name
    return msgspec.structs.replace(finding, message=message, where=where)


def _place(notebook: Notebook, module: Module, number: int) -> str:
    place = module.place(number)
    return messages.IN_CELL.format(notebook=notebook.name, cell=place.cell, line=place.line)


def _line(module: Module, number: int, here: int) -> str:
    """The number of a module's line as one of the notebook; the cell is left out where it is the one spoken of."""
    place = module.place(number)
    return str(place.line) if place.cell == here else f"{place.line} of cell {place.cell}"
