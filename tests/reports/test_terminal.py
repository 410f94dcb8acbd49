"""What a student reads: 80 columns, six lines for a failure, no control characters, and the golden summaries.

Rewrite the golden files after a wanted change of the words, then read the difference with `git diff`:

    REWRITE_GOLDEN=1 python -m pytest tests/reports/test_terminal.py
"""

import os
import re
import shutil
import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import CheckResult, Environment, ExerciseResult, Hashes, Report, Result, Verdict
from grader.reports import terminal
from grader.reports.terminal import View

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
LESSON = "assignments/lesson1"
WIDTH = 80
MOST = 6  # lines of one failure

words = st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x24F), min_size=1, max_size=12)
long_words = st.integers(60, 300).map(lambda count: "w" * count)
wide = st.text("日本語テキスト한국어🙂👩‍👩‍👧e\u0301", min_size=1, max_size=120)
controls = st.text(
    "\x00\x07\x08\x1b[31m\r\n\t\x7f\x85\x9b\u200e\u202e\u2028\u2066\ufeff\ud800\U000e0041", max_size=40
)
texts = st.lists(words | long_words | wide | controls | st.text(max_size=40), max_size=12).map(" ".join)
titles = st.text(st.characters(categories=["L", "N", "P", "Z"], max_codepoint=0x7E), min_size=1, max_size=60)

CHECK = CheckResult(
    id="test_reply",
    title="hello() returns the text of the model's reply",
    verdict=Verdict.FAILED,
    points=0,
    max_points=4,
    message="hello() returned None.",
    where="ex03_hello.py:6",
    next="hand the text back with return",
)
VIEW = View(folder=f"{LESSON}/", command=f"pytest {LESSON}", verbose=False, printed={})


def exercise(*checks, name="ex03_hello", title="Hello World", verdict=Verdict.FAILED):
    """An exercise with these checks."""
    return ExerciseResult(
        name=name,
        title=title,
        verdict=verdict,
        score=sum(check.points for check in checks),
        max_score=sum(check.max_points for check in checks),
        checks=checks,
    )


def report(*exercises, whole=True, notes=(), replayed=None):
    """A report about these exercises."""
    result = Result(
        lesson="lesson1",
        whole_lesson=whole,
        score=sum(one.score for one in exercises),
        max_score=sum(one.max_score for one in exercises),
        exercises=exercises,
        hashes=Hashes(submission="", checks="", cassettes=""),
    )
    environment = Environment(
        tier=1, missing="", seconds=1.0, replayed=replayed or {}, notes=tuple(notes), versions={}
    )
    return Report(result=result, environment=environment)


def changed(struct, **fields):
    """The struct with other fields."""
    return msgspec.structs.replace(struct, **fields)


def text_of(lines):
    """Lines without their colours."""
    return [line.text for line in lines]


def columns(text):
    """How many columns a terminal gives to a text."""
    widths = (1 + (unicodedata.east_asian_width(char) in "WF") for char in text if not unicodedata.combining(char))
    return sum(widths)


def fits(lines):
    """Assert that each line fits a terminal and holds nothing that the terminal would obey."""
    for line in text_of(lines):
        assert columns(line) <= WIDTH, line
        assert line.isprintable(), ascii(line)


# --- one failure


def failure(**fields):
    """The lines of a failure whose check differs in these fields; `printed` is what its code printed."""
    printed = fields.pop("printed", "")
    check = changed(CHECK, **fields)
    view = changed(VIEW, printed={("ex03_hello", check.id): printed})
    return terminal.block(exercise(check), check, view)


def test_a_failure_says_what_where_next():
    """A failure is five lines: title and points, place, what was wrong, what was printed, the next step."""
    assert text_of(failure(printed="Hi\n")) == [
        "ex03 hello: hello() returns the text of the model's reply                 0 of 4",
        "  assignments/lesson1/ex03_hello.py:6",
        "  hello() returned None.",
        "  Your code printed: Hi",
        "  Next: hand the text back with return",
    ]


