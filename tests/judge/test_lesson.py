"""A whole lesson, run as a student runs it: scores, selections, and the same result every time."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = "tests/solutions/lesson1"
MISTAKES = ROOT / "tests" / "mistakes" / "lesson1"
LESSON = "assignments/lesson1"
TWO = ("-k", "ex03 or ex10")
CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture(scope="module")
def solutions(grade):
    return grade(SOLUTIONS)


@pytest.fixture(scope="module")
def stubs(grade):
    return grade(None)


@pytest.fixture(scope="module")
def mistaken(submit):
    """One mistake in every exercise that has any."""
    firsts = [min(folder.glob("*.py")) for folder in MISTAKES.iterdir() if any(folder.glob("*.py"))]
    return submit({f"{path.parent.name}.py": path.read_bytes() for path in firsts})


@pytest.fixture(scope="module")
def mistakes(grade, mistaken):
    return grade(mistaken)


@pytest.fixture(scope="module")
def two(grade, mistaken):
    """A smaller run with failures, for what does not need the whole lesson."""
    return grade(mistaken, *TWO)


# --- the two ends of the scale


def test_solutions_have_full_points(solutions, full):
    """The reference solutions get every point of lesson.toml, and pytest succeeds."""
    assert (solutions.code, solutions.result["score"], solutions.result["max_score"]) == (0, full, full)
    assert set(solutions.verdicts.values()) == {"passed"}
    assert solutions.result["whole_lesson"] is True
    assert not solutions.stderr


def test_points_are_those_of_the_lesson(solutions, lesson):
    """Each exercise of lesson.toml is in the result, in its order, with its title and its points."""
    told = [(one["name"], one["title"], one["max_score"]) for one in solutions.result["exercises"]]
    assert told == [(one["name"], one["title"], one["points"]) for one in lesson["exercise"]]


def test_a_passed_check_has_no_message(solutions):
    """Where nothing is wrong, nothing is said."""
    checks = [check for exercise in solutions.result["exercises"] for check in exercise["checks"]]
    assert all((check["message"], check["where"], check["next"]) == ("", "", "") for check in checks)


def test_stubs_are_not_started(stubs):
    """An untouched lesson has no points; every check of it says `not_started`, and pytest fails."""
    assert (stubs.code, stubs.result["score"]) == (1, 0)
    checks = [check["verdict"] for exercise in stubs.result["exercises"] for check in exercise["checks"]]
    assert set(stubs.verdicts.values()) == set(checks) == {"not_started"}


def test_stubs_say_what_to_do_next(stubs, lesson, full):
    """The summary of an untouched lesson names the first exercise, its file, and the command to try again."""
    first = lesson["exercise"][0]["name"]
    short = first.split("_")[0]
    assert f"0 of {full} points" in stubs.stdout
    assert f"Next: read {short} in README.md, then fill in {LESSON}/{first}.py" in stubs.stdout
    assert f"pytest {LESSON} -k {short}" in stubs.stdout


def test_next_is_the_first_that_is_not_passed(mistakes, mistaken, lesson):
    """The summary goes on with the first exercise that is not passed."""
    first = next(one["name"] for one in lesson["exercise"] if mistakes.verdicts[one["name"]] != "passed")
    assert f"{mistaken.name}/{first}.py" in mistakes.stdout.partition(" points\n")[2]
    assert f"-k {first.split('_')[0]}" in mistakes.stdout.partition(" points\n")[2]


def test_no_words_of_pytest(stubs):
    """A beginner reads no dots, no tracebacks and no banners of pytest."""
    for word in ("====", "test session", "Traceback", "AssertionError", "FAILED", "short test summary"):
        assert word not in stubs.stdout + stubs.stderr


def test_partly_done_is_not_untouched(grade, submit):
    """An exercise of which one function works has its points, and is `failed`, without a word of blame."""
    solution = (ROOT / SOLUTIONS / "ex01_api_key.py").read_text("utf-8")
    begun = (
        solution.partition("def protects_env")[0] + "def protects_env(gitignore):\n    raise NotImplementedError\n"
    )
    graded = grade(submit(ex01_api_key=begun), "-k", "ex01")
    exercise = graded.exercise("ex01")
    assert exercise["verdict"] == "failed"
    assert 0 < exercise["score"] < exercise["max_score"]
    assert {check["verdict"] for check in exercise["checks"]} == {"passed", "not_started"}
    assert not graded.findings("ex01")
    assert "ex01_api_key.py" in graded.stdout.partition(" points")[2]


# --- the same result every time


def test_solutions_give_the_same_bytes(grade, solutions):
    """Two runs over the solutions give the same result, byte for byte."""
    assert grade(SOLUTIONS).canonical == solutions.canonical


def test_mistakes_give_the_same_bytes(grade, mistakes, mistaken, tmp_path):
    """Two runs over a mistake in every exercise give the same result, wherever the files lie."""
    elsewhere = shutil.copytree(mistaken, tmp_path / "a folder of another name")
    assert grade(elsewhere).canonical == mistakes.canonical


def test_the_place_of_the_run_does_not_matter(grade, two, mistaken):
    """A run from inside the lesson's folder gives the same result as one from the project's root."""
    assert grade(mistaken, *TWO, cwd=ROOT / LESSON, target=()).canonical == two.canonical


ODD = {
    # what varies from run to run: in a message, a returned value, an error of the API
    "ex01": """
