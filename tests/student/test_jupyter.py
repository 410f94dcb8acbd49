"""The last cell of a lesson's notebook runs the checks in a real kernel, and shows a table."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.course import pages
from grader.course.lessons import Course
from grader.student import jupyter

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "tests" / "solutions" / "lesson1"
ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
TRIES = ["print(describe)", "hello(None)  # a try that fails", "%time 1 + 1"]


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    """Sentences are shown in the user's language; these tests read English."""
    for name, value in ENGLISH.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def shown():
    """What a student sees who solved two exercises, made a mistake in one, and tried things out."""
    book = nbformat.reads(pages.notebook(Course(ROOT), "lesson1").decode(), 4)
    for cell in book.cells:
        if cell.id in ("ex01", "ex03", "ex04"):
            (solution,) = SOLUTIONS.glob(f"{cell.id}_*.py")
            cell.source = f"# {cell.id}\n" + solution.read_text("utf-8").strip().replace("1.3", "1.2")
    for source in TRIES:
        tried = nbformat.v4.new_code_cell(source, metadata={"tags": ["raises-exception"]})
        book.cells.insert(-1, tried)
    client = NotebookClient(book, timeout=120, resources={"metadata": {"path": str(ROOT)}})
    client.execute(env=os.environ | ENGLISH)
    last = book.cells[-1]
    data = last.outputs[-1].data
    return book, data["text/plain"], data["text/html"]


def test_the_table(shown, full):
    """Each exercise with its verdict and points, and the first failure in full."""
    _, plain, html = shown
    assert f"14 of {full} points" in plain
    assert f"14 of {full} points" in html
    for words in ("passed         6 of 6   ex01", "failed         2 of 6   ex03", "not started    0 of 8   ex05"):
        assert words in plain
    assert "this exercise wants 1.3" in plain
    assert html.count("<tr>") == len(Course(ROOT).lesson("lesson1").exercise)


def test_a_failure_points_to_the_cell(shown):
    """The cell's number is the one in brackets beside it, the line is counted in the cell."""
    book, plain, _ = shown
    cell = next(cell for cell in book.cells if cell.id == "ex03")
    line = 1 + next(number for number, text in enumerate(cell.source.split("\n")) if "create(" in text)
    assert f"lesson1.ipynb cell {cell.execution_count}, line {line}" in plain


def test_the_same_as_a_file(grade, submit, shown):
    """The verdicts and points are those that the same code gets as files."""
    _, plain, _ = shown
    hello = (SOLUTIONS / "ex03_hello.py").read_text("utf-8").replace("1.3", "1.2")
    graded = grade(submit({"ex03_hello.py": hello}), "-k", "ex03")
    message = graded.first("ex03")["message"]
    assert message in plain


def test_outside_of_a_notebook():
    """A sentence, and no traceback."""
    told = jupyter.check("lesson1")
    assert repr(told).startswith("check() runs in a notebook.")
    assert told._repr_html_().startswith("<p>check() runs in a notebook.")


def test_a_lesson_that_is_not_here(tmp_path, monkeypatch):
    """The notebook may lie anywhere in the project; elsewhere the grader's own course is used."""
    monkeypatch.chdir(tmp_path)
    assert "no assignments/lesson9" in repr(jupyter.check("lesson9"))
    own = tmp_path / "mine"
    shutil.copytree(ROOT / "assignments" / "lesson1", own / "assignments" / "lesson1")
    (own / "deep").mkdir()
    monkeypatch.chdir(own / "deep")
    assert repr(jupyter.check("lesson1")).startswith("check() runs in a notebook.")
