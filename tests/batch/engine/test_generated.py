"""A generated class gets exactly the verdicts that its material promises, with one judge and with two."""

import sqlite3
import subprocess
import sys

import pytest

from grader import settings
from grader.batch.gradebook import NAME
from tests.batch.engine import generated


def graded(folder, out, jobs):
    """The report of each student, as JSON, from the gradebook of a whole `grader batch`."""
    words = [
        sys.executable,
        "-m",
        "grader.cli",
        "batch",
        folder,
        "--lesson",
        "lesson1",
        "--out",
        out,
        "--jobs",
        jobs,
    ]
    done = subprocess.run(
        [str(word) for word in (*words, "--require-isolation", 1)],
        cwd=generated.ROOT,
        env=settings.judge_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    with sqlite3.connect(out / NAME) as connection:
        query = "SELECT entry.student, work.report FROM entry LEFT JOIN work ON entry.work_id = work.id"
        return dict(connection.execute(query).fetchall())


def wrong(tmp_path, count, jobs, seed):
    """What differs from what was promised."""
    made = generated.generate(tmp_path / "class", count, seed)
    reports = graded(tmp_path / "class", tmp_path / "out", jobs)
    assert set(reports) == set(made)
    return [
        line
        for student, one in made.items()
        for line in generated.problems(student, one.expected, reports[student])
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_fifty(tmp_path, jobs):
    """Solutions, stubs, mistakes, attacks, archives, notebooks: twenty-five for each number of judges."""
    assert wrong(tmp_path, 25, jobs, seed=jobs) == []


@pytest.mark.full
@pytest.mark.parametrize("jobs", [1, 2])
def test_two_thousand(tmp_path, jobs):
    """The same two thousand for both numbers of judges."""
    assert wrong(tmp_path, 2000, jobs, seed=3) == []


def test_a_difference_is_noticed(tmp_path):
    """A report with other points, another verdict or none is told: the tests above can fail."""
    made = generated.generate(tmp_path, len(generated.KINDS), 1)
    assert len(generated.ATTACKS) > 40
    assert len(made) == len(generated.KINDS)
    assert generated.problems("ana", None, "{}") == ["ana: graded: True"]
    assert generated.problems("ana", generated.FULL, None) == ["ana: graded: False"]