import os
from dotenv import load_dotenv
def get_key():
    load_dotenv(override=True)
    raise ValueError("what is wrong with " + os.environ["OPENAI_API_KEY"])
def has_key():
    raise ValueError(repr(dict(os.environ)).replace(os.environ["PATH"], ""))
def protects_env(gitignore):
    raise ValueError(repr(object()) + repr(protects_env))
""",
    "ex02": """
from dotenv import load_dotenv
from openai import OpenAI
def make_client():
    load_dotenv(override=True)
    client = OpenAI()
    client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
    return client
""",
    "ex03": """
import os
def hello(client):
    raise ValueError("this folder has no data: " + os.path.dirname(os.getcwd()))
""",
    "ex04": """
import tempfile
def describe(client, question):
    raise KeyError(tempfile.gettempdir())
def cost(*numbers):
    open(__file__ + ".txt")
""",
    "ex07": """
def answers():
    return {"two_settings": f"my answer: {answers}"}
""",
    "ex10": """
def is_flagged(client, text):
    return client.api_key
def flag(client, texts):
    return {client.api_key, "a", "b", "c"}
""",
}


@pytest.fixture(scope="module")
def odd(grade, submit):
    """Two runs over code that shows what varies."""
    folder = submit({path.name: ODD[path.name[:4]] for path in submit().iterdir() if path.name[:4] in ODD})
    some = ("-k", " or ".join(ODD))
    return grade(folder, *some), grade(folder, *some)


@pytest.mark.parametrize("short", ODD)
def test_what_varies_is_left_out(odd, short):
    """Keys, temporary folders and addresses in a student's own texts do not change the result."""
    once, again = (graded.findings(short) for graded in odd)
    assert once
    assert [check["message"] for check in once] == [check["message"] for check in again]


def test_the_result_holds_nothing_of_this_machine(odd, mistakes):
    """No temporary path, no time and no printed output is part of a result."""
    for graded in (*odd, mistakes):
        assert "/tmp" not in graded.canonical.decode()  # noqa: S108 - it is looked for, not used
        assert "grader-" not in graded.canonical.decode()
        assert not {"seconds", "printed"} & set(graded.result)


def test_hashes_tell_what_was_graded(solutions, stubs):
    """Other files of the student change the submission's hash, and no other one."""
    one, other = solutions.result["hashes"], stubs.result["hashes"]
    assert {name for name in one if one[name] != other[name]} == {"submission"}


# --- a part of the lesson


@pytest.fixture(scope="module")
def part(grade, mistaken):
    return grade(mistaken, "-k", "ex03")


def test_k_gives_the_same(part, mistakes):
    """`-k ex03` gives the exercise the same part of the result as the whole lesson."""
    assert part.result["exercises"] == [mistakes.exercise("ex03")]


def test_k_counts_what_ran(part, mistakes):
    """With -k the score counts what ran, and the summary says that it is a part."""
    exercise = mistakes.exercise("ex03")
    assert (part.result["score"], part.result["max_score"]) == (exercise["score"], exercise["max_score"])
    assert part.result["whole_lesson"] is False
    assert "part of the lesson" in part.stdout
    assert "part of the lesson" not in mistakes.stdout


@pytest.mark.parametrize(
    ("target", "ids"),
    [
        (f"{LESSON}/ex03_hello.py", ["test_reply", "test_one_message"]),
        (f"{LESSON}/checks/test_ex03_hello.py", ["test_reply", "test_one_message"]),
        (f"{LESSON}/checks/test_ex03_hello.py::test_reply", ["test_reply"]),
        (f"{LESSON}/ex03_hello.py::test_reply", ["test_reply"]),
        (str(ROOT / LESSON / "ex03_hello.py"), ["test_reply", "test_one_message"]),
    ],
    ids=["stub", "checks", "check", "stub and check", "absolute"],
)
def test_a_path_selects(grade, mistaken, mistakes, target, ids):
    """A stub's path, a checks file's path or one check's name selects those checks, with the same outcome."""
    graded = grade(mistaken, target=[target])
    expected = [check for check in mistakes.exercise("ex03")["checks"] if check["id"] in ids]
    assert graded.exercise("ex03")["checks"] == expected
    assert [one["name"] for one in graded.result["exercises"]] == ["ex03_hello"]
    assert "part of the lesson" in graded.stdout