def test_a_failure_without_a_place_has_no_empty_line():
    """Where there is no place, no next step or nothing printed, its line is left out."""
    lines = text_of(failure(where="", next=""))
    assert [line.strip() for line in lines[1:]] == ["hello() returned None."]


@given(texts, texts, texts)
def test_a_failure_fits(message, step, printed):
    """Whatever its texts hold, a failure has at most six lines of 80 columns, without control characters."""
    lines = failure(message=message, next=step, printed=printed)
    assert 1 < len(lines) <= MOST
    fits(lines)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 400,
        "x" * 4000,
        "日本語" * 300,
        "日本語 " * 300,
        "🙂" * 300,
        "e\u0301" * 300,
        "-" * 1000,
        "a-b " * 300,
    ],
    ids=["words", "one word", "wide", "wide words", "emoji", "combining", "hyphens", "hyphenated"],
)
def test_a_long_failure_fits(text):
    """Long texts of any script are cut, and the cut is shown."""
    lines = failure(message=text, next=text, printed=text)
    assert len(lines) == MOST
    fits(lines)
    assert sum(line.endswith("...") for line in text_of(lines)) == 3


def test_a_cut_loses_a_word_or_the_end_of_a_very_long_one():
    """Words are not cut in two, but a long text without blanks, as Chinese or JSON, is shown as far as it fits."""
    assert terminal.wrapped("word " * 40, 1) == ["  " + "word " * 14 + "..."]
    assert terminal.wrapped("x" * 400, 1) == [f"  {'x' * 73} ..."]
    assert terminal.wrapped("日" * 400, 1) == [f"  {'日' * 37} ..."]
    assert terminal.wrapped("no cut here", 1) == ["  no cut here"]


@given(titles, st.integers(0, 99), st.integers(1, 99))
def test_the_first_line_fits(title, points, most):
    """A title that is too long is cut; its exercise and the points are always there."""
    first, *others = failure(title=title, points=points, max_points=most)
    assert first.text.startswith("ex03 hello:")
    assert first.text.endswith(f"  {points} of {most}")
    fits([first, *others])


@given(texts)
def test_a_title_is_harmless(title):
    """A title that is no plain text is shown without control characters."""
    fits(failure(title=title)[:1])


@given(texts)
def test_the_next_step_is_never_lost(message):
    """However long a message is, the next step is shown whole."""
    assert text_of(failure(message=message))[-1] == f"  Next: {CHECK.next}"


@given(st.text("/abc.\x1b[2J\x07\r\n\x9b 日", max_size=40))
def test_a_folder_is_harmless(folder):
    """The name of a submission's folder cannot send control characters either."""
    check = changed(CHECK, message="x")
    view = changed(VIEW, folder=f"{folder}/", command=f"pytest {folder}")
    lines = terminal.block(exercise(check), check, view) + terminal.total(report(exercise(check)).result, view)
    assert all(line.isprintable() for line in text_of(lines))


def test_a_path_is_never_cut():
    """A long path stays in one piece, so that it can be copied."""
    folder = "/home/somebody/courses/language-models/2026/autumn/submissions/group-b/alexandra/"
    check = CHECK
    view = changed(VIEW, folder=folder, command=f"pytest {LESSON} --submission={folder}")
    assert f"  {folder}ex03_hello.py:6" in text_of(terminal.block(exercise(check), check, view))
    lines = text_of(terminal.total(report(exercise(check)).result, view))
    assert any(line.endswith(f"{folder}ex03_hello.py") for line in lines)
    assert f"Then:  {view.command} -k ex03" in lines


# --- the list of exercises


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_line(verdict):
    """Each verdict is a word in the list, in one column with the others, in one of the known colours."""
    line = terminal.exercise_line(exercise(CHECK, verdict=verdict))
    assert line.text == f"  {verdict.replace('_', ' '):13}  0 of 4   ex03  Hello World"
    assert line.markup


def test_only_passed_is_green():
    """Green means points."""
    lines = {verdict: terminal.exercise_line(exercise(CHECK, verdict=verdict)) for verdict in Verdict}
    assert [verdict for verdict, line in lines.items() if "green" in line.markup] == [Verdict.PASSED]


