"""A quiz is data; what is wrong with it is told to its author with the line."""

import tomllib
from pathlib import Path

import pytest

from grader.course import quizzes
from grader.errors import LessonError

ROOT = Path(__file__).resolve().parents[2]
SHOWN = "assignments/lesson1/quiz.toml"
SHIPPED = sorted((ROOT / "assignments").glob("*/quiz.toml"))
GOOD = '''\
# a comment
[[question]]
name = "first"
title = "First"
points = 2
text = """
Which one?
answer = "B"
"""
answer = "A"

[question.choices]
A = "right"
B = "wrong"

[question.why]
B = "because"

[[question]]
name = "second"
title = "Second"
points = 3
text = "Which?"
answer = "C"
choices = {A = "x", B = "y", C = "z"}
why = {A = "no", B = "no"}
'''


@pytest.fixture
def load(tmp_path):
    """Load a text as a quiz; gives the quiz or the error's text."""

    def loaded(text):
        path = tmp_path / "quiz.toml"
        path.write_text(text, "utf-8")
        try:
            return quizzes.load(path, SHOWN)
        except LessonError as error:
            return str(error)

    return loaded


def test_a_good_quiz_is_read(load):
    """Questions, choices in their order, the answer, and the explanations."""
    first, second = load(GOOD).question
    assert (first.name, first.points, first.answer, list(first.choices)) == ("first", 2, "A", ["A", "B"])
    assert first.why == {"B": "because"}
    assert list(second.choices.values()) == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("old", "new", "line", "rest"),
    [
        ('answer = "C"', 'answer = "D"', 24, "question[1].answer: expected one of A, B, C."),
        ('"""\nanswer = "A"', '"""\nanswer = "D"', 10, "question[0].answer: expected one of A, B."),
        ('answer = "C"', 'answer = "c"', 24, "question[1].answer: expected `str` matching regex"),
        ('B = "because"', 'A = "because"', 16, "question[0].why: expected one explanation for each wrong choice."),
        ('B = "because"', "", 16, "question[0].why: expected one explanation for each wrong choice."),
        ('why = {A = "no", B = "no"}', 'why = {A = "no"}', 26, "question[1].why: expected one explanation"),
        ('why = {A = "no", B = "no"}', "", 19, "question[1].why: this key is missing."),
        ('B = "wrong"', "", 12, "question[0].choices: expected `object` of length >= 2"),
        ('B = "wrong"', "B = 5", (12, 14), "question[0].choices[...]: expected `str`, got `int`."),
        ('B = "wrong"', 'b = "wrong"', (12, 14), "question[0].choices"),
        ('name = "second"', 'name = "2nd"', 20, "question[1].name: expected `str` matching regex"),
        ('name = "second"\n', "", 19, "question[1].name: this key is missing."),
        ("points = 3", "points = 0", 22, "question[1].points: expected `int` >= 1."),
        ("points = 3", "points = 3\nhint = 'x'", 23, "question[1].hint: no such key exists here."),
    ],
)
def test_an_error_has_its_line(load, old, new, line, rest):
    """The line is the key's own, or of its table's header."""
    assert GOOD.count(old) == 1
    text = load(GOOD.replace(old, new))
    where, _, found = text.partition(": ")
    first, last = line if isinstance(line, tuple) else (line, line)
    assert first <= int(where.removeprefix(f"{SHOWN}:")) <= last, text
    assert found.startswith(rest)


def test_a_quiz_without_questions(load):
    """An empty file is no quiz."""
    assert load("") == f"{SHOWN}:1: question: this key is missing."


def test_a_question_twice_is_an_error(load):
    """Two questions of one name would be one check."""
    assert load(GOOD.replace('"second"', '"first"')).startswith(f"{SHOWN}:20: question[1].name: ")


def test_there_is_a_quiz():
    """The tests below look at something."""
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_shipped_quiz_is_right(path):
    """It loads, every question has a wrong choice with a reason, and the reasons do not name the right letter."""
    shown = path.relative_to(ROOT).as_posix()
    quiz = quizzes.load(path, shown)
    for question in quiz.question:
        for letter, why in question.why.items():
            assert letter != question.answer
            assert f" {question.answer} is" not in why
            assert question.choices[question.answer] not in why


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_shipped_quiz_stands_in_its_stub(path):
    """A student reads every question and choice in the stub, and the points add up."""
    quiz = quizzes.load(path, path.name)
    lesson = tomllib.loads((path.parent / "lesson.toml").read_text("utf-8"))
    stubs = {one["name"]: one["points"] for one in lesson["exercise"] if "quiz" in one["name"]}
    text = " ".join(" ".join((path.parent / f"{name}.py").read_text("utf-8") for name in stubs).split())
    for question in quiz.question:
        for letter, choice in question.choices.items():
            assert f"{letter} {' '.join(choice.split())}" in text
        assert f'"{question.name}"' in text
    assert sum(question.points for question in quiz.question) == sum(stubs.values())
