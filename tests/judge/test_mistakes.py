"""Typical wrong answers lose exactly the points that they should, and get the message that teaches.

A mistake is a file tests/mistakes/lesson1/<exercise>/<name>.py. Its first lines say what must happen:
`# fails: test_a, test_b[case]` (the checks that lose their points: all cases of a check, or the named case) and
`# says: text` (part of a message or of its next step; where the checks differ, one such line for each). A comment
`# <- here` marks each line that a message names.
Where a mistake is not in one file, it is a folder of tests/submissions/lesson1, about ex03.

What the student reads stands in TEXTS.txt beside the mistakes, letter for letter, to be read as one set. After a
wanted change of words, a new mistake or a new recording, rewrite these files and read what `git diff` shows:

    REWRITE_GOLDEN=1 python -m pytest tests/judge/test_mistakes.py
"""

import os
import re
from pathlib import Path

import msgspec
import pytest

from grader import messages
from grader.model import ExerciseResult
from grader.reports import terminal
from grader.reports.terminal import View

ROOT = Path(__file__).resolve().parents[2]
MISTAKES = sorted((ROOT / "tests" / "mistakes" / "lesson1").glob("*/*.py"))
FOLDERS = sorted(path for path in (ROOT / "tests" / "submissions" / "lesson1").iterdir() if path.is_dir())
ALL = [*MISTAKES, *FOLDERS]
EXERCISES = sorted({path.parent.name for path in MISTAKES})
LATER = [name for number, name in enumerate(EXERCISES) if number % 4]
FULL = pytest.mark.full
HEADER = re.compile(r"\A# fails: (?P<fails>[\w\[\]]+(?:, [\w\[\]]+)*) *\n(?P<says>(?:# says: .*\S *\n)+)")
SHORTEST = 15  # characters of `# says:`; fewer would stand in any text
MARK = "# <- here"
WIDTH, MOST = 80, 6
STEPS = [text for name, text in vars(messages).items() if name.startswith("NEXT_")]
# Words that no beginner needs. What the API itself says is quoted as it is.
JARGON = re.compile(
    r"traceback|site-packages|File \"|/lib/|\.pyx?:|coroutine|iterable|subscript|positional|keyword argument"
    r"|NoneType|literal|non-printable|unindent|unterminated|parenthesis|syntaxerror|credential|httpx|pydantic"
    r"|cassette|recording|fixture|assertion|instance|callable|handle|frame|stack|null byte|signal|payload|boolean"
    r"|parse|stdin|EOF",
    re.IGNORECASE,
)
VERBS = re.compile(
    r"(add|append|ask|begin|build|call|catch|change|check|choose|close|collect|compare|copy|count|decide|delete|divide"
    r"|drop|end|fill|find|follow|give|go|hand|join|keep|leave|let|limit|look|make|mend|move|name|open|pass|pick|print|put"
    r"|raise|read|remove|rename|replace|return|run|save|say|send|set|sort|start|stop|store|take|tell|think|treat|try|turn"
    r"|type|use|wait|work|write) "
)


def name_of(path):
    """The name of a mistake in pytest's output."""
    return f"{path.parent.name[:4]}-{path.stem}"


@pytest.fixture(scope="module")
def read(in_cells):
    """For each path the exercise's result, and what the terminal shows."""
    return {path: shown(in_cells[path.relative_to(ROOT).as_posix()]) for path in ALL}


def shown(report):
    """The result of a report's only exercise, and its failures and notes as the terminal shows them."""
    exercise = msgspec.convert(*report["exercises"].values(), ExerciseResult)
    printed = {(name, check): text for name, check, text in report["printed"]}
    lesson = "assignments/lesson1"
    view = View(folder=f"{lesson}/", command=f"pytest {lesson}", verbose=True, printed=printed)
    lines = [line.text for line in terminal.failures(exercise, view, detailed=True)]
    notes = [terminal.wrapped(f"Note: {note}", MOST, indent="") for note in report["notes"]]
    return exercise, "\n".join([*lines, *(line for note in notes for line in note)]).strip()


def failing(exercise):
    """The checks that have something to say."""
    return [check for check in exercise.checks if check.message]


