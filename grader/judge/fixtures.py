"""The fixtures of checks: `student`, `api`, and `quiz`."""

from collections.abc import Generator

import pytest

from grader.errors import LessonError
from grader.judge.api import Api
from grader.judge.quiz import StudentQuiz
from grader.judge.run import Run
from grader.judge.student import Student

# The run that is graded now; a judge of many submissions puts each one here in turn.
RUN: pytest.StashKey[Run] = pytest.StashKey()


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest) -> Generator[Student]:
    """The student's module of this exercise, in a cell of its own."""
    run = request.config.stash[RUN]
    made = run.student(run.exercise(request.node))
    yield made
    made._discard_cell()


@pytest.fixture
def api(request: pytest.FixtureRequest, student: Student) -> Api:
    """The replayed API of this check."""
    run = request.config.stash[RUN]
    exercise = run.exercise(request.node)
    hidden = run.hidden.takes(exercise) if run.hidden else ()
    return Api(student, run.key, run.takes(exercise), run.player, hidden)


@pytest.fixture
def quiz(request: pytest.FixtureRequest, student: Student) -> StudentQuiz:
    """The lesson's quiz as the student's SEED draws it."""
    run = request.config.stash[RUN]
    if run.quiz is None:
        raise LessonError(f"{run.found.name} has no quiz.toml.")
    return StudentQuiz(run.quiz, student, run.hidden.seed if run.hidden else "")
