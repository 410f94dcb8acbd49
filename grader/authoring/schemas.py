"""JSON Schemas, generated from the types: for editors of lesson.toml and quiz.toml, and for readers of reports."""

from typing import Final

import msgspec

from grader.course.lessons import Lesson
from grader.course.quizzes import Quiz
from grader.model import Report
from grader.reports.feedback import Feedback

KINDS: Final[dict[str, type]] = {"lesson": Lesson, "quiz": Quiz, "report": Report, "ci": Feedback}


def schema(kind: str) -> bytes:
    """The JSON Schema of one of KINDS, as UTF-8 text."""
    content = msgspec.json.schema(KINDS[kind])
    content["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
