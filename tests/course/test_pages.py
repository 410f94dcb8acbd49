"""The lesson as a notebook: its page, its stubs, and a last cell that checks."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.course import notebooks, pages
from grader.course.lessons import Course
from grader.errors import LessonError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made():
    """The shipped lesson as a notebook."""
    return pages.notebook(Course(ROOT), "lesson1")


def test_it_is_valid_and_always_the_same(made):
    """Any tool can read it, and a second run gives the same bytes."""
    nbformat.validate(nbformat.reads(made.decode(), 4))
    assert pages.notebook(Course(ROOT), "lesson1") == made


def test_the_whole_page_and_every_stub_are_in_it(made):
    """No text of the lesson's page is lost, and each stub is the cell below its section."""
    course = Course(ROOT)
    cells = nbformat.reads(made.decode(), 4).cells
    page = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown" and cell.id != "page-1")
    assert page == (course.folder("lesson1") / "README.md").read_text("utf-8").strip()
    for exercise in course.lesson("lesson1").exercise:
        at = next(number for number, cell in enumerate(cells) if cell.id == exercise.short)
        assert cells[at - 1].source.startswith(f"## {exercise.short} ")
        assert cells[at].metadata.grader.exercise == exercise.name
        stub = (course.folder("lesson1") / exercise.file).read_text("utf-8").strip()
        assert cells[at].source == f"# {exercise.short}\n{stub}"


def test_it_is_read_as_it_was_written(made):
    """Each exercise is found in its cell, and nothing has to be told but the cell that checks."""
    lesson = Course(ROOT).lesson("lesson1")
    found = notebooks.read(made, "lesson1.ipynb", lesson)
    assert list(found.modules) == [exercise.name for exercise in lesson.exercise]
    assert found.notes == ()


def test_headings_in_code_are_code(project):
    """A `##` in an example does not cut the page."""
    page = project / "assignments" / "lesson1" / "README.md"
    text = page.read_text("utf-8").replace("## ex02", "```\n## ex02 is no heading\n```\n\n## ex02", 1)
    page.write_text(text, "utf-8")
    cells = nbformat.reads(pages.notebook(Course(project), "lesson1").decode(), 4).cells
    assert next(cell.source for cell in cells if "is no heading" in cell.source).startswith("## ex01")


def test_a_page_without_a_section(project):
    """An exercise that the page does not speak of is the author's to mend."""
    page = project / "assignments" / "lesson1" / "README.md"
    page.write_text(page.read_text("utf-8").replace("## ex03", "## About ex03"), "utf-8")
    with pytest.raises(LessonError, match=r"README.md: there is no section for ex03"):
        pages.notebook(Course(project), "lesson1")


def test_the_command(project, made):
    """`grader notebook lesson1` writes the file, and never over another one."""

    def run(*args):
        command = [shutil.which("grader", path=Path(sys.executable).parent), "notebook", *args]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)

    written = run("lesson1")
    assert (written.returncode, (project / "lesson1.ipynb").read_bytes()) == (0, made)
    assert "lesson1.ipynb" in written.stdout
    again = run("lesson1")
    assert (again.returncode, "--out" in again.stderr) == (2, True)
    assert run("lesson1", "--out", "mine.ipynb").returncode == 0
    unknown = run("lesson9", "--out", "x.ipynb")
    assert (unknown.returncode, "Traceback" in unknown.stderr) == (2, False)
