"""`grader release`: what students get works by its own README, says no answers, and notices what was edited."""

import ast
import csv
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.authoring import release
from grader.cli import main
from grader.course import manifest
from grader.course.lessons import Course
from grader.errors import GraderError

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
LESSON = "lesson1"
HOME = f"assignments/{LESSON}"
SOLUTIONS = ROOT / "tests" / "solutions" / LESSON
PATIENCE = 300  # seconds; it waits for downloads
OUTSIDE = {"grader", "assignments", "cassettes", "conftest.py", "pyproject.toml", "README.md", "LICENSE"}


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """An edition of all lessons, which tests leave as it is."""
    folder = tmp_path_factory.mktemp("published") / "course"
    release.release(COURSE, COURSE.lessons(), folder)
    return folder


@pytest.fixture
def edition(published, tmp_path):
    """A student's copy of it."""
    shutil.copytree(published, tmp_path / "course")
    return tmp_path / "course"


def typed(*arguments, folder):
    """What a command of `grader` answers in a folder."""
    command = [sys.executable, "-m", "grader.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def shell(command, folder):
    """What a line that a student types answers in a folder."""
    options = {"cwd": folder, "capture_output": True, "text": True, "timeout": PATIENCE, "check": False}
    return subprocess.run(["/bin/bash", "-c", command], **options)  # noqa: PLW1510 - it stands in the options


def said(path):
    """The lines of a solution that say something: without docstrings, and longer than a usual name."""
    tree = ast.parse(path.read_bytes())
    strings = {
        node.value.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and hasattr(node.value, "value")
    }
    told = {line.strip() for text in strings if isinstance(text, str) for line in text.splitlines()}
    lines = {line.strip() for line in path.read_text("utf-8").splitlines()}
    return {
        line for line in lines - told if len(line) > 40 and not line.startswith(("#", '"""', "import", "from"))
    }


# --- what is in it


def test_it_holds_nothing_of_authors(published):
    """No solutions, variants, mistakes, attacks, benchmarks, tests; only what has a place at the top level."""
    names = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert {name.split("/")[0] for name in names if not name.startswith(".")} == OUTSIDE
    assert not [name for name in names if name.startswith("tests/")]
    contents = {path.read_bytes() for path in published.rglob("*") if path.is_file()}
    answers = [
        path for kind in ("solutions", "variants", "mistakes") for path in (ROOT / "tests" / kind).rglob("*.py")
    ]
    assert len(answers) > 100
    assert not [path for path in answers if path.read_bytes() in contents]


def test_no_line_of_a_solution_is_in_it(published):
    """But for what the page and the stubs say themselves, and for checks, which compute what they expect."""
    given = "".join(path.read_text("utf-8") for path in (ROOT / HOME).glob("*.*") if path.suffix in (".md", ".py"))
    files = [
        path for path in (published / "assignments").rglob("*") if path.is_file() and path.parent.name != "checks"
    ]
    text = "\n".join(path.read_text("utf-8") for path in files)
    lines = {line for path in SOLUTIONS.glob("*.py") for line in said(path)}
    assert len(lines) > 50
    assert sorted(line for line in lines if line in text and line not in given) == []


def test_stubs_are_unsolved(published):
    """Each exercise's file is the project's stub, and the original beside it is the same."""
    for exercise in COURSE.lesson(LESSON).exercise:
        stub = (published / HOME / exercise.file).read_bytes()
        assert stub == (ROOT / HOME / exercise.file).read_bytes()
        assert stub == (published / manifest.original(f"{HOME}/{exercise.file}")).read_bytes()


def test_lesson_toml_shows_no_lines_of_solutions(published):
    """`equivalent` is gone, all else is the same; comments stay, and long texts that look like tables."""
    text = (published / HOME / "lesson.toml").read_text("utf-8")
    assert "equivalent" not in text
    assert Course(published).lesson(LESSON) == COURSE.lesson(LESSON).published()


TRICKY = """#:schema ../lesson.schema.json
title = "T"  # a comment

[[exercise]]
name = "ex01_a"
title = "T"
points = 1
hints = ['''
[[exercise.equivalent]]
is in a text''']

[[exercise.equivalent]]
old = '''
[[exercise]]
secret = 1'''
new = "secret"
reason = "r"

 [[ exercise ]] # the second
name = "ex02_b"
title = "T"
points = 1
hints = ["h"]
"""


def test_equivalents_are_taken_out_whatever_they_look_like(tmp_path):
    """Long texts that look like tables; and a form that cannot be taken out is refused."""
    folder = tmp_path / "assignments" / "odd"
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(TRICKY)
    text = release.without_answers(Course(tmp_path), "odd")
    assert "secret" not in text
    assert [len(one.get("equivalent", ())) for one in tomllib.loads(text)["exercise"]] == [0, 0]
    assert "is in a text" in text
    assert "# a comment" in text
    inline = TRICKY.partition("[[exercise.equivalent]]\nold")[0]
    (folder / "lesson.toml").write_text(inline + '\nequivalent = [{old = "a", new = "b", reason = "r"}]\n')
    with pytest.raises(GraderError, match="could not be taken out"):
        release.without_answers(Course(tmp_path), "odd")


def test_its_configuration_is_the_projects(published):
    """But for where plain `pytest` looks."""
    theirs, ours = (tomllib.loads((root / "pyproject.toml").read_text("utf-8")) for root in (published, ROOT))
    assert theirs["tool"]["pytest"]["ini_options"].pop("testpaths") == ["assignments"]
    assert ours["tool"]["pytest"]["ini_options"].pop("testpaths") == ["tests"]
    assert theirs == ours


def test_the_same_project_gives_the_same_edition(published, tmp_path):
    """Byte for byte, so that its name says what is in it."""
    release.release(COURSE, COURSE.lessons(), tmp_path / "again")
    files = [path.relative_to(published) for path in published.rglob("*") if path.is_file()]
    assert all((tmp_path / "again" / path).read_bytes() == (published / path).read_bytes() for path in files)


# --- where it is written


def test_only_an_edition_is_written_to(tmp_path):
    """A folder with other files, a file, and the project itself stay as they are; an empty folder will do."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("x")
    for place in (tmp_path / "full", tmp_path / "full" / "thesis.txt", ROOT):
        with pytest.raises(GraderError, match="it holds other files, and no edition"):
            release.release(COURSE, [LESSON], place)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]
    (tmp_path / "empty").mkdir()
    release.release(COURSE, [LESSON], tmp_path / "empty")
    assert manifest.of(tmp_path / "empty").lessons == (LESSON,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "full"]


def test_a_release_onto_an_edition_keeps_answers(edition):
    """As `grader update` does."""
    shutil.copy(SOLUTIONS / "ex03_hello.py", edition / HOME)
    (edition / HOME / "checks" / "test_ex03_hello.py").write_text("")
    lines = release.release(COURSE, COURSE.lessons(), edition)
    assert lines[0].startswith(
        f"{HOME}/checks/test_ex03_hello.py: it is as your course published it. What you had: "
    )
    assert (edition / HOME / "ex03_hello.py").read_bytes() == (SOLUTIONS / "ex03_hello.py").read_bytes()


def test_a_lesson_is_not_taken_out_by_the_way(edition):
    """An edition keeps the lessons that it has."""
    (edition / "assignments" / "lesson0").mkdir()
    known = manifest.of(edition)
    (edition / manifest.NAME).write_bytes(manifest.made(["lesson0", *known.lessons], {}, {}).content())
    with pytest.raises(GraderError, match="it has lesson0, too"):
        release.release(COURSE, [LESSON], edition)


STUB = f"{HOME}/ex03_hello.py"
CHECKS = f"{HOME}/checks/test_ex03_hello.py"
TAKE = f"cassettes/{LESSON}/ex03_hello/a.yaml"
UNSOUND = {
    "a solution in the place of a stub": (
        {STUB: (SOLUTIONS / "ex03_hello.py").read_text("utf-8")},
        f"{STUB}: the stub is passed, with 6 points",
    ),
    "a check that is no Python": ({CHECKS: "import pytest\n\ndef test_(:"}, f"{CHECKS}:3: this is not Python: "),
    "wrong points": ({CHECKS: "def test_none(student):\n    pass\n"}, "its checks add up to 0"),
    "a cassette that is no YAML": ({TAKE: "{"}, f"{TAKE}: "),
    "a broken quiz": ({f"{HOME}/quiz.toml": "["}, f"{HOME}/quiz.toml:1: this is not TOML"),
}


@pytest.mark.parametrize(
    "what",
    [what if not number else pytest.param(what, marks=pytest.mark.full) for number, what in enumerate(UNSOUND)],
)
def test_what_verify_refuses_is_not_handed_out(project, what):
    """Above all no answers: the problem is told in words of verify, and nothing is written."""
    changes, told = UNSOUND[what]
    for name in ("LICENSE", "README.md", ".gitignore", ".env.example", ".ci/constraints.txt"):
        (project / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    for name, text in changes.items():
        (project / name).write_text(text, "utf-8")
    done = typed("release", "../out", folder=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project.parent / "out").exists()


# --- how it works


@pytest.mark.parametrize("in_ci", ["", "true"])
def test_commands_of_authors_say_where_they_belong(edition, monkeypatch, in_ci):
    """No traceback and no list of missing files, but a sentence; the same in CI, which refuses other things."""
    monkeypatch.setenv("CI", in_ci)
    for command in (["verify"], ["mutate", LESSON], ["record", LESSON], ["translate"], ["release", "x"]):
        done = typed(*command, folder=edition)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("This is a student edition, without solutions.")
    done = typed("doctor", "--attacks", folder=edition)
    assert done.returncode == 2
    assert "the student edition has none" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_what_was_edited(edition):
    """A changed check, a missing cassette, a check that was added; nothing in an edition with answers."""
    shutil.copy(SOLUTIONS / "ex03_hello.py", edition / HOME)
    done = typed("doctor", folder=edition)
    assert (done.returncode, "To mend" in done.stdout) == (0, False)
    assert f"edition {manifest.of(edition).edition}" in done.stdout
    (edition / HOME / "checks" / "test_ex03_hello.py").write_text("def test_easy(): pass\n")
    (edition / "cassettes" / LESSON / "ex03_hello" / "b.yaml").unlink()
    (edition / HOME / "checks" / "test_more.py").write_text("")
    done = typed("doctor", folder=edition)
    assert done.returncode == 1
    assert f"To mend: {HOME}/checks/test_ex03_hello.py: it was changed; `grader update NEW`" in done.stdout
    assert f"To mend: cassettes/{LESSON}/ex03_hello/b.yaml: it is missing; `grader update NEW`" in done.stdout
    assert f"To mend: {HOME}/checks/test_more.py: it is not part of your course's files; delete it." in done.stdout


def test_a_run_tells_that_checks_were_edited(edition, grade):
    """In its notes, and only there: the verdict is that of the checks that ran."""
    target = [f"{HOME}/ex03_hello.py"]
    assert not grade(SOLUTIONS, root=edition, target=target).report["environment"]["notes"]
    checks = edition / HOME / "checks" / "test_ex03_hello.py"
    checks.write_text(checks.read_text("utf-8") + "\n# easier\n", "utf-8")
    graded = grade(SOLUTIONS, root=edition, target=target)
    shown = " ".join(graded.stdout.split())
    assert f"Note: {HOME}/checks/test_ex03_hello.py is not as your course published it." in shown
    (edition / "conftest.py").write_text((edition / "conftest.py").read_text("utf-8") + "\n")
    graded = grade(SOLUTIONS, root=edition, target=target)
    (note,) = graded.report["environment"]["notes"]
    assert note.startswith(f"2 files, as {HOME}/checks/test_ex03_hello.py, are not as published.")


def test_a_damaged_manifest_stops_nothing(edition, grade):
    """A run tells it as it tells of a changed check; so does doctor."""
    (edition / manifest.NAME).write_text("{")
    graded = grade(SOLUTIONS, root=edition, target=[f"{HOME}/ex03_hello.py"])
    assert (graded.code, graded.stderr) == (0, "")
    (note,) = graded.report["environment"]["notes"]
    assert note.startswith(f"{manifest.NAME} is not as your course published it.")
    done = typed("doctor", folder=edition)
    assert (done.returncode, f"To mend: {manifest.NAME}: it is damaged" in done.stdout) == (1, True)


def test_a_grade_is_the_same_in_edition_and_project(published, grade, submit):
    """The same `result`, byte for byte: hashes of checks and cassettes included."""
    some = submit({"ex03_hello.py": (ROOT / HOME / "ex03_hello.py").read_bytes()})
    assert grade(some, root=published).canonical == grade(some).canonical


def test_a_class_can_hand_in_whole_editions(edition, tmp_path):
    """What students wrote is graded, never the originals that are kept beside it, whichever files they deleted."""
    shutil.copy(SOLUTIONS / "ex01_api_key.py", edition / HOME)
    (edition / HOME / "ex03_hello.py").unlink()
    (tmp_path / "class").mkdir()
    shutil.make_archive(str(tmp_path / "class" / "ada"), "zip", edition)
    typed("batch", tmp_path / "class", "--lesson", LESSON, "--out", tmp_path / "out", folder=ROOT)
    typed("export", tmp_path / "out", folder=ROOT)
    (table,) = (tmp_path / "out").rglob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["student"], row["ex01_api_key"], row["score"]) == ("ada", "6", "6")
    assert "ex03_hello: failed" in row["not_passed"]


def test_update_is_a_command(edition, published, tmp_path):
    """From a zip, in the student's folder; then all is in order again."""
    (edition / HOME / "checks" / "test_ex03_hello.py").write_text("")
    archive = shutil.make_archive(str(tmp_path / "new"), "zip", published)
    done = typed("update", archive, folder=edition)
    assert (done.returncode, done.stderr) == (0, "")
    assert "What you had: assignments/lesson1/checks/test_ex03_hello.py.before-update" in done.stdout
    assert typed("doctor", folder=edition).returncode == 0
    assert typed("update", tmp_path, folder=tmp_path).returncode == 2


# --- README.md


def commands(text):
    """What README.md tells a student to type: indented lines, and code in sentences that begins with a command."""
    blocks = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    return {*blocks, *re.findall(r"`((?:pytest|grader|pip|source) [^`]+)`", text)}


LATER = (  # needs a key, a download of 430 MB, or a person; each of their options is known, though
    "pytest assignments/lesson1 -k ex01 --live",
    "pytest assignments/lesson1 -k ex01 --pdb",
    "grader model start",
    'pip install -e ".[local-model]"',
    "py -m venv",
    "source ",
)


@pytest.mark.full
def test_readme_promises_what_works(edition, monkeypatch):
    """Each command of the students' README runs and ends as it should; none stands there untried."""
    text = (edition / "README.md").read_text("utf-8")
    assert "only those keep an answer secret" in text.lower()
    shutil.make_archive(str(edition.parent / "NEW"), "zip", edition)
    left = [one for one in sorted(commands(text)) if not one.startswith(LATER) and "venv" not in one]
    assert {"grader doctor", "grader update NEW"} <= set(left)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(edition))
    for command in sorted(left, key=lambda one: "submission" in one):  # a notebook is written before it is graded
        own = command.partition(" && ")[2] if command.startswith("pip install") else command
        own = own.replace(" NEW", " ../NEW.zip")
        if own:
            done = shell(own, edition)
            assert done.returncode in ({0} if own.startswith("grader") else {0, 1}), (
                f"{own}\n{done.stderr}{done.stdout}"
            )
            assert re.search("points|puntos", done.stdout) or own.startswith("grader"), own
    assert (edition / "report.html").is_file()
    options = {
        option for one in commands(text) if one.startswith("pytest") for option in re.findall("--[a-z-]+", one)
    }
    assert "--live" in options
    told = shell("pytest --help", edition).stdout
    assert [option for option in options if option not in told] == []


