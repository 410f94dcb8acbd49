"""Whatever lies in the folder or stands on the command line: a clear sentence, and the other exercises graded."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from grader import messages
from grader.judge.checks import MOST_TIMEOUTS

ROOT = Path(__file__).resolve().parents[2]
LESSON = "assignments/lesson1"
SOLUTIONS = ROOT / "tests" / "solutions" / "lesson1"
ASK = """completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello World"}], n=1, temperature=1.3
    )"""
SIX = ("-k", "ex01 or ex02 or ex03 or ex04 or ex07 or ex10")  # enough to see that the others are graded
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def canary(path):
    """Python code that proves that it ran."""
    return f"open({str(path)!r}, 'a').write(__file__ + '\\n')\n"


def unharmed(graded, *bad):
    """Assert that every exercise but these was graded as if nothing had happened."""
    others = {name: verdict for name, verdict in graded.verdicts.items() if not name.startswith(bad)}
    assert others
    assert set(others.values()) == {"passed"}
    for name in others:
        assert graded.exercise(name)["score"] == graded.exercise(name)["max_score"]


def no_traceback(graded):
    """Assert that the user reads sentences, and nothing of our own or of pytest's code."""
    text = graded.stdout + graded.stderr
    for word in ("Traceback", "INTERNALERROR", 'File "', "site-packages"):
        assert word not in text


# --- the command line


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        ([f"{LESSON}9"], [], ["'assignments/lesson19'", ": lesson1."]),
        (["assignments/nothing/here"], [], ["'assignments/nothing/here'", ": lesson1."]),
        ([f"{LESSON}/README.md"], [], ["README.md", "ex03_hello.py"]),
        ([f"{LESSON}/ex99_none.py"], [], ["ex99_none.py", "ex03_hello.py"]),
        ([f"{LESSON}/checks/test_ex99_none.py"], [], ["test_ex99_none.py", "ex03_hello.py"]),
        ([LESSON, "tests/replay"], [], ["both"]),
        ([LESSON], ["--submission=no/such/folder"], ["--submission=no/such/folder", "folder"]),
        ([LESSON], ["--submission=pyproject.toml"], ["--submission=pyproject.toml", "folder"]),
        ([LESSON], ["-o", "call_seconds=soon"], ["call_seconds", "'soon'", "seconds"]),
        ([LESSON], ["-o", "call_seconds=nan"], ["call_seconds", "nan"]),
        ([LESSON], ["-o", "call_seconds=-1"], ["call_seconds", "-1"]),
    ],
    ids=lambda value: " ".join(map(str, value)) or "-",
)
def test_wrong_use(grade, target, options, words):
    """A wrong path or option ends with code 4 and a sentence that names it, before anything is graded."""
    graded = grade(None, *options, target=target)
    assert graded.code == 4
    assert all(word in graded.stderr for word in words)
    assert " points" not in graded.stdout
    no_traceback(graded)


def test_a_misspelt_folder_lists_the_lessons(grade):
    """A path that is no lesson because `assignments` is misspelt is answered with the lessons that exist."""
    graded = grade(None, target=["assignment/lesson1"])
    assert graded.code == 4
    assert "assignments/lesson1" in graded.stdout + graded.stderr


@pytest.mark.parametrize("place", ["missing/report.json", "a_file/report.json", "a_folder"])
def test_a_report_that_cannot_be_written(grade, tmp_path, place):
    """Where the report cannot be written, the summary still comes, then the path and why; the code is 4."""
    (tmp_path / "a_file").touch()
    (tmp_path / "a_folder").mkdir()
    graded = grade(SOLUTIONS, "-k", "ex07", f"--report={tmp_path / place}")
    assert graded.code == 4
    assert "6 of 6 points" in graded.stdout
    assert str(tmp_path / place) in graded.stdout + graded.stderr
    no_traceback(graded)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_file", "a_folder"]


@POSIX
def test_a_report_in_a_locked_folder(grade, tmp_path):
    """A folder that the user may not write to is named; for root the kernel's own folder is such a one."""
    locked = tmp_path if os.geteuid() else Path("/sys/kernel")
    tmp_path.chmod(0o500)
    graded = grade(SOLUTIONS, "-k", "ex07", f"--report={locked / 'report.json'}")
    tmp_path.chmod(0o700)
    assert graded.code == 4
    assert str(locked) in graded.stdout + graded.stderr
    no_traceback(graded)


# --- files that are no modules


@pytest.fixture(scope="module")
def unreadable(grade, submit):
    files = {
        "ex01_api_key.py": None,
        "ex1_api_key.py": "x = 1\n",
        "ex02_client.py": b"# one\n# caf\xe9\n",
        "ex03_hello.py": b"# one\n# two\n\0\n",
        "ex04_response.py": b"#" * (2 << 20),
        "ex07_quiz.py": None,
    }
    return grade(submit(files), *SIX)


