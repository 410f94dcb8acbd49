"""A notebook becomes a module for each exercise, and every line keeps its place."""

import contextlib
import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course import notebooks
from grader.course.lessons import Course
from grader.course.notebooks import NotebookError, Place

ROOT = Path(__file__).resolve().parents[2]
NAME = "lesson1.ipynb"
HELLO, KEY = "ex03_hello", "ex01_api_key"


@pytest.fixture(scope="module")
def read():
    """Read a notebook of the shipped lesson, from bytes or from sources of code cells."""
    lesson = Course(ROOT).lesson("lesson1")

    def run(*cells):
        content = cells[0] if isinstance(cells[0], bytes) else saved(*cells)
        return notebooks.read(content, NAME, lesson)

    return run


def saved(*cells):
    """A notebook file; a cell is its source, or whole."""
    whole = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return json.dumps({"cells": whole, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def code(source, **more):
    """A code cell."""
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def texts(notebook):
    """The text of each module."""
    return {name: module.text for name, module in notebook.modules.items()}


@pytest.mark.parametrize(
    "tag",
    [
        "# ex03",
        "#ex03",
        "# ex03_hello",
        "# Ex03: Hello",
        "# EX3",
        "# exercise 3",
        "\n\n# ex03 (mine)",
        "%%time\n# ex03",
    ],
)
def test_the_first_line_ties_a_cell_to_its_exercise(read, tag):
    """As beginners write it; blank lines and a cell magic may stand before it."""
    assert list(read(f"{tag}\nx = 1").modules) == [HELLO]


@pytest.mark.parametrize("line", ["# example 3", "# ex03b", "x = 1  # ex03", "# about ex03", "'# ex03'"])
def test_other_first_lines(read, line):
    """A comment that only begins alike is no tag."""
    assert read("# ex01", line).modules.keys() == {KEY}


def test_metadata_ties_a_cell_too(read):
    """Its name or its short one; the line that the student sees decides."""
    tag = {"metadata": {"grader": {"exercise": HELLO}}}
    found = read(
        code("x = 1", **tag),
        code("# ex01\ny = 1", **tag),
        code("z = 1", metadata={"grader": {"exercise": "ex03"}}),
    )
    assert texts(found) == {HELLO: "x = 1\nz = 1\n", KEY: "# ex01\ny = 1\n"}


def test_cells_of_one_exercise_are_joined(read):
    """In their order, with what stands before the first of them all, and `# setup` wherever it stands."""
    found = read("import os", "# ex03\na = 1", "# ex01\nk = 1", "# setup\nimport re", "# ex03\nb = 2\n\nc = 3")
    assert texts(found) == {
        HELLO: "import os\n# setup\nimport re\n# ex03\na = 1\n# ex03\nb = 2\n\nc = 3\n",
        KEY: "import os\n# setup\nimport re\n# ex01\nk = 1\n",
    }
    module = found.modules[HELLO]
    assert [module.place(line) for line in (1, 2, 5, 7, 9)] == [
        Place(1, 1),
        Place(4, 1),
        Place(2, 2),
        Place(5, 2),
        Place(5, 4),
    ]
    assert (module.place(0), module.place(99)) == (Place(1, 1), Place(5, 4))


def test_markdown_counts_as_a_cell_and_not_as_code(read):
    """Cells are counted as one sees them; code in Markdown is text."""
    found = read({"cell_type": "markdown", "source": "# ex03\nx = 1", "metadata": {}}, "# ex03\nx = 2")
    assert texts(found) == {HELLO: "# ex03\nx = 2\n"}
    assert found.modules[HELLO].place(2) == Place(2, 2)


def test_what_is_left_out_is_told(read):
    """Magics, cells without a tag behind the first one, exercises of another lesson, a broken cell at the top."""
    found = read(
        "!pip install x", "def broken(:", "import os", "# ex03\nx = 1\n%time x", "print(x)", "# ex99\nx", "  "
    )
    assert texts(found) == {HELLO: "pass\nimport os\n# ex03\nx = 1\npass\n"}
    assert found.notes == (
        f"{NAME} cell 1, line 1: `!pip install x` is for Jupyter only. It was left out.",
        f"{NAME} cell 4, line 3: `%time x` is for Jupyter only. It was left out.",
        f"{NAME} cell 6 (`# ex99`) belongs to no exercise of this lesson. It was not used.",
        f"{NAME} cell 2, line 1: invalid syntax. The cell was left out.",
        f"{NAME} cell 5 does not begin with `# ex..`. It was not used.",
    )


def test_notes_do_not_flood(read):
    """A notebook full of shell lines is told in few lines."""
    found = read("# ex03\n" + "!ls\n" * 100)
    assert len(found.notes) == notebooks.MOST_NOTES + 1
    assert found.notes[-1] == f"{NAME}: {100 - notebooks.MOST_NOTES} more notes like these."


def test_outputs_change_nothing(read):
    """What was run, when, and what came out is never looked at."""
    output = {"output_type": "stream", "name": "stdout", "text": "# ex01\n" * 1000}
    run = code("# ex03\nx = 1", outputs=[output, "nonsense", {"output_type": "new"}], execution_count=7)
    assert read(saved(run)) == read("# ex03\nx = 1")


@pytest.mark.parametrize(
    "source", [["# ex03\n", "x = 1"], "# ex03\r\nx = 1", "# ex03\rx = 1", ["# ex03\n", 7, "x = 1"]]
)
def test_how_a_source_may_be_saved(read, source):
    """As one text or in lines, with any line ends."""
    assert texts(read(code(source))) == {HELLO: "# ex03\nx = 1\n"}


@pytest.mark.parametrize("version", [1, 2, 3])
def test_old_versions(read, version):
    """Notebooks of years ago are converted."""
    old = {"cell_type": "code", "input": "# ex03\nx = 1", "language": "python", "outputs": [], "metadata": {}}
    whole = {1: {"cells": [{"cell_type": "code", "code": "# ex03\nx = 1"}]}}.get(
        version, {"worksheets": [{"cells": [old], "metadata": {}}]}
    )
    content = json.dumps({"metadata": {"name": "x"}, "nbformat": version, "nbformat_minor": 0, **whole}).encode()
    assert texts(read(content)) == {HELLO: "# ex03\nx = 1\n"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "has no cells"),
        (b"{}", "wrong in its format .nbformat None"),
        (b'{"nbformat": 4}', "has no cells"),
        (b'{"nbformat": 4, "cells": {"a": 1}}', "has no cells"),
        (b'{"nbformat": 9, "cells": []}', "wrong in its format .nbformat 9"),
        (b'{"nbformat": 3, "worksheets": 1}', "wrong in its format .nbformat 3"),
        (b'{"nbformat": "4", "cells": []}', "wrong in its format .nbformat '4'"),
        (b" " * (notebooks.MOST + 1), "larger than 10 MiB"),
        (saved(*["x"] * (notebooks.MOST_CELLS + 1)), "more than 10000 cells"),
    ],
    ids=range(13),
)
def test_what_is_no_notebook(read, content, says):
    """The reason is the end of a sentence."""
    with pytest.raises(NotebookError, match=says):
        read(content)


