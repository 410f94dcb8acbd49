"""Quizzes are data: quiz.toml. Checks read it with tomllib; this module tells an author what is wrong with it."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.course import toml
from grader.errors import LessonError

Text = Annotated[str, Meta(min_length=1)]
Letter = Annotated[str, Meta(pattern="^[A-Z]$")]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question, its choices, the right one, and for each wrong one why it is wrong."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
    title: Text
    points: Annotated[int, Meta(ge=1)]
    text: Text
    choices: Annotated[dict[Letter, Text], Meta(min_length=2)]
    answer: Letter
    why: dict[Letter, Text]


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All questions of a lesson."""

    question: Annotated[tuple[Question, ...], Meta(min_length=1)]


def load(path: Path, shown: str) -> Quiz:
    """Read quiz.toml. Raises LessonError."""
    quiz = toml.load(path, Quiz, shown)
    text = path.read_text("utf-8")
    for number, question in enumerate(quiz.question):
        where = f"question[{number}]"
        if question.name in [earlier.name for earlier in quiz.question[:number]]:
            line = toml.line_of(f".{where}.name", text)
            raise LessonError(f"{shown}:{line}: {where}.name: {question.name} stands here twice.")
        if question.answer not in question.choices:
            line = toml.line_of(f".{where}.answer", text)
            raise LessonError(f"{shown}:{line}: {where}.answer: expected one of {', '.join(question.choices)}.")
        if set(question.why) != set(question.choices) - {question.answer}:
            line = toml.line_of(f".{where}.why", text)
            raise LessonError(f"{shown}:{line}: {where}.why: expected one explanation for each wrong choice.")
    return quiz