@pytest.mark.parametrize(
    ("short", "where", "says"),
    [
        ("ex01", "", "ex1_api_key.py"),
        ("ex02", "ex02_client.py:2", "UTF-8"),
        ("ex03", "ex03_hello.py:3", "null byte"),
        ("ex04", "ex04_response.py", "larger than"),
        ("ex07", "", "There is no ex07_quiz.py"),
    ],
    ids=["similar name", "not UTF-8", "null byte", "2 MB", "missing"],
)
def test_a_file_that_cannot_be_read(unreadable, short, where, says):
    """A file that is missing or is no text is a failure that says what it is, and where."""
    exercise, first = unreadable.exercise(short), unreadable.first(short)
    assert (exercise["verdict"], exercise["score"]) == ("failed", 0)
    assert first["where"] == where
    assert says in first["message"]
    assert first["next"]


def test_the_readable_are_graded(unreadable):
    """Files that cannot be read cost their own exercises only."""
    unharmed(unreadable, "ex01", "ex02", "ex03", "ex04", "ex07")
    no_traceback(unreadable)


def test_no_hint_for_a_file_that_cannot_be_read(unreadable, lesson):
    """The next step after a file that cannot be read is about the file, not a hint about its exercise."""
    hints = {hint for exercise in lesson["exercise"] for hint in exercise["hints"]}
    assert not [check["next"] for check in unreadable.findings("ex04") if check["next"] in hints]


@pytest.fixture(scope="module")
def odd_files(grade, submit, tmp_path_factory):
    folder = submit({f"{name}.py": None for name in ("ex01_api_key", "ex02_client", "ex03_hello")})
    other = tmp_path_factory.mktemp("other") / "solution.py"
    shutil.copy(SOLUTIONS / "ex02_client.py", other)
    os.mkfifo(folder / "ex01_api_key.py")
    (folder / "ex02_client.py").symlink_to(other)
    (folder / "ex03_hello.py").mkdir()
    return grade(folder, *SIX)


@POSIX
@pytest.mark.parametrize("short", ["ex01", "ex02", "ex03"], ids=["FIFO", "symlink", "directory"])
def test_what_is_no_ordinary_file(odd_files, short):
    """A FIFO, a symlink or a directory in the place of a file is the student's failure, and hangs nothing."""
    first = odd_files.first(short)
    assert (odd_files.exercise(short)["verdict"], first["verdict"]) == ("failed", "failed")
    assert "and not a file with text" in first["message"]
    assert first["where"].startswith(short)
    unharmed(odd_files, "ex01", "ex02", "ex03")
    assert odd_files.seconds < 20


@POSIX
@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_a_link_to_a_file_that_cannot_be_read(grade, submit):
    """A symlink is not followed for the submission's hash either."""
    folder = submit(ex03_hello=None)
    (folder / "ex03_hello.py").symlink_to("/proc/self/mem")
    graded = grade(folder, "-k", "ex03 or ex07")
    no_traceback(graded)
    unharmed(graded, "ex03")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_a_file_name_that_is_no_text(grade, submit):
    """A file whose name is not UTF-8 disturbs neither the summary nor the report."""
    folder = submit()
    (folder / os.fsdecode(b"caf\xe9.py")).touch()
    graded = grade(folder, "-k", "ex07")
    no_traceback(graded)
    unharmed(graded)
    assert "caf" in graded.stdout


def test_an_empty_folder(grade, tmp_path):
    """A folder without any exercise is graded; each file is said to be missing."""
    graded = grade(tmp_path)
    assert (graded.code, graded.result["score"]) == (1, 0)
    for exercise in graded.result["exercises"]:
        assert f"{exercise['name']}.py" in graded.first(exercise["name"])["message"]


# --- code that Python cannot load


@pytest.fixture(scope="module")
def unloadable(grade, submit):
    return grade(
        submit(
            ex01_api_key="# one\ndef get_key()\n    return 1\n",
            ex02_client="import numpyy\n",
            ex03_hello="def hello(client):\nreturn 1\n",
            ex04_response="",
            ex07_quiz="def answers():\n    return {“two_settings”: “A”}\n",
            ex10_moderation="def is_flaged(client, text):\n    return True\n",
        ),
        *SIX,
    )


@pytest.mark.parametrize(
    ("short", "where", "says"),
    [
        ("ex01", "ex01_api_key.py:2", "A colon is missing on this line."),
        ("ex02", "ex02_client.py:1", "'numpyy'"),
        ("ex03", "ex03_hello.py:2", "Line 1 ends with a colon, so this line must begin further to the right."),
        ("ex04", "ex04_response.py", "ex04_response.py is empty."),
        ("ex07", "ex07_quiz.py:2", "“"),
        ("ex10", "ex10_moderation.py", "is_flaged()"),
    ],
    ids=["syntax", "library", "indentation", "empty", "smart quotes", "misspelt"],
)
def test_code_that_cannot_be_loaded(unloadable, short, where, says):
    """A file that Python cannot load fails with its line and the reason."""
    exercise, first = unloadable.exercise(short), unloadable.first(short)
    assert (exercise["verdict"], exercise["score"]) == ("failed", 0)
    assert first["where"] == where
    assert says in first["message"]
    no_traceback(unloadable)


