"""What was run in Jupyter becomes a notebook: the last run of each cell counts, under its own number."""

import json
from pathlib import Path

import pytest

from grader.course import history, notebooks
from grader.course.lessons import Course
from grader.course.notebooks import Place

ROOT = Path(__file__).resolve().parents[2]
LESSON = Course(ROOT).lesson("lesson1")
HELLO = "# ex03\ndef hello(client):\n    return {}\n"
CHECK = 'from grader.student.jupyter import check\n\ncheck("lesson1")'


@pytest.mark.parametrize(
    ("ran", "kept"),
    [
        ([HELLO.format(1), HELLO.format(2)], [2]),
        ([HELLO.format(1), HELLO.format(2).replace(":", "", 1)], [1, 2]),
        ([HELLO.format(1).replace(":", "", 1), HELLO.format(2)], [2]),
        (["# ex03\ndef help():\n    pass", HELLO.format(1), HELLO.format(2)], [1, 3]),
        (["import os", HELLO.format(1), "print(hello(3))", HELLO.format(2)], [1, 4]),
        (["# setup\nimport os", HELLO.format(1), "# setup\nimport os, re", "# ex01\nx = 1"], [2, 3, 4]),
        ([CHECK, HELLO.format(1), CHECK, "", "%time x"], [2]),
        (["import os", "%%bash\nls"], [1, 2]),
        ([], []),
    ],
    ids=[
        "again",
        "broken now",
        "broken before",
        "two cells",
        "tries",
        "setup again",
        "the check itself",
        "no exercise",
        "nothing",
    ],
)
def test_what_counts(ran, kept):
    """Tries and earlier runs do not; a helper in another cell of the exercise does."""
    assert sorted(history.kept(["", *ran], LESSON)) == kept


def test_a_broken_run_counts():
    """The last run of a cell is what the student has now, also where Python cannot read it."""
    broken = "# ex03\ndef hello(client:\n    return 1"
    made = history.notebook(["", HELLO.format(1), broken], LESSON, dict.fromkeys(names(), "x = 1"))
    module = notebooks.read(made, "lesson1.ipynb", LESSON).modules["ex03_hello"]
    assert broken in module.text


def names():
    """The names of all exercises."""
    return [exercise.name for exercise in LESSON.exercise]


def test_the_number_of_a_cell_is_the_one_beside_it():
    """Cell 3 of the notebook is what was run as [3]; what was not run is the stub."""
    made = history.notebook(["", "x = 1", "y = 1", HELLO.format(1)], LESSON, dict.fromkeys(names(), "stub = 1"))
    cells = json.loads(made)["cells"]
    assert [cell["source"] for cell in cells[:3]] == ["x = 1", "y = 1", HELLO.format(1)]
    found = notebooks.read(made, "lesson1.ipynb", LESSON)
    assert found.modules["ex03_hello"].place(4) == Place(3, 2)
    assert found.modules.keys() == set(names())
    assert found.modules["ex01_api_key"].text.endswith("# ex01\nstub = 1\n")
