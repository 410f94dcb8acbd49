"""A command that was typed in a folder without lessons says so, and where to go."""

import pytest
from typer.testing import CliRunner

from grader.cli import main

OF_STUDENTS = ["quiz lesson1", "quiz lesson1 --stub", "notebook lesson1", "doctor", "update new.zip"]


@pytest.fixture(params=["", "assignments"], ids=["nothing", "an empty assignments"])
def elsewhere(request, tmp_path, monkeypatch):
    """A folder that is no course."""
    (tmp_path / request.param).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", OF_STUDENTS)
def test_a_students_command(elsewhere, command):
    """What, and what to do, with an exit code that is not 0; nothing is written."""
    before = sorted(elsewhere.rglob("*"))
    done = CliRunner().invoke(main, command.split())
    last = done.output.splitlines()[-1]
    assert done.exit_code in (1, 2)
    assert "there is no " in last.lower()
    assert "Next: " in last or "Run this in the folder that holds assignments/" in last
    assert sorted(elsewhere.rglob("*")) == before


def test_the_folder_of_a_lesson(project, monkeypatch):
    """Who went into the lesson's folder reads the way back."""
    monkeypatch.chdir(project / "assignments" / "lesson1")
    done = CliRunner().invoke(main, ["quiz", "lesson1"])
    assert done.exit_code == 2
    assert done.stderr == "There is no lesson here. Next: go to the main folder of the course: cd ../..\n"
