"""`grader new`, and README.md's walk-through: an exercise from nothing to its proof, in a copy of this project."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.authoring import catalogue, new, release
from grader.authoring.new import MARK
from grader.course.lessons import Course
from grader.errors import GraderError

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
WALK = README.partition("\n### Add an exercise\n")[2].partition("\n### ")[0]
FILES = dict(re.findall(r"^\*\*`(\S+)`\*\*[^\n]*:\n\n```\w+\n(.*?)^```$", WALK, re.MULTILINE | re.DOTALL))
COMMANDS = re.findall(r"^    ((?:grader|pytest) .*)$", WALK, re.MULTILINE)
COUNTED = (
    "assignments/lesson2/ex01_translate.py",
    "checks/test_ex01_translate.py",
    "solutions/lesson2/ex01_translate.py",
)
MOST_LINES = 40
PATIENCE = 300
PROJECT = ("assignments", "grader", "cassettes", "conftest.py", "pyproject.toml", "README.md", "LICENSE", ".ci")
BODY = {
    "model": "gpt-4o-mini",
    "messages": [
        {"role": "system", "content": "Translate what the user says into French."},
        {"role": "user", "content": "Good morning"},
    ],
}
TAKE = """\
version: 1
metadata:
  origin: authored
  note: written by hand for a test of the walk-through; no model was asked
interactions:
  - request:
      method: POST
      uri: https://api.openai.com/v1/chat/completions
      headers:
        accept: [application/json]
        content-type: [application/json]
      body: '{body}'
    response:
      status:
        code: 200
        message: OK
      headers:
        content-type: [application/json]
      body:
        string: '{reply}'
"""


def typed(command, folder):
    """What a line of README.md answers in a folder."""
    words = command.split()
    module = {"grader": "grader.cli", "pytest": "pytest"}[words[0]]
    own = [sys.executable, "-m", module, *words[1:]]
    return subprocess.run(own, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def reply(text):
    """A completion as the provider's schema has it."""
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "logprobs": None,
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 20, "completion_tokens": 2, "total_tokens": 22}
    head = {"id": "chatcmpl-authored", "object": "chat.completion", "created": 1795392000, "model": "gpt-4o-mini"}
    return json.dumps(head | {"choices": [choice], "usage": usage})


def copied(folder):
    """A copy of this project that authors work in."""
    folder.mkdir()
    for name in (*PROJECT, ".gitignore", ".env.example"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


def filled_in(root):
    """Put the walk-through's texts into the files of `grader new`."""
    for path, text in FILES.items():
        assert (root / path).is_file(), f"`grader new` wrote no {path}"
        (root / path).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """A copy in which the walk-through was followed, with takes that were written by hand."""
    root = copied(tmp_path_factory.mktemp("walk") / "project")
    assert typed(COMMANDS[0], root).returncode == 0
    filled_in(root)
    takes = root / "cassettes" / "lesson2" / "ex01_translate"
    takes.mkdir(parents=True)
    for name, text in (("a", "Bonjour"), ("b", "Bon matin")):
        (takes / f"{name}.yaml").write_text(TAKE.format(body=json.dumps(BODY), reply=reply(text)), "utf-8")
    return root


def test_the_walk_through_is_short():
    """Stub, check and solution of an API exercise: at most 40 lines together."""
    lines = [text.count("\n") for path, text in FILES.items() if path.endswith(COUNTED)]
    assert len(lines) == 3
    assert sum(lines) <= MOST_LINES


def test_it_names_each_file_that_is_written(tmp_path):
    """What `grader new` writes is what the walk-through fills in."""
    done = typed(COMMANDS[0], tmp_path)
    written = re.findall(r"^Written: (.+)$", done.stdout, re.MULTILINE)
    assert sorted(written) == sorted(FILES)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == sorted(FILES)
    assert all(MARK in (tmp_path / path).read_text("utf-8") for path in FILES)
    assert not any(MARK in text for text in FILES.values())


def test_verify_lists_what_is_left(tmp_path):
    """Each mark with its line, until none is left; nothing else that would distract from it."""
    root = tmp_path
    shutil.copy(ROOT / "pyproject.toml", root)
    typed(COMMANDS[0], root)
    done = typed("grader verify lesson2", root)
    marks = sum((root / path).read_text("utf-8").count(MARK) for path in FILES)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, f"lesson2: {marks} problems")
    assert all(
        re.match(rf"\S+:\d+: to fill in: \S.+\. Next: .+ {re.escape(MARK)}$", one)
        for one in done.stdout.splitlines()[:-1]
    )
    filled_in(root)
    done = typed("grader verify lesson2", root)
    what = "its checks expect requests, and it has no takes. Next: grader record lesson2 ex01"
    assert done.stdout == f"ex01_translate: {what}\nlesson2: 1 problem\n"


