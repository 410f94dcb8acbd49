"""`grader verify` on a small lesson: it holds as it is, and what an author may get wrong is one line each."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.authoring import verify
from grader.cli import main
from grader.errors import GraderError, LessonError

ROOT = Path(__file__).resolve().parents[2]
LESSON = """title = "Two steps"

[[exercise]]
name = "ex01_double"
title = "Double"
points = 3
hints = ["What is twice a number?"]

[[exercise]]
name = "ex03_hello"
title = "Hello World"
points = 6
hints = ["Where in the reply is the text?"]
"""
CHECKS = '''import pytest


@pytest.mark.points(1)
def test_two(student):
    """double(2) is 4"""
    assert student.double(2) == 4


@pytest.mark.points(2)
def test_text(student):
    """double() repeats a text"""
    assert student.double("ab") == "abab", "A text times 2 is that text twice."
'''
FILES = {
    "assignments/tiny/lesson.toml": LESSON,
    "assignments/tiny/README.md": "# Tiny\n\n## ex01 Double\n\n## ex03 Hello\n",
    "assignments/tiny/ex01_double.py": "def double(x):\n    raise NotImplementedError\n",
    "assignments/tiny/checks/test_ex01_double.py": CHECKS,
    "tests/solutions/tiny/ex01_double.py": "def double(x):\n    return x * 2\n",
    "tests/variants/tiny/ex01_double/sum.py": "def double(x):\n    return x + x\n",
    "tests/mistakes/tiny/ex01_double/square.py": "# fails: test_text\n# says: stopped with TypeError\n"
    "def double(x):\n    return x**2\n",
}
COPIED = {
    "assignments/lesson1/ex03_hello.py": "assignments/tiny",
    "assignments/lesson1/checks/test_ex03_hello.py": "assignments/tiny/checks",
    "tests/solutions/lesson1/ex03_hello.py": "tests/solutions/tiny",
    "tests/variants/lesson1/ex03_hello": "tests/variants/tiny/ex03_hello",
    **{  # some are enough: all of them are proved with the shipped lesson
        f"tests/mistakes/lesson1/ex03_hello/{name}.py": "tests/mistakes/tiny/ex03_hello"
        for name in ("no_model", "old_path", "temperature_too_high")
    },
    "cassettes/lesson1/ex03_hello": "cassettes/tiny/ex03_hello",
    "pyproject.toml": ".",
}
MISTAKE = "tests/mistakes/tiny/ex01_double/square.py"
TAKE = "cassettes/tiny/ex03_hello/a.yaml"
PAGE = "assignments/tiny/README.md"
PATIENCE = 60  # seconds
GUARDED = ROOT / "cassettes/lesson1/ex11_guardrail/a.moderation.yaml"


@pytest.fixture
def course(tmp_path):
    """A lesson of two exercises in a project of its own."""
    root = tmp_path / "course"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name, folder in COPIED.items():
        source, target = ROOT / name, root / folder
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for module in [name for name in sys.modules if name.startswith("assignments.tiny")]:
        del sys.modules[module]  # the checks of another test's course, which pytest would take for this one's
    return root


@pytest.fixture
def problems(course, tmp_path):
    """What verify says after files of the course were changed: {path: (pattern, replacement)}, text, or None."""

    def found(changes):
        for name, change in changes.items():
            path = course / name
            if change is None:
                path.unlink()
            elif isinstance(change, tuple):
                text, count = re.subn(*change, path.read_text("utf-8"), count=1)
                assert count, f"{name} has no {change[0]}"
                path.write_text(text, "utf-8")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(change, "utf-8")
        work = tmp_path / "work"
        work.mkdir()
        return [str(problem) for problem in verify.verify(course, "tiny", work)]

    return found


def test_a_sound_lesson_holds(problems):
    """There is nothing to say about a lesson that is right."""
    assert problems({}) == []


WRONG = {
    "a stub with an answer": (
        {"assignments/tiny/ex01_double.py": "def double(x):\n    return 4\n"},
        "assignments/tiny/ex01_double.py: the stub is failed, with 1 points. Next: let each function raise",
    ),
    "a solution that is wrong": (
        {"tests/solutions/tiny/ex01_double.py": "def double(x):\n    return 2 + x\n"},
        "solution: ex01_double::test_text is failed",
    ),
    "a variant that is wrong": (
        {"tests/variants/tiny/ex01_double/sum.py": "def double(x):\n    return x\n"},
        "tests/variants/tiny/ex01_double/sum.py: ex01_double::test_two is failed",
    ),
    "a mistake that is right": (
        {MISTAKE: (r"x\*\*2", "x * 2")},
        f"{MISTAKE}: it loses nothing, not test_text. Next: mend its line `# fails:` or the checks",
    ),
    "a mistake that loses another check": (
        {MISTAKE: (r"x\*\*2", "x if x == 2 else x * 2")},
        f"{MISTAKE}: it loses test_two, not test_text",
    ),
    "a mistake that hears something else": (
        {MISTAKE: ("TypeError", "ValueError")},
        f'{MISTAKE}: test_text tells the student "double() stopped with TypeError',
    ),
    "no mistake": (
        {MISTAKE: None},
        "ex01_double: it has no typical mistake. Next: add one to tests/mistakes/tiny",
    ),
    "no stub": (
        {"assignments/tiny/ex01_double.py": None},
        "assignments/tiny/ex01_double.py: there is no such file. Next: write it for ex01_double",
    ),
    "a stray file": (
        {"assignments/tiny/checks/test_ex09_old.py": "def test_old(student):\n    '''old'''\n"},
        "assignments/tiny/checks/test_ex09_old.py: it belongs to no exercise of lesson.toml. Next: delete",
    ),
    "no section": ({PAGE: ("## ex03", "## 3")}, f"{PAGE}: no section for ex03_hello. Next: add `## ex03 ...`"),
    "two checks of one name": (
        {"assignments/tiny/checks/test_ex01_double.py": (r"\Z", CHECKS.partition("\n\n\n")[2])},
        "assignments/tiny/checks/test_ex01_double.py:15: there is another test_two, which this one replaces",
    ),
    "a check without a title": (
        {"assignments/tiny/checks/test_ex01_double.py": (r'"""double\(2\) is 4"""', "")},
        "assignments/tiny/checks/test_ex01_double.py:5: test_two has no title. Next: write its docstring",
    ),
    "an unused exchange": (
        {TAKE: (r"(?s)\n  - request:.*?(?=\n  - request:|\Z)", lambda found: found[0] * 2)},
        f"{TAKE}#1: no solution, variant or mistake uses this exchange. Next: delete it",
    ),
    "one take": (
        {"cassettes/tiny/ex03_hello/b.yaml": None},
        "ex03_hello: it has one take only. Next: grader record tiny ex03",
    ),
    "no origin": (
        {TAKE: ("  origin: .*\n", "")},
        f"{TAKE}: the cassette is wrong: Object missing required field `origin`",
    ),
    "a secret": (
        {TAKE: ("Hello World", "sk-proj-aBcDeFgHiJkLmNoPqRsTuVwXyZ")},
        f"{TAKE}: a secret was found in the request's body of exchange 1: an API key",
    ),
    "a change after the recording": (
        {TAKE: ('"content":"', '"content":"Well, ')},
        f"{TAKE}: the cassette was changed after it was checked",
    ),
    "a reply that a guardrail cannot ask about": (
        {"cassettes/tiny/ex03_hello/a.moderation.yaml": GUARDED.read_text("utf-8")},
        "cassettes/tiny/ex03_hello/a.moderation.yaml: there is no moderation of the reply ",
    ),
    "a secret in a comment": (
        {TAKE: ("metadata:\n", "metadata:  # sk-proj-aBcDeFgHiJkLmNoPqRsTuVwXyZ\n")},
        f"{TAKE}: a secret was found in the file: an API key",
    ),
    "a secret in the metadata": (
        {TAKE: ("metadata:\n", 'metadata:\n  by: "sk-proj-aBcDeFgHi\\\\\n    JkLmNoPqRsTuVwXyZ"\n')},
        f"{TAKE}: a secret was found in the metadata: an API key",
    ),
}
BY_HAND = {"a secret", "an unused exchange"}  # in a recorded one the hash would speak first


def by_hand(path):
    """Make a recorded cassette one that claims to be written by hand, and that nobody checked yet."""
    body = re.split("(?=\ninteractions:)", path.read_text("utf-8"))[1]
    path.write_text(f"version: 1\nmetadata:\n  origin: authored\n  note: written by hand{body}", "utf-8")


@pytest.mark.parametrize(
    "what",
    [what if number % 3 == 1 else pytest.param(what, marks=pytest.mark.full) for number, what in enumerate(WRONG)],
)
def test_what_an_author_may_get_wrong(course, problems, what):
    """Each is told in a line with the place and what mends it; no secret is repeated."""
    changes, told = WRONG[what]
    if what in BY_HAND:
        by_hand(course / TAKE)
    found = problems(changes)
    assert [line for line in found if line.startswith(told)], found
    assert all("\n" not in line and ". Next: " in line for line in found)
    assert "aBcDeFgHi" not in "".join(found)


ABSENT = "tests/variants/tiny/ex01_double/absent.py"
WITH_LIBRARY = "# uses: nobody_has\nimport nobody_has\n\ndef double(x):\n    return x + x\n"
NEEDED = {"assignments/tiny/lesson.toml": (r"points = 3\n", 'points = 3\nneeds = ["nobody_has"]\n')}


def test_a_variant_may_use_a_library_that_is_not_here(problems):
    """Where a library that the exercise allows is not installed its variant is blocked, and that is right."""
    assert problems({ABSENT: WITH_LIBRARY, **NEEDED}) == []


def test_a_variant_with_a_library_that_no_exercise_names_fails(problems):
    """A student who used it would lose the points."""
    found = problems({ABSENT: WITH_LIBRARY})
    assert all("There is no library called 'nobody_has' here." in line for line in found)
    assert len(found) == 2


def test_a_variant_that_names_a_library_must_need_it(problems):
    """One that works without the library that it names says something wrong of itself."""
    found = problems({ABSENT: "# uses: nobody_has\ndef double(x):\n    return x + x\n"})
    assert [line.partition(": ex01")[0] for line in found] == [ABSENT, ABSENT]
    assert all("is passed" in line for line in found)


def test_takes_differ(course, problems):
    """Else an answer that holds the reply itself would have all points."""
    shutil.copy(course / TAKE, course / TAKE.replace("a.yaml", "b.yaml"))
    (found,) = [line for line in problems({}) if line.startswith("ex03_hello: two takes give the same reply ")]
    assert found.endswith(". Next: grader record tiny ex03 --seeds 7,107, or write another reply by hand")


def test_a_cassette_written_by_hand_is_checked(course, problems):
    """The SDK's models are asked about it once; what they accepted is noted in it."""
    paths = sorted((course / TAKE).parent.glob("*.yaml"))
    for path in paths:
        by_hand(path)
    assert problems({}) == []
    assert all(re.search(r"\n  checked: [0-9a-f]{64}\n", path.read_text("utf-8")) for path in paths)


