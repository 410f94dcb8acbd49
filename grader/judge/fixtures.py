"""The two fixtures of checks, `student` and `api`."""

from collections.abc import Generator

import pytest

from grader.judge.api import Api
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
    return Api(student, run.key, run.takes(run.exercise(request.node)), run.player)