def header(path):
    """What a mistake's first lines promise."""
    found = HEADER.match(path.read_text("utf-8"))
    assert found, f"{path}: the first lines must be `# fails: test_a, test_b` and `# says: text`"
    says = [line.removeprefix("# says: ").strip() for line in found["says"].splitlines()]
    return set(found["fails"].split(", ")), says


@pytest.mark.parametrize("path", MISTAKES, ids=name_of)
def test_mistake(read, path):
    """Exactly the named checks lose their points; each promised text stands in one of their messages."""
    fails, says = header(path)
    checks = read[path][0].checks
    ids = [check.id for check in checks if check.points < check.max_points]
    lost = {id_ if id_ in fails else id_.partition("[")[0] for id_ in ids}
    said = "\n".join(f"{check.message} {check.next}" for check in checks)
    assert lost == fails, said
    assert [text for text in says if text not in said or len(text) < SHORTEST] == []


@pytest.mark.parametrize("path", MISTAKES, ids=name_of)
def test_mistake_is_explained(read, path):
    """Each message says what to do next, and where: in the lines that are marked in the file, and in no others."""
    lines = path.read_text("utf-8").splitlines()
    marked = {str(number) for number, line in enumerate(lines, start=1) if line.rstrip().endswith(MARK)}
    checks = [check for check in read[path][0].checks if check.verdict != "passed"]
    for check in checks:
        assert check.verdict == "failed"
        assert check.message
        assert check.next
    places = {check.where.partition(":") for check in checks}
    assert {file for file, _, _ in places} == {f"{path.parent.name}.py"}
    assert {line for _, _, line in places if line} == marked


@pytest.mark.parametrize("exercise", [*EXERCISES[::4], *(pytest.param(one, marks=FULL) for one in LATER)])
def test_a_students_own_run_says_the_same(grade, submit, read, exercise):
    """A run in a process of its own finds what the warm run finds, and ends with 1."""
    path = next(path for path in MISTAKES if path.parent.name == exercise)
    graded = grade(submit({f"{exercise}.py": path.read_bytes()}), "-k", exercise)
    assert graded.code == 1
    said = [(check["verdict"], check["where"], check["message"]) for check in graded.exercise(exercise)["checks"]]
    assert said == [(check.verdict, check.where, check.message) for check in read[path][0].checks]


def test_every_exercise_has_mistakes(lesson):
    """Each exercise of the lesson has at least one typical mistake."""
    assert sorted(exercise["name"] for exercise in lesson["exercise"]) == EXERCISES


# --- the texts, as one set


@pytest.mark.parametrize("folder", sorted({path.parent for path in ALL}), ids=lambda path: path.name)
def test_texts(read, folder):
    """Each mistake gets exactly the text that its author read and accepted."""
    parts = [f"=== {path.name}\n\n{read[path][1]}\n" for path in ALL if path.parent == folder]
    text, golden = "\n".join(parts), folder / "TEXTS.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(text, "utf-8", newline="\n")
    assert text == golden.read_text("utf-8")


def blocks(text):
    """The failures in a text, each from the last of its first lines on; notes are left out."""
    for part in text.split("\n\n"):
        lines = part.splitlines()
        heads = [number for number, line in enumerate(lines) if not line.startswith(" ")]
        if not part.startswith("Note: ") and lines:
            yield lines[heads[-1] :]


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_a_text_is_short_and_plain(read, path):
    """A failure has at most six lines of 80 columns, a next step, and no words that only programmers know."""
    exercise, text = read[path]
    assert all(terminal.columns(line) <= WIDTH for line in text.splitlines())
    for lines in blocks(text):
        assert 2 < len(lines) <= MOST
        cut = [line for line in lines if line.endswith(terminal.CUT)]
        assert [line for line in cut if not line.startswith("  Your code printed: ")] == []
    for check in failing(exercise):
        assert not JARGON.search(check.message.partition("The API refused your request: ")[0] + check.next)
        assert_is_a_step(check.next)


def test_the_set_is_large(read):
    """Many mistakes are told apart by their texts."""
    assert len({check.message for exercise, _ in read.values() for check in failing(exercise)}) > 100


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_one_form(step):
    """A next step of the grader is worded as those of the checks are."""
    assert_is_a_step(step)


def assert_is_a_step(step):
    """Begin with a verb that tells what to do; ask nothing, and end without a full stop."""
    assert VERBS.match(step), step
    assert not step.endswith("."), step
    assert "?" not in step, step
