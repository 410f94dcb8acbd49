"""Hidden checks in a judge: which items are hidden, and the takes that come after the known ones."""

from pathlib import Path

import pytest

from grader.course.hidden import HiddenFolder
from grader.course.lessons import Exercise, Lesson
from grader.model import Hidden
from grader.replay import cassettes
from grader.replay.cassettes import Take

PREFIX = "hidden/"  # of the ids of hidden checks, which may have the names of the lesson's own


class HiddenPart:
    """What is hidden of a lesson. All takes are read at once: a broken one must not become a student's result.

    Raises CassetteError, LessonError.
    """

    def __init__(self, folder: HiddenFolder, lesson: Lesson) -> None:
        self.checks = folder.checks
        self.seed = folder.seed
        self._takes = {one.name: cassettes.takes(folder.takes(one), folder.folder) for one in lesson.exercise}

    def holds(self, path: Path) -> bool:
        """Whether this is the file of hidden checks."""
        return path.parent == self.checks

    def takes(self, exercise: Exercise) -> tuple[Take, ...]:
        """The hidden takes of an exercise."""
        return self._takes[exercise.name]

    def mark(self, item: pytest.Item) -> Hidden:
        """What a hidden check's result says of it."""
        hint = item.get_closest_marker("hint")
        return Hidden(what="check", hint=str(hint.args[0]) if hint else "")


def shown(take: Take) -> str:
    """The file of a take, for a mentor."""
    return take[0].place.partition("#")[0] if take else ""