@pytest.fixture(scope="module")
def imports(grade, submit):
    return grade(
        submit(
            ex01_api_key="from ex02_client import make_client\n",
            ex02_client="import openai.wrong_name\n",
            ex03_hello=f"import ex04_response\ndef hello(client):\n    {ASK}\n    return 1\n",
            ex07_quiz="raise RuntimeError('not today')\n",
            ex10_moderation="try:\n    import numpyy\nexcept ImportError:\n    numpyy = None\n"
            + (SOLUTIONS / "ex10_moderation.py").read_text("utf-8"),
        ),
        *SIX,
    )


@pytest.mark.parametrize(("short", "name"), [("ex01", "ex02_client"), ("ex03", "ex04_response")])
def test_another_exercise_is_no_library(imports, short, name):
    """Importing another exercise is told apart from a misspelt library."""
    first = imports.first(short)
    assert name in first["message"]
    assert "library" not in first["message"]
    assert "spelling" not in first["next"]


def test_a_part_that_a_library_lacks(imports):
    """Where a library is there and a part of it is not, the message does not say that the library is missing."""
    message = imports.first("ex02")["message"]
    assert "wrong_name" in message
    assert "library called 'openai' " not in message


def test_an_error_at_import(imports):
    """An exception of the file itself is named with its line."""
    first = imports.first("ex07")
    assert first["where"] == "ex07_quiz.py:1"
    assert "RuntimeError: not today" in first["message"]


def test_an_import_that_the_student_guards(imports):
    """A missing library that the student's code expects is no failure."""
    assert imports.verdicts["ex10_moderation"] == "passed"


def test_exceptions_that_are_hard_to_make(grade, submit):
    """Exceptions whose classes want more than a message are the student's failures like any others."""
    graded = grade(
        submit(
            ex03_hello="def hello(client):\n    return b'\\xff'.decode()\n",
            ex04_response="def describe(client, question):\n    return '\\udc80'.encode()\n"
            "def cost(*numbers):\n    raise ExceptionGroup('several', [ValueError('one')])\n",
            ex07_quiz="def answers():\n    raise OSError(2, 'No such file', 'data.txt')\n",
            ex10_moderation="def is_flagged(client, text):\n    raise StopIteration\n"
            "def flag(client, texts):\n    raise SyntaxError('mine')\n",
        ),
        *SIX,
    )
    for short, says in (
        ("ex03", "UnicodeDecodeError"),
        ("ex04", "UnicodeEncodeError"),
        ("ex07", "FileNotFoundError"),
        ("ex10", "StopIteration"),
    ):
        first = graded.first(short)
        assert first["verdict"] == "failed"
        assert says in first["message"]
    assert "ExceptionGroup" in graded.check("ex04", "test_cost")["message"]
    unharmed(graded, "ex03", "ex04", "ex07", "ex10")


# --- files beside the stubs


STRANGERS = ("openai.py", "json.py", "conftest.py", "test_mine.py", "sitecustomize.py", "helper.py")


def test_strangers_are_named_and_left_alone(grade, submit, tmp_path):
    """Files beside the exercises are named in the summary, never imported, and change no grade."""
    proof = tmp_path / "canary"
    files = {name: canary(proof) for name in STRANGERS} | {"pytest.ini": "[pytest]\naddopts = --collect-only\n"}
    graded = grade(submit(files), *SIX)
    assert not proof.exists()
    assert graded.code == 0
    unharmed(graded)
    for name in files:
        assert f"Note: {name} " in graded.stdout
        assert any(name in note for note in graded.report["environment"]["notes"])
    assert graded.canonical == grade(SOLUTIONS, *SIX).canonical


PLANTED = ("conftest.py", "test_mine.py", "checks/conftest.py", "checks/test_mine.py", "more/test_x.py")


def test_a_lesson_is_not_a_package(grade, project, tmp_path):
    """An __init__.py beside the exercises, which pytest would import, is refused with a sentence."""
    proof = tmp_path / "canary"
    proof.touch()
    (project / LESSON / "__init__.py").write_text(canary(proof), "utf-8")
    for target, cwd in (([LESSON], project), ([f"{LESSON}/ex03_hello.py"], project), ((), project / LESSON)):
        graded = grade(None, root=project, target=target, cwd=cwd)
        assert graded.code == 4
        assert f"{LESSON}/__init__.py: a lesson is not a package. Delete this file." in graded.stderr
        assert not proof.read_text("utf-8")


