"""A notebook gets what the same code gets as files; a failure names cell and line."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "tests" / "solutions" / "lesson1"
NAME = "lesson1.ipynb"
CELL = re.compile(r"lesson1.ipynb(?: cell \d+, line (?P<line>\d+))?")
SOME = ("-k", "ex01 or ex03 or ex04 or ex05 or ex07")


@pytest.fixture
def book(tmp_path):
    """A folder with a notebook of these cells; a pair is a Markdown cell, or a code cell."""

    def write(cells, name=NAME, **more):
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        made = nbformat.v4.new_notebook(cells=[make[kind](text) for kind, text in cells])
        folder = tmp_path / "notebook"
        folder.mkdir(exist_ok=True)
        nbformat.write(made, folder / name)
        for file, text in more.items():
            (folder / f"{file}.py").write_text(text, "utf-8")
        return folder

    return write


def solved(**others):
    """The solutions as cells with a tag in a line before; others stand in their place."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(SOLUTIONS.glob("*.py"))} | others
    return [("code", f"# {name[:4]}\n{text}") for name, text in texts.items()]


def mistakes():
    """A mistake of each exercise, by its name."""
    folders = sorted((ROOT / "tests" / "mistakes" / "lesson1").iterdir())
    return {folder.name: min(folder.glob("*.py")).read_text("utf-8") for folder in folders}


def as_told(result):
    """The exercises of a result, with the places of files instead of those of cells."""
    exercises = []
    for exercise in result["exercises"]:
        checks = [
            check | {"where": place(check["where"], exercise), "message": message(check, exercise)}
            for check in exercise["checks"]
        ]
        exercises.append(exercise | {"checks": checks})
    return exercises, result["score"], result["max_score"]


def message(check, exercise):
    """The message with the file's name, and with the file's line where it names one."""
    text = check["message"].replace(NAME, f"{exercise['name']}.py")
    return re.sub(r"in line (\d+)", lambda found: f"in line {int(found[1]) - (NAME in check['where'])}", text)


def place(where, exercise):
    """`ex03_hello.py:3` for line 4 of a cell whose first line is the tag."""
    found = CELL.fullmatch(where)
    if not found:
        return where
    return f"{exercise['name']}.py" + (f":{int(found['line']) - 1}" if found["line"] else "")


@pytest.mark.parametrize("files", [{}, mistakes()], ids=["solutions", "mistakes"])
def test_the_same_as_files(grade, submit, book, files):
    """Verdicts, points, messages and places are those of the same code in files."""
    notebook = grade(book([("markdown", "# Hi"), *solved(**files)]))
    plain = grade(submit({f"{name}.py": text for name, text in files.items()}))
    assert as_told(notebook.result) == as_told(plain.result)
    assert notebook.code == plain.code
    assert not [check for one in plain.result["exercises"] for check in one["checks"] if NAME in check["where"]]
    if files:
        assert [check for one in notebook.result["exercises"] for check in one["checks"] if NAME in check["where"]]


@pytest.fixture(scope="module")
def broken(grade, tmp_path_factory):
    """A notebook with magics, a broken cell in two exercises and at the top, and one exercise missing."""
    folder = tmp_path_factory.mktemp("broken")
    hello = "# ex03\ndef hello(client):\n    return (1,\n\n# the end"
    late = "# ex04\ndef describe(client, question):\n    return 1 / 0"
    cells = ["!pip install openai", "import (", "import os", hello, "# ex04\nhalf = 1", late]
    cells += [text for _, text in solved() if text.startswith(("# ex01", "# ex05"))]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    nbformat.write(made, folder / NAME)
    return grade(folder / NAME, *SOME), grade(folder, *SOME)


def test_a_broken_cell_takes_nothing_with_it(broken):
    """Only its own exercise fails; a broken cell at the top is left out and told."""
    for graded in broken:
        verdicts = {name[:4]: verdict for name, verdict in graded.verdicts.items()}
        assert verdicts == {
            "ex01": "passed",
            "ex03": "failed",
            "ex04": "failed",
            "ex05": "passed",
            "ex07": "failed",
        }
        notes = graded.report["environment"]["notes"]
        assert [note.partition(":")[0] for note in notes] == [f"{NAME} cell 1, line 1", f"{NAME} cell 2, line 1"]


def test_a_failure_names_cell_and_line(broken):
    """Also where Python's own words name a line, and in the second cell of an exercise."""
    graded = broken[0]
    hello, describe = graded.first("ex03"), graded.first("ex04")
    assert (hello["where"], hello["message"]) == (
        f"{NAME} cell 4, line 3",
        "The bracket ( on this line is never closed.",
    )
    assert describe["where"] == f"{NAME} cell 6, line 3"


