"""The lesson as a notebook: its page as Markdown, each stub as a cell, and a last cell that runs the checks."""

import re
from pathlib import Path

from grader.course.lessons import Course, Exercise
from grader.course.notebooks import library
from grader.errors import LessonError

HEADING = re.compile(r"^## (?:(ex\d\d)\b)?", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SCRIPT = 'if __name__ == "__main__":'
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
INTRODUCTION = """\
**This lesson as a notebook.** Where the text names a file such as `{file}`, write into the cell below it that
begins with `# {short}`. Leave this first line as it is: it tells the grader which exercise the cell belongs to. If
you need more cells for an exercise, begin each of them with the same line.

Run a cell when it is ready (Shift-Enter). Then run the last cell of the notebook: it checks what you ran."""
SETUP = """\
# setup
# What stands in this cell counts for every exercise, such as imports."""
CHECK = """\
# Run this cell to check the cells that you ran. Run it as often as you like.
from grader.student.jupyter import check

check("{lesson}")"""


def notebook(course: Course, name: str) -> bytes:
    """The notebook file of a lesson; the same lesson gives the same bytes.

    Raises LessonError where the lesson is wrong, GraderError where nbformat is not installed.
    """
    nbformat, lesson = library(), course.lesson(name)
    page = course.folder(name) / "README.md"
    first, *sections = _sections(page.read_text("utf-8") if page.is_file() else "")
    missing = {one.short for one in lesson.exercise} - {short for short, _ in sections}
    if missing:
        shown = page.relative_to(course.root).as_posix()
        raise LessonError(f"{shown}: there is no section for {min(missing)}. Add `## {min(missing)} ...`.")
    make, example = nbformat.v4, lesson.exercise[0]
    texts = [first[1].strip(), INTRODUCTION.format(file=example.file, short=example.short)]
    cells = [make.new_markdown_cell(text, id=f"page-{number}") for number, text in enumerate(texts)]
    cells.append(make.new_code_cell(SETUP, id="setup"))
    for number, (short, text) in enumerate(sections, len(texts)):
        cells.append(make.new_markdown_cell(text.strip(), id=f"page-{number}"))
        for exercise in [one for one in lesson.exercise if one.short == short]:
            stub = _stub(course.folder(name), exercise)
            tag: dict[str, object] = {"grader": {"exercise": exercise.name}}
            if SCRIPT in stub:  # its stub raises when it is run; the cells after it shall run all the same
                tag["tags"] = ["raises-exception"]
            cells.append(make.new_code_cell(stub, id=short, metadata=tag))
    cells.append(make.new_code_cell(CHECK.format(lesson=name), id="check"))
    made = make.new_notebook(cells=cells, metadata=METADATA)
    return f"{nbformat.writes(made)}\n".encode()


def _sections(page: str) -> list[tuple[str, str]]:
    """The page cut at its headings `## ...`: the exercise that each is about (ex03), or empty, and its text."""
    code = [found.span() for found in FENCE.finditer(page)]
    heads = [found for found in HEADING.finditer(page) if not any(a <= found.start() < b for a, b in code)]
    ends = [found.start() for found in heads] + [len(page)]
    parts = [(found[1] or "", page[found.start() : end]) for found, end in zip(heads, ends[1:], strict=True)]
    return [("", page[: ends[0]]), *parts]


def _stub(folder: Path, exercise: Exercise) -> str:
    return f"# {exercise.short}\n{(folder / exercise.file).read_text('utf-8').strip()}"