def test_nothing_planted_in_the_lesson_is_imported(grade, project, tmp_path):
    """In the lesson's own folder, too, the judge imports nothing but the registered checks."""
    proof = tmp_path / "canary"
    proof.touch()
    for name in PLANTED:
        planted = project / LESSON / name
        planted.parent.mkdir(exist_ok=True)
        planted.write_text(canary(proof), "utf-8")
    for target, cwd in (([LESSON], project), ([f"{LESSON}/ex03_hello.py"], project), ((), project / LESSON)):
        graded = grade(None, "-k", "ex03 or ex04", root=project, target=target, cwd=cwd)
        assert graded.code == 1
        assert set(graded.verdicts.values()) == {"not_started"}
        assert not proof.read_text("utf-8")


# --- code that does not come back


@pytest.fixture(scope="module")
def ending(grade, submit):
    return grade(
        submit(
            ex01_api_key="import sys\nprint('bye')\nsys.exit(0)\n",
            ex02_client="def make_client():\n    quit()\n",
            ex03_hello="while True:\n    pass\n",
            ex04_response="import os\nos._exit(0)\n",
            ex07_quiz="def answers():\n    while True:\n        pass\n",
            ex10_moderation="import os\n"
            "def flag(client, texts):\n    os.kill(os.getpid(), 11)\n"
            "def is_flagged(*_):\n    os._exit(0)\n"
            "categories = scores_above = input_types = report = to_block = is_flagged\n",
        ),
        *SIX,
        "-o",
        "call_seconds=1",
    )


@pytest.mark.parametrize(
    ("short", "verdict", "where", "says"),
    [
        ("ex01", "failed", "ex01_api_key.py:3", "exit()"),
        ("ex02", "failed", "ex02_client.py:2", "exit()"),
        ("ex03", "timeout", "ex03_hello.py", "1 second"),
        ("ex04", "crashed", "ex04_response.py", "ended Python"),
        ("ex07", "timeout", "ex07_quiz.py", "1 second"),
        ("ex10", "crashed", "ex10_moderation.py", "before it gave an answer"),
    ],
    ids=["exit at import", "exit in call", "loop at import", "loop in call", "_exit at import", "_exit in call"],
)
def test_code_that_does_not_come_back(ending, short, verdict, where, says):
    """A loop, an exit or a crash has its own verdict and no points, whether at import or in a call."""
    exercise = ending.exercise(short)
    assert (exercise["verdict"], exercise["score"]) == (verdict, 0)
    for number, check in enumerate(exercise["checks"]):
        assert (check["verdict"], check["where"]) == (verdict, where)
        was_run = verdict != "timeout" or number < MOST_TIMEOUTS
        assert (says if was_run else messages.TIMEOUTS) in check["message"]


def test_death_by_signal(ending):
    """A process that dies by a signal has crashed, and the next check has a fresh one."""
    assert "ended Python (exit code 0)" in ending.check("ex10", "test_one_text")["message"]
    assert "crashed Python itself (error 11)" in ending.check("ex10", "test_balanced")["message"]


def test_loops_end_in_time(ending):
    """Endless loops cost their time limits and little more."""
    assert ending.seconds < 15
    no_traceback(ending)


def test_one_second_is_one(ending):
    """The time limit is told in English."""
    assert "1 seconds" not in ending.stdout


def test_no_hint_for_code_that_ended(ending, lesson):
    """The next step after an exit or a crash is about that, not a hint about the exercise."""
    hints = {hint for exercise in lesson["exercise"] for hint in exercise["hints"]}
    steps = [check["next"] for exercise in ending.result["exercises"] for check in exercise["checks"]]
    assert not hints & set(steps)


def test_loops_take_no_time_from_others(grade, submit):
    """Loops at import in two exercises leave enough of the submission's time for all the others."""
    loop = "while True:\n    pass\n"
    limits = ("-o", "call_seconds=0.5", "-o", "submission_seconds=6")  # one to twelve, as always
    graded = grade(submit(ex01_api_key=loop, ex02_client=loop), *SIX, *limits)
    assert (graded.verdicts["ex01_api_key"], graded.verdicts["ex02_client"]) == ("timeout", "timeout")
    unharmed(graded, "ex01", "ex02")


# --- more than is good