def test_an_exercise_that_the_notebook_does_not_have(broken):
    """The student reads how a cell is tied to it."""
    quiz = broken[0].first("ex07")
    assert quiz["where"] == NAME
    assert quiz["next"] == "write `# ex07` into the first line of the cell with your answer"


def test_a_notebook_alone_or_in_a_folder(broken):
    """`--submission=lesson1.ipynb` and the folder that holds it give the same bytes."""
    assert broken[0].canonical == broken[1].canonical


@pytest.mark.parametrize(
    ("above", "below", "says"),
    [
        ("if True:", "x = 1", "Line 2 of cell 1 ends with a colon"),
        ("x = [1,", "2)", "On line 2 of cell 1 the bracket [ was opened"),
    ],
)
def test_python_names_a_line_of_another_cell(grade, book, above, below, says):
    """Where Python's words name a line, it is one of the notebook, with its cell where that is another one."""
    cells = [("code", f"# ex03\n{above}"), ("code", f"# ex03\n\n{below}")]
    graded = grade(book(cells), "-k", "ex03")
    first = graded.first("ex03")
    assert first["where"] == f"{NAME} cell 2, line 3"
    assert first["message"].startswith(says)


def test_a_check_that_names_the_line_in_its_words(grade, book):
    """The message speaks of the same line as the place above it."""
    (mistake,) = (ROOT / "tests/mistakes/lesson1/ex02_client").glob("fallback_key.py")
    cells = [("code", "import os\nimport re"), *solved(ex02_client=mistake.read_text("utf-8"))[1:2]]
    first = grade(book(cells), "-k", "ex02").first("ex02")
    number = first["where"].rpartition(" ")[2]
    assert first["where"] == f"{NAME} cell 2, line {number}"
    assert f"in line {number}." in first["message"]
    assert "key" in cells[1][1].split("\n")[int(number) - 1]


def test_files_win_over_cells(grade, book):
    """An exercise with a file of its own is graded from the file; the notebook is for the others."""
    hello = (SOLUTIONS / "ex03_hello.py").read_text("utf-8")
    folder = book(solved(ex03_hello="x = 1"), ex03_hello=hello)
    graded = grade(folder, *SOME)
    assert set(graded.verdicts.values()) == {"passed"}


def test_of_two_notebooks_the_shorter_name_counts(grade, book):
    """lesson1.ipynb, and not the copy that Jupyter made of it; what only the copy has comes from there."""
    book([*solved(ex03_hello="x = 1")], name="lesson1-Copy1.ipynb")
    folder = book([cell for cell in solved() if "# ex01" not in cell[1]])
    assert set(grade(folder, *SOME).verdicts.values()) == {"passed"}


def test_the_hash_is_that_of_the_code(grade, book):
    """Outputs do not count; a letter in a cell does, and so does the place of a cell."""
    quiz = solved()[-3:]
    hashes = {
        name: grade(book(cells), "-k", "ex07").result["hashes"]["submission"]
        for name, cells in {
            "first": quiz,
            "same": quiz,
            "letter": [*quiz[:-1], ("code", quiz[-1][1] + "#")],
            "moved": [("markdown", ""), *quiz],
        }.items()
    }
    assert hashes["first"] == hashes["same"]
    assert len(set(hashes.values())) == 3


@pytest.mark.parametrize(("content", "says"), [("{", "is not JSON"), ('{"nbformat": 4}', "has no cells")])
def test_a_file_that_is_no_notebook(grade, tmp_path, content, says):
    """The student reads what it is, for each exercise."""
    (tmp_path / NAME).write_text(content)
    graded = grade(tmp_path, "-k", "ex07")
    first = graded.first("ex07")
    assert says in first["message"]
    assert (first["where"], first["next"]) == (NAME, "open it in Jupyter, and save it again as a notebook")


def test_an_old_notebook_where_nbformat_is_missing(grade, tmp_path):
    """Format 4 is read without it; for an older one it is the mentor's to install, and not the student's fault."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "nbformat.py").write_text("raise ModuleNotFoundError(__name__)")
    env = {"PYTHONPATH": str(library)}
    for version, verdict in ((4, "failed"), (3, "error")):
        (tmp_path / NAME).write_text(f'{{"nbformat": {version}, "cells": [], "worksheets": []}}')
        graded = grade(tmp_path, "-k", "ex07", env=env)
        assert graded.exercise("ex07")["verdict"] == verdict
    assert graded.first("ex07")["message"].startswith("This is not your code: The library nbformat is not")


def test_the_summary_speaks_of_the_notebook(grade, book):
    """What to open next is the notebook, and not a file that is not there."""
    folder = book(solved(ex07_quiz="x = 1"))
    text = grade(folder / NAME, "-k", "ex07").stdout
    assert f"Next: go on with {folder / NAME}" in " ".join(text.split())
    assert "ex07_quiz.py" not in text