def test_overlapping_paths_count_once(grade):
    """A check that two arguments select is worth its points once."""
    target = [f"{LESSON}/ex03_hello.py", f"{LESSON}/ex03_hello.py::test_reply"]
    graded = grade(SOLUTIONS, target=target)
    assert (graded.code, graded.result["score"], graded.result["max_score"]) == (0, 6, 6)


@pytest.mark.parametrize(("folder", "target"), [(LESSON, ()), (LESSON, (".",)), (".", ("assignments",))])
def test_the_folder_selects(grade, stubs, folder, target):
    """Inside the lesson's folder no argument is needed; `assignments` is enough while there is one lesson."""
    graded = grade(None, cwd=ROOT / folder, target=target)
    assert graded.code == 1
    assert graded.canonical == stubs.canonical


def test_inside_the_folder_the_paths_are_short(grade):
    """Inside the lesson's folder the summary names files and the command as they are typed there."""
    graded = grade(None, cwd=ROOT / LESSON, target=("ex03_hello.py",))
    assert "then fill in ex03_hello.py\n" in graded.stdout
    assert "pytest . -k ex03" in graded.stdout


# --- pytest's own options


def test_collect_only(grade, lesson):
    """--collect-only lists the checks and grades nothing."""
    graded = grade(SOLUTIONS, "--collect-only")
    assert graded.code == 0
    assert not graded.report
    assert " points" not in graded.stdout
    for exercise in lesson["exercise"]:
        assert f"checks/test_{exercise['name']}.py" in graded.stdout


def test_plain_shows_the_first_failure_of_an_exercise(two):
    """Without -v each exercise shows its first failure, and how to see the others."""
    shown, *others = two.findings("ex10")
    assert f": {shown['title']} " in two.stdout
    assert not any(f": {other['title']} " in two.stdout for other in others)
    assert f"{len(others)} more in ex10:" in two.stdout


def test_v_shows_all_failures(grade, mistaken, two):
    """With -v each failed check is shown."""
    graded = grade(mistaken, *TWO, "-v")
    assert graded.canonical == two.canonical
    for short in ("ex03", "ex10"):
        for check in graded.findings(short):
            assert f": {check['title']} " in graded.stdout
    assert " more in " not in graded.stdout


@pytest.mark.parametrize("options", [("-q",), ("-rA", "--tb=long", "-s"), ("-W", "error")], ids=" ".join)
def test_other_options_change_nothing(grade, mistaken, two, options):
    """Options that are about pytest's own words leave a lesson's words as they are."""
    graded = grade(mistaken, *TWO, *options)
    assert (graded.code, graded.stdout) == (two.code, two.stdout)
    assert graded.canonical == two.canonical


def test_x_stops_and_blames_nobody(grade, submit):
    """-x stops at the first failure; what was not run is nobody's fault, and nobody is sent to a mentor."""
    graded = grade(submit(ex02_client="def make_client():\n    return 1\n"), "-x")
    assert graded.code == 1
    assert graded.exercise("ex01")["verdict"] == "passed"
    assert graded.check("ex02", "test_client")["verdict"] == "failed"
    assert "This is not your code" not in graded.stdout
    assert "mentor" not in graded.stdout


def test_lf_runs_what_failed(grade, submit, project):
    """--lf runs the checks that failed last time."""
    folder = submit(ex02_client="from openai import OpenAI\ndef make_client():\n    return OpenAI(api_key='x')\n")
    first = grade(folder, "-k", "ex02 or ex07", root=project)
    failed = [check["id"] for check in first.exercise("ex02")["checks"] if check["verdict"] != "passed"]
    again = grade(folder, "--lf", root=project)
    assert again.code == 1
    assert [check["id"] for check in again.exercise("ex02")["checks"]] == failed


def test_k_that_selects_nothing(grade):
    """A -k that selects nothing says so, and gives no score."""
    graded = grade(SOLUTIONS, "-k", "ex99")
    assert graded.code == 5
    assert "0 of 0" not in graded.stdout
    assert "ex99" in graded.stdout + graded.stderr


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ex03,ex04", 4), ("ex03 ex04", 4), ("EX03; EX04", 4), ("ex03/ex04", 5), ("ex03 and ex04", 5)],
)
def test_k_with_several_exercises(grade, typed, code):
    """What pytest cannot read, or what no check fits, is answered with how several exercises are selected."""
    graded = grade(SOLUTIONS, "-k", typed)
    assert graded.code == code
    said = graded.stdout + graded.stderr
    assert f'No check fits {typed}. For several exercises write -k "ex03 or ex04".' in said
    assert "Wrong expression" not in said


