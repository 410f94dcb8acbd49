"""Quizzes are data: quiz.toml. Its questions are templates; drawing.py makes a student's own from a seed.

A question with `draw` names what is drawn in braces, as in `{table}` or `{top_p}` (readings.py has all names).
"""

from collections.abc import Iterator
from math import isclose
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.course import readings, toml
from grader.course.lessons import Course, Exercise
from grader.errors import LessonError

Text = Annotated[str, Meta(min_length=1)]
Number = Annotated[int, Meta(ge=0, le=10**9)]
Word = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.@-]{1,20}$(?!\n)")]
Seed = Annotated[Number | Word, Meta(description="a number or a short word; another one draws other questions")]


class Wrong(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wrong choice, and what a student who took it reads: what to think about, not the right answer."""

    choice: Text
    why: Text


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of which one each is drawn; both together make one question."""

    temperature: Annotated[tuple[Annotated[float, Meta(gt=0, le=2)], ...], Meta(min_length=1)] = (1.0,)
    top_p: Annotated[tuple[Annotated[float, Meta(gt=0, le=1)], ...], Meta(min_length=1)] = (1.0,)


class Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the drawn questions are about: a text with its next words, and chances for them, the largest first."""

    words: Annotated[
        tuple[Annotated[tuple[Text, ...], Meta(min_length=3)], ...],
        Meta(min_length=1, description="the text that a model has read, then its next words"),
    ]
    chances: Annotated[
        tuple[Annotated[tuple[Annotated[float, Meta(gt=0, lt=1)], ...], Meta(min_length=2)], ...],
        Meta(min_length=1, description="for each next word one, together 1"),
    ]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question, its right choice, and the wrong ones. The seed decides about their letters."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Meta(min_length=1, max_length=50, description="of its check, as the student reads it")]
    points: Annotated[int, Meta(ge=1)]
    text: Text
    right: Text
    wrong: Annotated[tuple[Wrong, ...], Meta(min_length=1, max_length=25)]
    next: Annotated[str, Meta(min_length=1, max_length=71, description="one line: read ex06 in README.md")]
    draw: Settings | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """All choices, the right one first."""
        return (self.right, *(wrong.choice for wrong in self.wrong))


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All questions of a lesson. `exercise` is the one that holds the student's answers and SEED."""

    exercise: Annotated[str, Meta(pattern="^ex[0-9]{2}_[a-z0-9_]+$(?!\n)")]
    seed: Seed
    question: Annotated[tuple[Question, ...], Meta(min_length=1)]
    tables: Tables | None = None

    def named(self, name: str) -> Question:
        """The question of this name. Raises KeyError."""
        return {question.name: question for question in self.question}[name]


def of(course: Course, lesson: str) -> Quiz | None:
    """A lesson's quiz; None where it has none. Raises LessonError."""
    path = course.folder(lesson) / "quiz.toml"
    return load(path, path.relative_to(course.root).as_posix()) if path.exists() else None


def of_lesson(course: Course, lesson: str) -> tuple[Quiz, Exercise]:
    """A lesson's quiz, and the exercise that holds a student's answers. Raises LessonError without one."""
    exercises, quiz = course.lesson(lesson), of(course, lesson)
    if quiz is None:
        raise LessonError(
            f"{lesson} has no quiz: there is no assignments/{lesson}/quiz.toml. Next: name another lesson"
        )
    exercise = exercises.named(quiz.exercise)
    if exercise is None:
        raise LessonError(f"assignments/{lesson}/quiz.toml: there is no {quiz.exercise} in lesson.toml.")
    return quiz, exercise


def load(path: Path, shown: str) -> Quiz:
    """Read quiz.toml. Raises LessonError."""
    quiz = toml.load(path, Quiz, shown)
    for where, what in (*_faults_of_tables(quiz), *_faults_of_questions(quiz)):
        line = toml.line_of(f".{where}", path.read_text("utf-8"))
        raise LessonError(f"{shown}:{line}: {where}: {what}.")
    return quiz


def _faults_of_tables(quiz: Quiz) -> Iterator[tuple[str, str]]:
    """The key and the words for what the types cannot say about the tables."""
    if quiz.tables is None:
        return
    for chances in quiz.tables.chances:
        if not isclose(sum(chances), 1):
            yield "tables.chances", f"{list(chances)} is not 1 together"
        if list(chances) != sorted(set(chances), reverse=True):
            yield "tables.chances", f"{list(chances)} does not go down from chance to chance"
        for words in quiz.tables.words:
            if len(words) != len(chances) + 1:
                yield "tables.words", f"{words[0]!r} does not have {len(chances)} next words, for {list(chances)}"


def _faults_of_questions(quiz: Quiz) -> Iterator[tuple[str, str]]:
    """The same about the questions."""
    for number, question in enumerate(quiz.question):
        where = f"question[{number}]"
        if question.name in [earlier.name for earlier in quiz.question[:number]]:
            yield f"{where}.name", f"{question.name} stands here twice"
        if len(set(question.choices)) < len(question.choices):
            yield f"{where}.wrong", "two choices are the same"
        texts = (question.text, *question.choices, *(wrong.why for wrong in question.wrong))
        named = {name for text in texts for name in readings.names(text)}
        unknown, known = sorted(named - readings.ALL), sorted(named & readings.ALL)
        if question.draw and quiz.tables is None:
            yield f"{where}.draw", "a drawn question needs [tables]"
        if question.draw and unknown:
            yield f"{where}.draw", f"there is no {{{unknown[0]}}}; there are {', '.join(sorted(readings.ALL))}"
        if known and not question.draw:
            yield f"{where}.draw", f"this key is missing, for {{{known[0]}}}"