@pytest.fixture(scope="module")
def too_much(grade, submit):
    return grade(
        submit(
            ex01_api_key="import sys\n"
            "def get_key():\n    print('x' * 100_000_000)\n    return 1\n"
            "def has_key():\n    while True:\n        sys.stderr.write('spam\\n')\n"
            "def protects_env(text):\n    own = []\n    own.append(own)\n    return own\n",
            ex02_client="def make_client():\n    return [0] * 1_000_000\n",
            ex03_hello=f"def hello(client):\n    {ASK}\n    return 'x' * 10_000_000\n",
            ex04_response="def describe(client, question):\n    deep = []\n"
            "    for _ in range(100_000):\n        deep = [deep]\n    return {'text': deep}\n"
            "def cost(*numbers):\n    return 1 << 40_000_000\n",
            ex07_quiz="def answers():\n    return {'two_settings': bytearray(10**11)}\n",
        ),
        *SIX,
        "-o",
        "call_seconds=3",
    )


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("ex01", "test_key_from_file"),
        ("ex01", "test_has_key"),
        ("ex01", "test_ignored"),
        ("ex02", "test_client"),
        ("ex03", "test_reply"),
        ("ex04", "test_text_and_model"),
        ("ex04", "test_cost"),
    ],
    ids=[
        "100 MB printed",
        "endless stderr",
        "recursive",
        "a million items",
        "10 MB string",
        "deep",
        "huge integer",
    ],
)
def test_more_than_is_good(too_much, short, name):
    """A flood of output, and a value too deep, too long or too large, is stopped with its own verdict."""
    check = too_much.check(short, name)
    assert (check["verdict"], check["points"]) == ("output_limit", 0)
    assert "too much" in check["message"] or "more than can be checked" in check["message"]
    assert "xxxxxxxx" not in too_much.stdout + str(too_much.report)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory limit")
def test_too_much_memory(too_much):
    """Memory that is not there is a verdict of its own, with the student's line."""
    first = too_much.first("ex07")
    assert (first["verdict"], first["where"]) == ("memory", "ex07_quiz.py:2")


def test_too_much_leaves_the_others_alone(too_much):
    """A flood costs its own exercise only, and no long time."""
    unharmed(too_much, "ex01", "ex02", "ex03", "ex04", "ex07")
    assert too_much.seconds < 20


# --- values and exceptions that pretend


@pytest.fixture(scope="module")
def pretenders(grade, submit):
    return grade(
        submit(
            ex01_api_key="class Equal:\n"
            "    def __eq__(self, other):\n        return True\n"
            "    def __ne__(self, other):\n        return False\n"
            "    def __bool__(self):\n        return True\n"
            "    __hash__ = object.__hash__\n"
            "class Bad(Exception):\n"
            "    def __str__(self):\n        raise RuntimeError('no text')\n    __repr__ = __str__\n"
            "class Mute:\n    def __repr__(self):\n        raise RuntimeError('no text')\n"
            "def get_key():\n    return Equal()\n"
            "def has_key():\n    raise Bad\n"
            "def protects_env(text):\n    raise KeyError(Mute())\n",
            ex02_client="class Client:\n"
            "    def __getattr__(self, name):\n        return self\n"
            "    def __call__(self, *args, **kwargs):\n        return self\n"
            "    __class__ = property(lambda self: str)\n"
            "def make_client():\n    return Client()\n",
            ex03_hello="class Text(str):\n"
            "    def __eq__(self, other):\n        return True\n    __hash__ = str.__hash__\n"
            f"def hello(client):\n    {ASK}\n    return Text('nothing')\n",
            ex04_response="class Stop(BaseException):\n    pass\n"
            "def describe(client, question):\n    raise Stop('halt')\n"
            "def cost(*numbers):\n    raise KeyboardInterrupt\n",
            ex07_quiz="def answers():\n    yield 'two_settings'\n",
            ex10_moderation="from unittest.mock import ANY, MagicMock\n"
            "def ask(client, text):\n    client.moderations.create(model='omni-moderation-latest', input=text)\n"
            "def is_flagged(client, text):\n    ask(client, text)\n    return ANY\n"
            "def flag(client, texts):\n    ask(client, texts)\n    return [MagicMock() for text in texts]\n",
        ),
        *SIX,
    )


@pytest.mark.parametrize(
    ("short", "name", "says"),
    [
        ("ex01", "test_key_from_file", "Equal"),
        ("ex01", "test_has_key", "Bad"),
        ("ex01", "test_ignored", "KeyError"),
        ("ex02", "test_client", "Client"),
        ("ex03", "test_reply", "Text"),
        ("ex04", "test_question", "Stop: halt"),
        ("ex04", "test_cost", "KeyboardInterrupt"),
        ("ex07", "test_answer[two_settings]", "generator"),
        ("ex10", "test_one_text", "_ANY"),
        ("ex10", "test_balanced", "MagicMock"),
    ],
    ids=lambda value: value if " " not in value else "-",
)
def test_pretenders_fail(pretenders, short, name, says):
    """An object that equals everything, or an exception that breaks, is a plain failure that names its type."""
    check = pretenders.check(short, name)
    assert (check["verdict"], check["points"]) == ("failed", 0)
    assert says in check["message"]


def test_pretenders_have_no_points(pretenders):
    """Of all pretenders only a right request earns points."""
    earned = [pretenders.check("ex03", "test_one_message"), pretenders.check("ex10", "test_every_text_sent")]
    assert pretenders.result["score"] <= sum(check["max_points"] for check in earned)
    no_traceback(pretenders)


