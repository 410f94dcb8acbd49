"""Lessons: lesson.toml and the files that belong to each exercise."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.course import toml
from grader.errors import LessonError

NAME = r"^ex[0-9]{2}_[a-z0-9_]+$(?!\n)"
Text = Annotated[str, Meta(min_length=1, pattern=r"\S")]  # not only blanks


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A change of the reference solution that no check can notice: `grader mutate` shows `old -> new`."""

    old: Annotated[str, Meta(description="the changed line or lines of the solution, in one, as shown")]
    new: Annotated[str, Meta(description="what stands there instead; empty where a line is left out")]
    reason: Annotated[str, Meta(min_length=1, description="why the answer is still right")]


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One exercise: a stub module of this name, checks/test_<name>.py, and its takes."""

    name: Annotated[str, Meta(pattern=NAME, description="as in ex03_hello")]
    title: Annotated[str, Meta(min_length=1, max_length=40, description="what the student reads")]
    points: Annotated[int, Meta(ge=1, description="what the checks of this exercise add up to")]
    hints: Annotated[
        tuple[Text, ...], Meta(min_length=1, description="questions that lead on, the gentlest first")
    ]
    needs: Annotated[
        tuple[Text, ...], Meta(description="libraries beyond the course's own; missing: blocked")
    ] = ()
    equivalent: Annotated[
        tuple[Equivalent, ...], Meta(description="changes of the solution that `grader mutate` may let live")
    ] = ()

    @property
    def short(self) -> str:
        """The number that students type: `ex03`."""
        return self.name.split("_")[0]

    @property
    def file(self) -> str:
        """The stub's file name."""
        return f"{self.name}.py"

    @property
    def checks_file(self) -> str:
        """The file name of its checks."""
        return f"test_{self.name}.py"


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """lesson.toml: the exercises in the order in which they are learned."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    exercise: Annotated[tuple[Exercise, ...], Meta(min_length=1)]

    def published(self) -> "Lesson":
        """The lesson as students get it: without `equivalent`, which shows lines of solutions."""
        replace = msgspec.structs.replace
        return replace(self, exercise=tuple(replace(one, equivalent=()) for one in self.exercise))

    def named(self, name: str) -> Exercise | None:
        """The exercise of this name, if there is one."""
        return next((exercise for exercise in self.exercise if exercise.name == name), None)


class Course:
    """The lessons below a project's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.assignments = root / "assignments"

    def lessons(self) -> list[str]:
        """The names of all lessons."""
        return sorted(path.parent.name for path in self._files())

    def lesson(self, name: str) -> Lesson:
        """Read a lesson. Raises LessonError where it is missing or wrong."""
        path = self.folder(name) / "lesson.toml"
        if path not in self._files():
            raise LessonError(self._missing(name))
        shown = path.relative_to(self.root).as_posix()
        lesson = toml.load(path, Lesson, shown)
        for number, exercise in enumerate(lesson.exercise):
            earlier = next((one for one in lesson.exercise[:number] if one.short == exercise.short), None)
            if earlier:
                same = f"{earlier.name} has the number {exercise.short}, too"
                what = f"{exercise.name} stands here twice" if earlier.name == exercise.name else same
                line = toml.line_of(f".exercise[{number}].name", path.read_text("utf-8-sig"))
                raise LessonError(f"{shown}:{line}: exercise[{number}].name: {what}.")
        return lesson

    def chosen(self, lesson: str, names: Sequence[str]) -> list[Exercise]:
        """The named exercises (`ex03` will do), or all if there is no name. Raises LessonError."""
        exercises = self.lesson(lesson).exercise
        for name in names:
            if not any(name in (one.name, one.short) for one in exercises):
                known = ", ".join(one.short for one in exercises)
                raise LessonError(f"There is no exercise {name!r} in {lesson}. Its exercises: {known}.")
        return [one for one in exercises if not names or one.name in names or one.short in names]

    def folder(self, lesson: str) -> Path:
        """Where a lesson's stubs are."""
        return self.assignments / lesson

    def checks(self, lesson: str) -> Path:
        """Where a lesson's checks are."""
        return self.folder(lesson) / "checks"

    def takes(self, lesson: str, exercise: str) -> list[Path]:
        """The cassettes of an exercise, in the order of their names."""
        return sorted((self.root / "cassettes" / lesson / exercise).glob("*.yaml"))

    def _files(self) -> Iterator[Path]:
        return self.assignments.glob("*/lesson.toml")

    def _missing(self, name: str) -> str:
        """What is wrong where there is no such lesson, and what to do."""
        known = self.lessons()
        if known:
            return f"There is no lesson {name!r}. The lessons here: {', '.join(known)}."
        above = [bool(Course(folder).lessons()) for folder in self.root.parents]
        way = f": cd {'/'.join(['..'] * (above.index(True) + 1))}" if any(above) else ", which holds assignments/"
        return f"There is no lesson here. Next: go to the main folder of the course{way}"
