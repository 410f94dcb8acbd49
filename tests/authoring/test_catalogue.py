"""The catalogues: complete for each language that ships, and easy to bring up to date."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from grader.authoring import catalogue
from grader.errors import GraderError
from grader.reports import languages
from grader.reports.languages import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
LESSON = "assignments/lesson1"


@pytest.fixture(scope="module")
def current():
    """What the code, the checks and the lessons say today."""
    return catalogue.extracted(ROOT)


@pytest.fixture
def course(tmp_path):
    """A project of a few messages, with a Spanish catalogue."""
    for name in ("grader/messages.py", "grader/model.py", "grader/reports/terminal.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "grader/locale").mkdir()
    write(tmp_path, 'assert x, "It is not quite the same."\nassert y, f"It is {kind}."')
    catalogue.update(tmp_path, "es")
    return tmp_path


def write(course, source):
    """Write the checks of the project's only exercise."""
    folder = course / LESSON / "checks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test_ex01_x.py").write_text(source, "utf-8")
    (course / LESSON / "lesson.toml").write_text('title = "A lesson"\n', "utf-8")


def translate(course, english, spanish):
    """Write a translation into the catalogue, as an editor would."""
    path = catalogue.place(course, "es")
    text = path.read_text("utf-8")
    assert f'msgid "{english}"\nmsgstr ""\n' in text
    path.write_text(
        text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{spanish}"'), "utf-8"
    )


def about(problems, english):
    """The problems of one message."""
    return [problem for problem in problems if problem.endswith(repr(english))]


@pytest.mark.parametrize("language", catalogue.languages(ROOT))
def test_every_message_is_translated(language, current):
    """No message is missing, fuzzy or out of use, and each has the fields of the English one.

    Where this fails, run `grader translate`, and write what is missing between the quotes of its `msgstr`.
    """
    path = catalogue.place(ROOT, language)
    assert catalogue.problems(catalogue.read(path), current) == []
    assert len(current) > 300


@pytest.mark.parametrize("language", catalogue.languages(ROOT))
def test_translations_are_texts(language):
    """A translation ends as the English does, and has no blanks around it."""
    for one in catalogue.read(catalogue.place(ROOT, language)):
        if one.id:
            assert one.string == one.string.strip()
            assert one.string.endswith(".") == one.id.endswith("."), one.id
            assert "\n" not in one.string or "\n" in one.id


def test_spanish_ships():
    """Spanish stands beside English, where the installed package has it too."""
    assert languages.shipped() == ["en", "es"]
    assert catalogue.languages(ROOT) == ["es"]


def test_an_update_lists_what_is_missing(course):
    """A new message is added without a translation, and told with the line to write it in."""
    problems = catalogue.update(course, "es")
    (problem,) = about(problems, "It is {kind}.")
    place, line, what = problem.split(":", 2)
    assert what.startswith(" not translated")
    lines = (course / place).read_text("utf-8").splitlines()
    assert lines[int(line) - 1] == 'msgid "It is {kind}."'
    translate(course, "It is {kind}.", "Es {kind}.")
    assert about(catalogue.update(course, "es"), "It is {kind}.") == []


def test_names_of_fields_make_no_other_message(course):
    """The same words with fields of other names are translated once."""
    write(course, 'assert x, f"It is {kind}."\nassert y, f"It is {shown(name)}."\nassert z, f"It is {a.text}."')
    assert len([problem for problem in catalogue.update(course, "es") if "'It is" in problem]) == 1


def test_an_update_changes_nothing_twice(course):
    """Without a new message the file stays as it is, to the byte."""
    path = catalogue.place(course, "es")
    before = path.read_bytes()
    catalogue.update(course, "es")
    assert path.read_bytes() == before


def test_a_changed_message_is_to_be_looked_at(course):
    """The old translation is kept as a draft, which is neither shown nor taken for done."""
    translate(course, "It is not quite the same.", "No es igual del todo.")
    write(course, 'assert x, "It is not quite the same yet."')
    problems = catalogue.update(course, "es")
    (problem,) = about(problems, "It is not quite the same yet.")
    assert "delete the word fuzzy" in problem
    path = catalogue.place(course, "es")
    assert "No es igual del todo." in path.read_text("utf-8")
    assert languages.load(path).sentence("It is not quite the same yet.") == "It is not quite the same yet."


def test_an_old_message_is_dropped(course):
    """A message that nobody says any more leaves the file."""
    translate(course, "It is {kind}.", "Es {kind}.")
    write(course, "")
    problems = catalogue.update(course, "es")
    assert about(problems, "It is {kind}.") == []
    assert "kind" not in catalogue.place(course, "es").read_text("utf-8").partition("It is not")[2]


@pytest.mark.parametrize("spanish", ["Es kind.", "Es {tipo}.", "Es {kind} {kind2}.", "Es {kind", "Es {}."])
def test_fields_must_be_the_same(course, spanish):
    """A translation with other fields, or with a brace that stands alone, is told."""
    translate(course, "It is {kind}.", spanish)
    (problem,) = about(catalogue.update(course, "es"), "It is {kind}.")
    assert "other fields" in problem


def test_problems_of_a_catalogue():
    """What is not listed, and what is no longer said, are told too."""
    current, old = Catalog(), Catalog()
    current.add("new one")
    old.add("old one", "viejo")
    told = catalogue.problems(old, current)
    assert [problem.partition(": ")[2] for problem in told] == [
        "no longer said, run `grader translate`: 'old one'",
        "not listed, run `grader translate`: 'new one'",
    ]


def test_a_new_language(course):
    """A language is added with its code, and ships as soon as its file is there."""
    assert catalogue.update(course, "fr")
    assert languages.shipped(course / "grader/locale") == ["en", "es", "fr"]
    with pytest.raises(GraderError, match="grader translate fr"):
        catalogue.update(course, "nolanguage")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("checks/test_ex03_hello.py", b"import pytest\n\ndef test_(:\n", ":3: this is not Python: "),
        ("checks/test_ex03_hello.py", b'"""caf\xe9"""\n', ":1: this is not Python: "),
        ("lesson.toml", b'title = "T"\n[\n', ":2: this is not TOML: "),
        ("quiz.toml", b'a = "caf\xe9"\n', ":1: the file is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(course, name, content, says):
    """With its line, and nothing is written."""
    path = course / "assignments" / "lesson1" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(GraderError, match=f"^assignments/lesson1/{name}{says}"):
        catalogue.extracted(course)


def test_another_folder_is_told(tmp_path):
    """Outside the project there is nothing to translate."""
    with pytest.raises(GraderError, match="main folder"):
        catalogue.update(tmp_path, "es")


def test_the_command(course):
    """`grader translate` lists one line a message and exits with 1; when all is done, with 0."""

    def run():
        program = "from grader.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, "translate"],
            cwd=course,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    first = run()
    assert first.returncode == 1, first.stderr
    *problems, last = first.stdout.splitlines()
    assert all(problem.startswith(f"grader/locale/es/{CATALOGUE.as_posix()}:") for problem in problems)
    assert last == f"es: {len(problems)} to translate"
    path = catalogue.place(course, "es")
    done = catalogue.read(path)
    for one in done:
        if one.id:
            one.string = one.id
    with path.open("wb") as stream:
        catalogue.write_po(stream, done, width=0)
    again = run()
    assert (again.returncode, again.stdout) == (0, "es: everything is translated\n")