@pytest.mark.parametrize(
    "cell", [None, 7, "x", {}, {"cell_type": "code"}, code(None), code(7), code("x", metadata=3)]
)
def test_strange_cells(read, cell):
    """They are passed over; the others count."""
    content = json.dumps(
        {"cells": [cell, code("# ex03")], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    ).encode()
    assert read(content).modules.keys() == {HELLO}


@pytest.mark.parametrize(
    "top", ["(" * 5000, "-" * 100_000 + "1", "x = " + "a." * 50_000 + "b", "\0", "x = '\ud800'"]
)
def test_a_first_cell_that_python_cannot_read(read, top):
    """Nested too deeply, or no text at all: it is left out, and the exercise is not."""
    found = read(
        json.dumps({"cells": [code(top), code("# ex03\nx = 1")], "nbformat": 4, "nbformat_minor": 5}).encode()
    )
    assert found.modules[HELLO].text.endswith("# ex03\nx = 1\n")


@settings(suppress_health_check=list(HealthCheck))
@given(
    sources=st.lists(
        st.sampled_from(["# ex03\nx = 1", "# ex01\nk", "import os", "# setup\ny = 1", "!ls", "def (", "# ex03"]),
        max_size=8,
    )
)
def test_every_line_comes_from_its_place(read, sources):
    """A module's line is the line of the notebook at its place, or `pass` for a magic."""
    found = read(*sources) if sources else read(saved())
    for module in found.modules.values():
        for number, line in enumerate(module.text.splitlines(), 1):
            place = module.place(number)
            assert line in ("pass", sources[place.cell - 1].split("\n")[place.line - 1])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "nbformat", "metadata", "worksheets", "source", "cell_type", "input"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=list(HealthCheck))
@given(JSON)
def test_any_json(read, value):
    """It is read, or refused with a reason; nothing else happens."""
    with contextlib.suppress(NotebookError):
        read(json.dumps(value).encode())


def test_a_notebook_of_nbformat(read):
    """What nbformat itself writes is read."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("# ex03\nx = 1")])
    assert texts(read(nbformat.writes(made).encode())) == {HELLO: "# ex03\nx = 1\n"}