@given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x24F), min_size=1, max_size=40))
def test_the_list_fits(title):
    """The longest title that lesson.toml allows fits with the longest verdict and three-digit points."""
    long = changed(exercise(CHECK, title=title, verdict=Verdict.OUTPUT_LIMIT), score=100, max_score=100)
    fits([terminal.exercise_line(long)])


# --- the summary


def failures(count):
    """An exercise of so many failures."""
    return exercise(*(changed(CHECK, id=f"test_{number}", title=f"title {number}") for number in range(count)))


def test_one_exercise_is_told_in_full():
    """Where one exercise was run, all its failures are shown."""
    lines = text_of(terminal.summary(report(failures(3), whole=False), VIEW))
    assert sum(line.startswith("ex03 hello: title") for line in lines) == 3
    assert not any("more in" in line for line in lines)


def test_several_exercises_are_told_in_short():
    """Where several exercises were run, each shows its first failure and how to see the others."""
    lines = text_of(terminal.summary(report(failures(3), changed(failures(1), name="ex04_response")), VIEW))
    assert sum(": title" in line for line in lines) == 2
    assert f"  2 more in ex03:  pytest {LESSON} -k ex03" in lines
    assert not any("more in ex04" in line for line in lines)


def test_the_same_failure_is_told_once():
    """A failure that all checks of an exercise share, such as a syntax error, is not repeated for each of them."""
    broken = [changed(CHECK, id=f"test_{number}", message="Python cannot read this line.") for number in range(5)]
    lines = text_of(terminal.summary(report(exercise(*broken), whole=False), VIEW))
    assert sum("Python cannot read this line." in line for line in lines) == 1


def test_a_failure_is_told_once_wherever_it_comes_again():
    """Each check has its first line, and the explanation that they share follows once, behind the last of them."""
    same, other = changed(CHECK, title="a"), changed(CHECK, title="b", message="hello() returned 7.")
    lines = text_of(terminal.failures(exercise(same, other, changed(same, title="c")), VIEW, detailed=True))
    assert [line.split("  ")[0] for line in lines if line.startswith("ex03")] == [
        "ex03 hello: a",
        "ex03 hello: c",
        "ex03 hello: b",
    ]
    assert lines.count("  hello() returned None.") == 1


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.BLOCKED])
def test_what_a_student_cannot_mend_is_no_next_step(verdict):
    """A fault of ours or a missing library does not send the student back to a file, but to the next exercise."""
    ours = exercise(changed(CHECK, verdict=verdict), verdict=verdict)
    assert text_of(terminal.total(report(ours).result, VIEW)) == ["0 of 4 points"]
    lines = text_of(terminal.total(report(ours, exercise(CHECK, name="ex04_response")).result, VIEW))
    assert lines[1] == f"Next: go on with {LESSON}/ex04_response.py"


def test_a_full_score_needs_no_next_step():
    """Where everything is passed, the summary names no next step."""
    passed = changed(CHECK, verdict=Verdict.PASSED, points=4, message="", where="", next="")
    lines = text_of(terminal.summary(report(exercise(passed, verdict=Verdict.PASSED)), VIEW))
    assert "4 of 4 points" in lines
    assert not any(line.startswith(("Next:", "Then:")) for line in lines)


def test_a_part_says_so():
    """A part of the lesson is not shown as a score of the whole."""
    lines = text_of(terminal.summary(report(failures(1), whole=False), VIEW))
    assert "0 of 4 points (part of the lesson)" in lines


def test_not_started_is_not_explained():
    """A stub has no failure to read, only a next step."""
    stub = changed(CHECK, verdict=Verdict.NOT_STARTED, message="", where="", next="")
    lines = text_of(terminal.summary(report(exercise(stub, verdict=Verdict.NOT_STARTED)), VIEW))
    assert not any(line.startswith("ex03 hello:") for line in lines)
    assert f"Next: read ex03 in README.md, then fill in {LESSON}/ex03_hello.py" in lines


@given(st.lists(texts, max_size=4))
def test_notes_fit(notes):
    """Names of stray files are shown without control characters, within 80 columns."""
    fits(terminal.footer(report(notes=notes).environment))