def test_what_the_sdk_does_not_know_is_told(course, problems):
    """A field of nobody's, in a cassette written by hand."""
    by_hand(course / TAKE)
    found = problems({TAKE: ('"usage":', '"speed":9,"usage":')})
    assert any(line.startswith(f"{TAKE}: the SDK does not know speed. Next: ") for line in found), found


def test_a_blank_hint_is_refused(problems):
    """lesson.toml itself says what it needs."""
    with pytest.raises(LessonError, match=r"lesson.toml:\d+: exercise\[0\].hints\[0\]"):
        problems({"assignments/tiny/lesson.toml": (r"What is twice a number\?", "  ")})


LATIN = "# caf\u00e9\n".encode("latin-1")


@pytest.mark.parametrize(
    "name",
    ["assignments/tiny/checks/test_ex01_double.py", "tests/solutions/tiny/ex01_double.py", MISTAKE, PAGE],
)
def test_a_file_that_is_not_utf8_is_told(course, problems, name):
    """With its line, and nothing else that would follow from it."""
    (course / name).write_bytes(b"# one\n" + LATIN)
    assert problems({}) == [f"{name}:2: the file is not UTF-8. Next: save it as UTF-8"]


@pytest.mark.parametrize(
    ("folder", "what"),
    [("", "There is no assignments/ here."), ("assignments", "There is no lesson in assignments/.")],
)
@pytest.mark.parametrize(
    "command", ["verify", "verify tiny", "mutate", "mutate tiny", "translate", "record tiny", "release out"]
)
def test_another_folder_is_told(tmp_path, monkeypatch, command, folder, what):
    """Where there is nothing to prove nothing is proved, and that is wrong use, not a success."""
    (tmp_path / folder).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{what} Next: go to ")
    assert done.stderr.endswith("or begin a lesson: grader new lesson1 ex01_topic\n")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((r"import pytest", "import pytest\n\ndef test_(:"), ":8: this is not Python: "),
        (
            (r"import pytest", "import pytest\n\nMODEL = model"),
            ":8: it cannot be imported: NameError: name 'model' ",
        ),
        (
            (r"import pytest", "import pytest\nimport nobody_has"),
            ":7: it cannot be imported: ModuleNotFoundError: ",
        ),
        (
            (r'expect\("chat"', 'expect("chta"'),
            ": test_reply: This is not your code: api.expect('chta'): there is ",
        ),
    ],
)
def test_checks_that_break_are_told_once(problems, change, says):
    """Neither right answers nor their cassettes are blamed."""
    checks = "assignments/tiny/checks/test_ex03_hello.py"
    (found,) = problems({checks: change})
    assert found.startswith(f"{checks}{says}")
    assert found.endswith(". Next: mend it")


