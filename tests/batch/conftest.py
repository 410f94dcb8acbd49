"""Submissions as students and learning platforms make them: real folders, zips and tars."""

from pathlib import Path

import pytest

from grader.batch import intake
from grader.course.lessons import Course
from tests.batch.made import ROOT


@pytest.fixture(scope="session")
def course():
    """The shipped course."""
    return Course(ROOT)


@pytest.fixture
def take(tmp_path, course):
    """Take in a source; each call writes into a new folder, `work-1` and so on."""

    def run(source, **options):
        into = tmp_path / f"work-{len(list(tmp_path.glob('work-*'))) + 1}"
        return intake.read(Path(source), course, "lesson1", into, **options)

    return run


@pytest.fixture
def tree(tmp_path):
    """Write files below a new folder, by their paths; a dict is a folder's content."""

    def write(files, name="submissions"):
        for path, content in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return write