def test_its_first_command_is_that_of_the_project():
    """What is tested there holds here."""
    page = release.page(COURSE, {LESSON: COURSE.lesson(LESSON)})
    assert re.search(release.COMMAND, (ROOT / "README.md").read_text("utf-8"))[1] in commands(page)


@pytest.mark.full
def test_a_fresh_folder_works_with_its_first_command(edition, full):
    """With libraries that this command installs: stubs get nothing, and the solutions all points."""
    command = next(
        one for one in commands((edition / "README.md").read_text("utf-8")) if one.startswith("python3 -m venv")
    )
    done = shell(command.replace("python3", sys.executable, 1), edition)
    assert done.returncode == 1, done.stderr
    assert f"\n0 of {full} points\n" in done.stdout
    for path in SOLUTIONS.glob("*.py"):
        shutil.copy(path, edition / HOME)
    done = shell(f".venv/bin/python -m pytest {HOME}", edition)
    assert done.returncode == 0, done.stdout
    assert f"\n{full} of {full} points\n" in done.stdout
    assert "Note: " not in done.stdout
    found = shell(".venv/bin/python -c 'import grader; print(grader.__file__)'", edition)
    assert found.stdout.startswith(str(edition))


def test_the_command_writes_one(tmp_path, monkeypatch):
    """`grader release DIR --lesson lesson1` tells the edition's name; a lesson that is not there is told."""
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, ["release", str(tmp_path / "out"), "--lesson", LESSON])
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    assert manifest.of(tmp_path / "out").edition in done.stdout
    assert CliRunner().invoke(main, ["release", str(tmp_path / "x"), "--lesson", "lesson9"]).exit_code == 2
    assert not (tmp_path / "x").exists()
