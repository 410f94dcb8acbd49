"""`grader quiz`: a drawn quiz for a student, for a mentor, and as a stub."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from grader.cli import main
from grader.course import drawing, quizzes, seeds
from grader.course.lessons import Course
from grader.reports import quiz as printed

ROOT = Path(__file__).resolve().parents[2]
QUIZ, EXERCISE = quizzes.of_lesson(Course(ROOT), "lesson1")
STUB = ROOT / "assignments" / "lesson1" / EXERCISE.file

some_seeds = st.integers(0, 10**9).map(str) | st.from_regex(r"[A-Za-z0-9_.@-]{1,20}", fullmatch=True)


@pytest.fixture
def grader(monkeypatch):
    """Type `grader quiz lesson1` with more arguments in the main folder; gives exit code and output."""
    monkeypatch.chdir(ROOT)

    def run(*args):
        done = CliRunner().invoke(main, ["quiz", *args])
        return done.exit_code, done.output

    return run


def stub(seed):
    """The stub of a seed."""
    return printed.stub(drawing.all_of(QUIZ, seed), seed, "lesson1", EXERCISE)


def said(text):
    """A text in one line, as wrapping does not matter."""
    return " ".join(text.split())


# --- what is printed


@given(some_seeds)
def test_a_student_reads_everything_but_the_answers(seed):
    """Each question with its name and choices; neither the right letters nor the reasons."""
    drawn = drawing.all_of(QUIZ, seed)
    text = said(printed.questions(drawn))
    for asked in drawn:
        assert f'Question "{asked.name}" (1 point)' in text
        assert said(asked.text) in text
        for letter, choice in asked.choices.items():
            assert f"{letter} {choice}" in text
        for why in asked.why.values():
            assert why not in text
    assert "Answer" not in text


@given(some_seeds)
def test_a_mentor_reads_the_answers_too(seed):
    """Behind each question its right letter, and what is wrong with the others."""
    drawn = drawing.all_of(QUIZ, seed)
    text = printed.answered(drawn)
    for asked, part in zip(drawn, text.split("\n\nQuestion "), strict=True):
        assert f"\nAnswer: {asked.answer}\n" in part
        for letter, why in asked.why.items():
            assert f"{letter}: {why}" in said(part)


@given(some_seeds)
def test_a_stub_is_a_file_to_fill_in(seed):
    """It has its seed, all questions where a student looks for them, lines that fit, and it is not started."""
    text = stub(seed)
    assert seeds.seed_in(text) == seed
    function = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    shown = ast.get_docstring(function)
    assert printed.questions(drawing.all_of(QUIZ, seed)) in shown
    assert ast.unparse(function.body[-1]) == "raise NotImplementedError"
    assert max(map(len, text.splitlines())) <= 85


def test_the_shipped_stub_holds_the_lessons_questions():
    """The stub is what `grader quiz lesson1 --stub` prints today."""
    assert STUB.read_text("utf-8") == stub(str(QUIZ.seed)), f"run: grader quiz lesson1 --stub > {STUB}"


# --- the command


def test_the_seed_comes_from_the_lessons_own_stub(grader):
    """Without options the questions are those of the file that the student fills in."""
    code, output = grader("lesson1")
    assert (code, output) == (
        0,
        f"lesson1: the quiz of SEED = 7\n\n{printed.questions(drawing.all_of(QUIZ, '7'))}\n",
    )


def test_the_seed_of_a_students_file(grader, tmp_path):
    """With --submission it comes from that folder; without a file or a SEED it is the lesson's."""
    assert grader("lesson1", "--submission", str(tmp_path)) == grader("lesson1", "--seed", "7")
    (tmp_path / EXERCISE.file).write_text("raise SystemExit(9)\nSEED = 'anna'\n")
    assert grader("lesson1", "--submission", str(tmp_path)) == grader("lesson1", "--seed", "anna")
    assert "SEED = 'anna'" in grader("lesson1", "--submission", str(tmp_path))[1]


def test_answers_of_a_seed(grader):
    """A mentor names a seed and reads the answers."""
    code, output = grader("lesson1", "--seed", "8", "--answers")
    assert code == 0
    assert output == f"lesson1: the quiz of SEED = 8\n\n{printed.answered(drawing.all_of(QUIZ, '8'))}\n"


def test_a_stub_of_a_seed(grader):
    """The stub of a seed can be given to a student; without a seed it is the lesson's."""
    assert grader("lesson1", "--seed", "anna", "--stub") == (0, stub("anna"))
    assert grader("lesson1", "--stub") == (0, STUB.read_text("utf-8"))


def test_a_name_in_any_script(grader):
    """A student's name is a seed, in whichever form a system types its letters."""
    assert grader("lesson1", "--seed", "Mu\u0308ller", "--stub") == (0, stub("M\u00fcller"))
    assert grader("lesson1", "--seed", "Юлия", "--stub") == (0, stub("Юлия"))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["lesson1", "--seed", "two words"], "SEED is 'two words'; expected a whole number or a short word."),
        (["lesson1", "--stub", "--answers"], "A stub is for a student. Leave --answers out."),
        (["lesson9"], "There is no lesson 'lesson9'. The lessons here: lesson1."),
    ],
)
def test_wrong_use(grader, args, says):
    """A sentence and exit code 2."""
    assert grader(*args) == (2, f"{says}\n")


def test_a_broken_seed_is_told(grader, tmp_path):
    """A SEED that cannot be read is named with its line, and what to do."""
    (tmp_path / EXERCISE.file).write_text("SEED = 3 + 4\n")
    code, output = grader("lesson1", "--submission", str(tmp_path))
    assert code == 2
    assert output.startswith("ex07_quiz.py:1: SEED must get its value in one line: ")
    assert "Next: write one line at the left margin" in output