@pytest.mark.parametrize("lines", ["# fails: test_text", "# says: stopped with TypeError"])
def test_a_mistake_without_its_first_lines_is_told(problems, lines):
    """By its path, and before anything is graded."""
    what = "its first lines must be `# fails: a_check` and `# says: what it says`"
    assert problems({MISTAKE: (f"{lines}\n", "")}) == [f"{MISTAKE}: {what}. Next: write them"]


@pytest.mark.parametrize("mark", ['"2"', "points=2", "", "2, 3", "True", "-1"])
def test_points_that_are_no_number_are_told(problems, mark):
    """With the check and its line."""
    checks = "assignments/tiny/checks/test_ex01_double.py"
    says = rf"{checks}:10: test_text: its points are no number\. Write points\(2\)\."
    with pytest.raises(GraderError, match=says):
        problems({checks: (r"points\(2\)", f"points({mark})")})


@pytest.mark.parametrize("when", ["while checks are collected", "while an answer is graded"])
@pytest.mark.parametrize("command", ["verify", "mutate"])
def test_ctrl_c_is_no_problem_of_the_lesson(course, command, when):
    """It ends the command as shells expect it."""
    path = course / "assignments/tiny/checks/test_ex01_double.py"
    stop = "raise KeyboardInterrupt\n"
    text = path.read_text("utf-8")
    path.write_text(
        stop if "collected" in when else text.replace("    assert", f"    {stop}    assert", 1), "utf-8"
    )
    typed = [sys.executable, "-m", "grader.cli", command, "tiny"]
    done = subprocess.run(typed, cwd=course, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped with Ctrl-C.\n")


def test_the_command_fails_with_the_problems(course, monkeypatch):
    """One line a problem, a last line with their number, and exit code 1."""
    (course / MISTAKE).unlink()
    monkeypatch.chdir(course)
    done = CliRunner().invoke(main, ["verify", "tiny"])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "tiny: 1 problem"
    done = CliRunner().invoke(main, ["verify", "small"])
    assert done.exit_code == 2