# --- requests


@pytest.fixture(scope="module")
def swallowed(grade, submit):
    solution = (SOLUTIONS / "ex02_client.py").read_text("utf-8")
    guarded = "try:\n    {code}\nexcept Exception:\n    pass\n"
    return grade(
        submit(
            ex01_api_key=guarded.format(
                code="import urllib.request as u; u.urlopen('http://example.com', timeout=5)"
            )
            + (SOLUTIONS / "ex01_api_key.py").read_text("utf-8"),
            ex02_client=solution.replace(
                "    load_dotenv()\n",
                "    import socket\n    try:\n        socket.create_connection(('192.0.2.1', 443), 5)\n"
                "    except OSError:\n        pass\n    load_dotenv()\n",
            ),
            ex03_hello="def hello(client):\n    try:\n"
            "        client.chat.completions.create(model='gpt-4o-mini', n=1, temperature=0.5,\n"
            "            messages=[{'role': 'user', 'content': 'Hello World'}])\n"
            "    except Exception:\n        return 'Hello! How can I help you today?'\n",
            ex10_moderation="def is_flagged(client, text):\n    try:\n        client.models.list()\n"
            "    except Exception:\n        return False\n"
            "def flag(client, texts):\n    return [False for text in texts]\n",
        ),
        *SIX,
    )


@pytest.mark.parametrize(
    ("short", "says", "line"),
    [
        ("ex01", "asked example.com", 2),
        ("ex02", "'192.0.2.1'", 11),
        ("ex03", "temperature=0.5", 3),
        ("ex10", "models", 3),
    ],
    ids=["urllib at import", "socket in call", "contract", "other path"],
)
def test_a_swallowed_error_still_counts(swallowed, short, says, line):
    """A forbidden request fails its check with the reason and the line, though student code hid the error."""
    first = swallowed.first(short)
    assert (first["verdict"], first["points"]) == ("failed", 0)
    assert says in first["message"]
    assert first["where"].endswith(f".py:{line}")


def test_swallowed_errors_are_fast(swallowed):
    """No request is retried or waited for; the other exercises are graded."""
    unharmed(swallowed, "ex01", "ex02", "ex03", "ex10")
    assert swallowed.seconds < 15


def test_a_request_after_the_answer(grade, submit):
    """A thread that asks on after its function returned hangs and crashes nothing, and harms no other exercise."""
    code = (
        "import threading\ndef later(client):\n    for _ in range(30):\n        try:\n"
        "            client.models.list()\n        except Exception:\n            pass\n"
        f"def hello(client):\n    {ASK}\n"
        "    threading.Thread(target=later, args=[client]).start()\n"
        "    return completion.choices[0].message.content\n"
    )
    graded = grade(submit(ex03_hello=code), *SIX, "-o", "call_seconds=1")
    unharmed(graded, "ex03")
    assert {check["verdict"] for check in graded.exercise("ex03")["checks"]} <= {"passed", "failed"}


def test_requests_from_several_threads(grade, submit):
    """Threads that are waited for are a right way to ask about several texts."""
    code = (
        (SOLUTIONS / "ex10_moderation.py").read_text("utf-8")
        + "from concurrent.futures import ThreadPoolExecutor\n"
        "def flag(client, texts):\n    with ThreadPoolExecutor(4) as pool:\n"
        "        return list(pool.map(lambda text: is_flagged(client, text), texts))\n"
    )
    unharmed(grade(submit(ex10_moderation=code), "-k", "ex10"))


def test_a_request_in_a_check_without_recordings(grade, submit):
    """A client that is tried where nothing is recorded for it is not told of an argument that was not sent."""
    code = (SOLUTIONS / "ex02_client.py").read_text("utf-8").replace("return OpenAI()", "client = OpenAI()")
    code += (
        "    client.chat.completions.create(model='gpt-4o-mini', messages=[{'role': 'user', 'content': 'Hi'}])\n"
        "    return client\n"
    )
    graded = grade(submit(ex02_client=code), "-k", "ex02")
    assert all("n=1" not in check["message"] for check in graded.findings("ex02"))


# --- what a terminal would obey


@pytest.fixture(scope="module")
def rude(grade, submit):
    evil = r"\x1b[2J\x1b[31mred\x1b]8;;http://evil.example\x07link\x1b]8;;\x07\r\b\x9b1mC1\x00\u202eidib\u2028end"
    folder = submit(
        ex01_api_key=f"def get_key():\n    raise type('\\x1b[31mE', (Exception,), {{}})('{evil}')\n",
        ex02_client=f"raise ValueError('{evil}')\n",
        ex03_hello=f"def hello(client):\n    {ASK}\n    print('{evil}')\n    return '{evil}'\n",
        ex04_response=f"import sys\ndef describe(client, question):\n    sys.stderr.write('{evil}')\n"
        f"    sys.stdout.buffer.write(b'\\xff\\x1b[31m')\n    return {{'{evil}': 1}}\n",
        ex07_quiz=f"def answers():\n    return {{'two_settings': '{evil}'}}\n",
    )
    if sys.platform != "win32":
        (folder / "\x1b[31mred.py").touch()
    return grade(folder, *SIX, "-v")