def test_many_origins_fit():
    """Cassettes of every origin are counted within 80 columns."""
    origins = {"live": 1000, "local-model": 1000, "documented": 1000, "authored": 1000}
    fits(terminal.footer(report(replayed=origins).environment))


def test_one_exchange_is_singular():
    """Numbers agree with their words."""
    assert "1 exchange replayed" in text_of(terminal.footer(report(replayed={"live": 1}).environment))[1]
    assert "2 exchanges replayed" in text_of(terminal.footer(report(replayed={"live": 2}).environment))[1]


# --- whole summaries


# what a new recording may change
RECORDED = (
    r"(?<=Your code printed: ).+|(?<=Tu código imprimió: ).+"
    r"|\d+ (exchanges replayed|intercambios reproducidos)(\s\([^)]*\))?"
)
SMALL = {  # exercises that stay as they are, however the lesson grows
    "ex01_api_key",
    "ex02_client",
    "ex03_hello",
    "ex04_response",
    "ex07_quiz",
    "ex10_moderation",
}
MIXED = {  # one of each kind of outcome, and a file that is not part of the lesson
    "ex01_api_key": "tests/mistakes/lesson1/ex01_api_key/override.py",
    "ex02_client": "tests/solutions/lesson1/ex02_client.py",
    "ex03_hello": "tests/mistakes/lesson1/ex03_hello/prints_the_reply.py",
    "ex04_response": "def describe(client, question)\n    return {}\n",
    "ex07_quiz": "import os\nos._exit(1)\n",
    "ex10_moderation": "tests/mistakes/lesson1/ex10_moderation/word_list.py",
    "my_notes": "# temperature: 0 to 2\n",
}


def make_small(lesson):
    """Leave only the exercises of SMALL in a copy of the lesson."""
    path = lesson / "lesson.toml"
    head, *exercises = path.read_text("utf-8").split("[[exercise]]\n")
    kept = [text for text in exercises if re.search('name = "(.+)"', text)[1] in SMALL]
    path.write_text("[[exercise]]\n".join([head, *kept]), "utf-8")
    for stub in lesson.glob("ex*.py"):
        if stub.stem not in SMALL:
            stub.unlink()


@pytest.fixture
def summary(grade, project):
    """The summary of a run in which the student's files lie in the lesson's own folder, as on a laptop."""
    make_small(project / LESSON)

    def shown(files, *options):
        for name, content in files.items():
            target = project / LESSON / f"{name}.py"
            if content.startswith("tests/"):
                shutil.copy(ROOT / content, target)
            else:
                target.write_text(content, "utf-8")
        lowest = ("-o", "isolation=1")  # the tier of a summary must not depend on this machine
        return re.sub(RECORDED, "...", grade(None, *lowest, *options, root=project).stdout)

    return shown


@pytest.mark.parametrize("name", ["stubs", "solutions", "mixed", "spanish"])
def test_golden(summary, name):
    """The whole summary of an untouched, a solved and a half-done lesson of six exercises, letter for letter.

    The half-done one in Spanish too.

    It holds no times, no paths outside the project and nothing that was recorded. To accept other words, rewrite
    the files with `REWRITE_GOLDEN=1 python -m pytest tests/reports/test_terminal.py` and read `git diff`.
    """
    files = {
        "stubs": {},
        "solutions": {exercise: f"tests/solutions/lesson1/{exercise}.py" for exercise in SMALL},
        "mixed": MIXED,
        "spanish": MIXED,
    }[name]
    shown = summary(files, *["--lang=es"] * (name == "spanish"))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(shown, "utf-8", newline="\n")
    assert shown == golden.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_golden_fits(path):
    """The golden summaries keep to 80 columns and to six lines for a failure."""
    text = path.read_text("utf-8")
    assert all(columns(line) <= WIDTH for line in text.splitlines())
    for block in re.split(r"\n\n", text):
        if re.match(r"ex\d\d \w+: ", block):
            lines = [line for line in block.splitlines() if not re.match(r"  \d+ (more in|más en) ex", line)]
            assert len(lines) <= MOST