def test_a_lesson_that_is_not_filled_in_is_not_released(tmp_path):
    """Students get no marks of authors; the other lesson can go out."""
    root = copied(tmp_path / "project")
    new.new(Course(root), "lesson2", "ex01_translate")
    with pytest.raises(GraderError, match=r"(?s)to fill in: .*Nothing was written\. Next: grader verify lesson2$"):
        release.release(Course(root), ["lesson1", "lesson2"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    release.release(Course(root), ["lesson1"], tmp_path / "out")


def test_the_walk_through_holds(walked):
    """`grader verify` has nothing to say, the solution has all points, and the stub has none."""
    for command in COMMANDS:
        if not command.startswith(("grader new", "grader record")):
            done = typed(command, walked)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    assert "4 of 4 points" in done.stdout
    assert typed("grader verify lesson2", walked).stdout == "lesson2: everything holds\n"
    stub = typed("pytest assignments/lesson2", walked)
    assert (stub.returncode, "0 of 4 points" in stub.stdout) == (1, True)
    assert "Next: read ex01 in README.md, then fill in assignments/lesson2/ex01_translate.py" in stub.stdout


@pytest.mark.full
def test_the_other_commands_know_a_second_lesson(walked, tmp_path):
    """Mutants, notebook, batch, translation, doctor, and a student edition of both lessons."""
    done = typed("grader mutate lesson2", walked)
    assert done.returncode == 0, done.stdout
    assert "lesson2: " in done.stdout
    assert typed(f"grader notebook lesson2 --out {tmp_path / 'two.ipynb'}", walked).returncode == 0
    assert "def translate" in (tmp_path / "two.ipynb").read_text("utf-8")
    assert nbformat.read(tmp_path / "two.ipynb", 4).cells[-1].source.endswith('check("lesson2")')
    (tmp_path / "class").mkdir()
    shutil.copytree(walked / "tests" / "solutions" / "lesson2", tmp_path / "class" / "ada")
    done = typed(f"grader batch {tmp_path / 'class'} --lesson lesson2 --out {tmp_path / 'out'}", walked)
    assert done.returncode == 0, done.stderr
    typed(f"grader export {tmp_path / 'out'}", walked)
    (table,) = (tmp_path / "out").rglob("*.csv")
    assert re.search(r"^ada,.*\b4\b", table.read_text("utf-8"), re.MULTILINE)
    assert "Your system message does not name the language." in {one.id for one in catalogue.extracted(walked)}
    for secret in ("hidden/checks/test_ex01_translate.py", ".env", "tests/notes.md"):
        (walked / secret).parent.mkdir(parents=True, exist_ok=True)
        (walked / secret).write_text("canary-1f5")
    done = typed(f"grader release {tmp_path / 'course'}", walked)
    assert done.returncode == 0, done.stderr
    assert not [
        path for path in (tmp_path / "course").rglob("*") if path.is_file() and b"canary-1f5" in path.read_bytes()
    ]
    page = (tmp_path / "course" / "README.md").read_text("utf-8")
    assert "| Small tools | 1 exercises, 4 points | `pytest assignments/lesson2` |" in page
    done = typed("grader doctor", tmp_path / "course")
    assert "lesson2: its files are in order" in done.stdout
    for lesson in ("lesson1", "lesson2"):
        done = typed(f"pytest assignments/{lesson} -k ex01", tmp_path / "course")
        assert (done.returncode, f"read ex01 in README.md, then fill in assignments/{lesson}/" in done.stdout) == (
            1,
            True,
        )


@pytest.mark.full
def test_the_walk_through_records(tmp_path, monkeypatch):
    """With the local model, as it is written, by an author at a computer."""
    monkeypatch.delenv("CI", raising=False)
    root = copied(tmp_path / "project")
    for number, command in enumerate(COMMANDS):
        done = typed(command, root)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if number == 0:
            filled_in(root)
    assert "4 of 4 points" in done.stdout


# --- the command's own words


def test_an_exercise_is_added_to_a_lesson(tmp_path):
    """What was there stays as it is, in front of the new entry and section."""
    course = Course(tmp_path)
    new.new(course, "lesson2", "ex01_one")
    folder = tmp_path / "assignments" / "lesson2"
    before = {name: (folder / name).read_text("utf-8") for name in ("lesson.toml", "README.md")}
    (folder / "README.md").write_text(before["README.md"].rstrip(), "utf-8")
    new.new(course, "lesson2", "ex02_two")
    assert [one.name for one in course.lesson("lesson2").exercise] == ["ex01_one", "ex02_two"]
    for name, text in before.items():
        assert (folder / name).read_text("utf-8").startswith(text)
    assert "\n\n## ex02 " in (folder / "README.md").read_text("utf-8")
    assert "$" not in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("lesson", "name", "says"),
    [
        ("lesson2", "topic", "expected names as in"),
        ("lesson2", "ex1_topic", "expected names as in"),
        ("lesson2", "ex01_", "expected names as in"),
        ("../lesson2", "ex01_topic", "expected names as in"),
        ("lesson2", "ex01_Topic", "expected names as in"),
        ("lesson2", "ex01_more", "lesson2 has ex01_one already. Next: choose another number than ex01"),
        ("lesson2", "ex03_for", "ex03_for: no function can be called 'for'. Next: choose another name"),
        ("lesson2", "ex03_1x", "no function can be called '1x'"),
        ("lesson2", "ex03__", "no function can be called '_'"),
        ("lesson2", "ex03_run", "no function can be called 'run'"),
        ("lesson2", "ex02_free", "assignments/lesson2/ex02_free.py is there already"),
    ],
)
def test_nothing_is_written_over(tmp_path, lesson, name, says):
    """A name that is none, a number or a file that is there."""
    new.new(Course(tmp_path), "lesson2", "ex01_one")
    (tmp_path / "assignments" / "lesson2" / "ex02_free.py").write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(GraderError, match=re.escape(says)):
        new.new(Course(tmp_path), lesson, name)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