def test_no_escape_sequence_of_a_student_is_shown(rude):
    """Nothing that a student prints, raises, returns or calls a file reaches the terminal unescaped."""
    odd = {char for char in rude.stdout + rude.stderr if not char.isprintable()} - {"\n"}
    assert not odd
    assert rude.verdicts["ex03_hello"] == "failed"
    unharmed(rude, "ex01", "ex02", "ex03", "ex04", "ex07")


def test_what_was_printed_is_shown_and_not_stored(rude):
    """What a failing call printed is shown to the student, and is no part of the report."""
    assert "Your code printed: " in rude.stdout
    assert "printed" not in str(rude.report)


# --- files of the course that are wrong (in a copy of the project)


def edit(project, name, change):
    """Change a file of the copy; `change` gets its text."""
    path = project / name
    text = change(path.read_text("utf-8"))
    path.write_text(text, "utf-8")


@pytest.fixture
def spoilt(grade, project):
    def add(text):
        return lambda old: old + text

    edit(project, "cassettes/lesson1/ex03_hello/a.yaml", add("\n\t: ["))
    checks = f"{LESSON}/checks"
    edit(project, f"{checks}/test_ex04_response.py", add("\ndef broken(:\n"))
    edit(
        project,
        f"{checks}/test_ex07_quiz.py",
        lambda old: old.replace("    letter = letter_of", "    1 / 0\n    x ="),
    )
    edit(
        project,
        f"{checks}/test_ex10_moderation.py",
        lambda old: old.replace(
            "@pytest.mark.points(1)", "@pytest.mark.skip(reason='later')\n@pytest.mark.points(1)", 1
        ),
    )
    return grade(SOLUTIONS, *SIX, root=project)


def test_a_fault_of_ours_is_called_so(spoilt):
    """A broken cassette or check is an `error`, "This is not your code:", and costs its exercise only."""
    for short, says in (
        ("ex03", "cassettes/lesson1/ex03_hello/a.yaml"),
        ("ex04", "SyntaxError"),
        ("ex07", "ZeroDivisionError"),
        ("ex10", "later"),
    ):
        first = spoilt.first(short)
        assert (spoilt.exercise(short)["verdict"], first["verdict"]) == ("error", "error")
        assert first["message"].startswith("This is not your code: ")
        assert says in first["message"]
        assert "mentor" in first["next"]
    unharmed(spoilt, "ex03", "ex04", "ex07", "ex10")
    assert spoilt.code == 1
    no_traceback(spoilt)


def test_a_fault_of_ours_has_its_line(spoilt):
    """Each exercise has its line in the list, with all its points, also where its checks cannot be read."""
    for exercise in spoilt.result["exercises"]:
        short = exercise["name"].split("_")[0]
        points = f"{exercise['score']} of {exercise['max_score']}"
        line = rf"^  {exercise['verdict']} +{points}   {short}  {re.escape(exercise['title'])}$"
        assert re.search(line, spoilt.stdout, re.MULTILINE)
    assert spoilt.result["max_score"] == sum(exercise["max_score"] for exercise in spoilt.result["exercises"])


def test_a_fault_of_ours_is_not_for_the_student_to_mend(spoilt):
    """Where only our own faults are left, the summary does not send the student back to a file."""
    assert "Next: go on with" not in spoilt.stdout


def test_a_skipped_check_is_not_passed(grade, project):
    """A skipped check has no points, and pytest does not succeed."""
    edit(
        project,
        f"{LESSON}/checks/test_ex03_hello.py",
        lambda old: old.replace(
            "def test_reply(student, api):", "def test_reply(student, api):\n    pytest.skip('x')"
        ),
    )
    graded = grade(SOLUTIONS, "-k", "ex03", root=project)
    check = graded.check("ex03", "test_reply")
    assert (check["verdict"], check["points"]) == ("error", 0)
    assert graded.code == 1


def test_checks_that_are_gone(grade, project, full):
    """Checks that are missing count as not passed: the lesson keeps its points, and pytest does not succeed."""
    (project / LESSON / "checks" / "test_ex10_moderation.py").unlink()
    edit(project, f"{LESSON}/checks/test_ex07_quiz.py", lambda _old: "")
    graded = grade(SOLUTIONS, root=project)
    assert graded.result["max_score"] == full
    assert graded.verdicts["ex10_moderation"] == graded.verdicts["ex07_quiz"] == "error"
    assert graded.code == 1