@pytest.mark.parametrize("typed", ["(ex03", "ex03 or", "hello world"])
def test_k_that_cannot_be_read(grade, typed):
    """What pytest cannot read ends as wrong use, with how an exercise is selected."""
    graded = grade(SOLUTIONS, "-k", typed)
    assert graded.code == 4
    assert f"No check fits {typed}. Look at the spelling; -k ex03 selects an exercise." in graded.stderr


def test_another_wrong_option_stays_pytests(grade):
    """A -m that cannot be read is not taken for a -k."""
    graded = grade(SOLUTIONS, "-m", "a,b", "-k", "ex03")
    assert graded.code == 4
    assert "Wrong expression passed to '-m'" in graded.stderr


def test_a_check_that_does_not_exist(grade):
    """A check's name that does not exist is wrong use, and gives no score."""
    graded = grade(SOLUTIONS, target=[f"{LESSON}/ex03_hello.py::hello"])
    assert graded.code == 4
    assert "hello" in graded.stderr
    assert "0 of 0" not in graded.stdout


# --- around the run


def test_a_key_of_the_user_stays_out(grade, submit):
    """A real key in the user's environment reaches neither student code nor any output."""
    code = "import os\ndef hello(client):\n    print(dict(os.environ))\n    return repr(dict(os.environ))\n"
    graded = grade(submit(ex03_hello=code), "-k", "ex03", env={"OPENAI_API_KEY": CANARY, "GITHUB_TOKEN": CANARY})
    assert graded.exercise("ex03")["score"] < 6
    assert CANARY not in graded.stdout + graded.stderr + str(graded.report)


def test_a_key_of_the_user_changes_nothing(grade):
    """A real key and a base URL in the user's environment do not change the grade."""
    env = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": "http://127.0.0.1:9"}
    graded = grade(SOLUTIONS, "-k", "ex01 or ex02 or ex03", env=env)
    assert graded.code == 0
    assert graded.result["score"] == graded.result["max_score"]


def test_no_temporary_files_stay(grade, mistaken, tmp_path):
    """After a run nothing of it is left in the temporary folder."""
    grade(mistaken, *TWO, env={"TMPDIR": str(tmp_path)})
    assert not list(tmp_path.iterdir())


def test_an_ascii_terminal_is_enough(grade, submit):
    """A message beyond ASCII is shown in some form where the terminal can show ASCII only."""
    code = "def hello(client):\n    raise ValueError('Grüße \N{SNOWMAN}')\n"
    graded = grade(submit(ex03_hello=code), "-k", "ex03", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "POSIX"})
    assert graded.code == 1
    assert "0 of 6 points" in graded.stdout
    assert graded.stdout.isascii()
    assert "Grüße" in graded.first("ex03")["message"]


def test_color_is_ours_only(grade, mistaken, two):
    """With --color=yes the text is the same, with escape sequences for colour and nothing else."""
    graded = grade(mistaken, *TWO, "--color=yes")
    parts = graded.stdout.split("\x1b[")
    assert len(parts) > 1
    assert all(part.partition("m")[0].isdigit() for part in parts[1:])
    assert parts[0] + "".join(part.partition("m")[2] for part in parts[1:]) == two.stdout


def test_the_report_lands_where_the_user_is(grade, tmp_path):
    """A relative --report is relative to the folder in which the command was typed."""
    graded = grade(ROOT / SOLUTIONS, "--report=mine.json", "-k", "ex07", cwd=tmp_path, target=[str(ROOT / LESSON)])
    assert graded.code == 0
    assert (tmp_path / "mine.json").read_bytes().endswith(b"}\n")


def test_the_environment_is_told(solutions):
    """The report tells the isolation tier, what a higher one lacks, the versions, and what was replayed."""
    environment = solutions.report["environment"]
    assert {"tier", "missing", "seconds", "replayed", "notes", "versions"} <= set(environment)
    assert {"openai", "pytest"} <= set(environment["versions"])
    assert set(environment["replayed"]) <= {"live", "local-model", "documented", "authored"}
    assert f"isolation tier {environment['tier']} of 4" in solutions.stdout


def test_nothing_replayed_has_no_origin(stubs):
    """A run that replayed nothing does not count origins of nothing."""
    assert "(0 " not in stubs.stdout