def check(name, line):
    """A check that says this before it asks the student."""
    return f"""

@pytest.mark.points(0)
def test_{name}(student, api):
    '{name}'
    {line}
    student.hello(api.client())
"""


MISSPELT = {  # what a check says, and what is told
    'api.expect("chta")': "api.expect('chta'): there is no such operation. There are chat, list, ",
    'api.expect("chat", modle="m")': "api.expect('chat'): there is no field 'modle'. There is 'model'",
    'api.expect("moderation", zzz=1)': "api.expect('moderation'): there is no field 'zzz'",
    'api.expect("chat", times="1")': "api.expect('chat'): times='1' is no number of requests",
    'api.expect("chat", times=range(0))': "api.expect('chat'): times=range(0, 0) is no number of requests",
    'api.fail("chat", 418)': "api.fail('chat'): status=418 is none of 429, 500 and 405",
    'api.fail("chat", after=-1)': "api.fail('chat'): after=-1 is no number of requests",
    'api.fail("chat", times=True)': "api.fail('chat'): times=True is no number of requests",
    'api.fail("image")': "api.fail('image'): there is no such operation.",
    'api.nobody_listens("olama")': "api.nobody_listens('olama'): there is no such operation.",
}


def test_a_misspelt_check_is_not_the_students_fault(grade, project):
    """An operation, a field, a number or a status that no request can have is an `error`, and is named."""
    checks = "".join(check(f"misspelt_{number}", line) for number, line in enumerate(MISSPELT))
    edit(project, f"{LESSON}/checks/test_ex03_hello.py", lambda old: old + checks)
    graded = grade(SOLUTIONS, "-k", "misspelt", root=project)
    found = graded.exercise("ex03")["checks"]
    assert {one["verdict"] for one in found} == {"error"}
    for one, says in zip(found, MISSPELT.values(), strict=True):
        assert one["message"].startswith(f"This is not your code: {says}")
    no_traceback(graded)


def test_an_async_check_is_not_passed(grade, project):
    """A check that pytest would never await earns nothing."""
    edit(project, f"{LESSON}/checks/test_ex03_hello.py", lambda old: old.replace("def test_", "async def test_"))
    graded = grade(SOLUTIONS, "-k", "ex03", root=project)
    assert (graded.result["score"], graded.code) == (0, 1)


WRONG = [
    (
        "lesson.toml",
        lambda old: old.replace("points = 6", "points = 'six'", 1),
        "exercise[0].points",
        "points = 'six'",
    ),
    ("lesson.toml", lambda old: old.replace("points = 6", "pionts = 6", 1), "exercise[0].pionts", "pionts"),
    ("lesson.toml", lambda old: old.replace('title = "The client"\n', ""), "exercise[1].title", "2 [[exercise]]"),
    ("lesson.toml", lambda old: old.replace("ex02_client", "ex01_api_key"), "exercise[1].name", "2 ex01_api_key"),
    ("lesson.toml", lambda old: old.replace("points = 6", "points = ", 1), "", "points = "),
    ("lesson.toml", lambda old: old.replace("points = 6", "points = 7", 1), "points", "points = 7"),
    ("quiz.toml", lambda old: old.replace("seed = 7", "seed = 7.5", 1), "seed", "seed = 7.5"),
    ("quiz.toml", lambda old: old.replace("{kept_words}", "{kept_word}", 1), "question[0].draw", "draw = {"),
    ("quiz.toml", lambda old: old.replace('"ex07_quiz"', "ex07_quiz", 1), "", "exercise = ex07_quiz"),
]


@pytest.mark.parametrize(
    "wrong",
    WRONG,
    ids=["type", "unknown", "missing", "twice", "syntax", "sum", "seed", "name in braces", "quiz syntax"],
)
def test_a_wrong_lesson_file(grade, project, wrong):
    """A wrong lesson.toml or quiz.toml ends with code 4 and names file, line and key, and nothing is graded."""
    name, change, key, line = wrong
    edit(project, f"{LESSON}/{name}", change)
    graded = grade(SOLUTIONS, root=project)
    assert graded.code == 4
    lines = (project / LESSON / name).read_text("utf-8").splitlines()
    hits = [number for number, text in enumerate(lines, start=1) if line.removeprefix("2 ") in text]
    number = hits[1 if line.startswith("2 ") else 0]
    assert key in graded.stderr
    assert " points" not in graded.stdout
    assert not graded.report
    no_traceback(graded)
    assert re.search(rf"{LESSON}/{name}:{number}\b", graded.stderr), graded.stderr


def test_no_lesson_file(grade, project):
    """A folder without lesson.toml is no lesson."""
    (project / LESSON / "lesson.toml").unlink()
    graded = grade(None, root=project)
    assert graded.code == 4
    assert "lesson1" in graded.stderr
    no_traceback(graded)
