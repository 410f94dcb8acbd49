"""A quiz is data; what is wrong with it is told to its author with the line."""

from pathlib import Path

import pytest

from grader.course import drawing, quizzes
from grader.course.lessons import Course
from grader.errors import LessonError

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
SHOWN = "assignments/lesson1/quiz.toml"
SHIPPED = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/quiz.toml"))
GOOD = '''\
# a comment
exercise = "ex07_quiz"
seed = 7

[tables]
words = [["I like", "tea", "milk", "soup"], ["We saw a", "dog", "cat", "bird"]]
chances = [[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]]

[[question]]
name = "first"
title = "First"
points = 2
text = """
Which one?
right = "B"
"""
right = "this"
next = "read it again"

[[question.wrong]]
choice = "that"
why = "because"

[[question]]
name = "second"
title = "Second"
points = 3
text = "{table}"
draw = {temperature = [0.5], top_p = [0.7, 1]}
right = "{kept}"
wrong = [{choice = "{unchanged}", why = "not {top_p}"}, {choice = "none", why = "no"}]
next = "calculate"
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
    """Questions, their choices, the right one first, the explanations, and what is drawn."""
    quiz = load(GOOD)
    first, second = quiz.question
    assert (quiz.exercise, quiz.seed) == ("ex07_quiz", 7)
    assert (first.name, first.points, first.choices, first.draw) == ("first", 2, ("this", "that"), None)
    assert first.wrong[0].why == "because"
    assert (second.draw.temperature, second.draw.top_p) == ((0.5,), (0.7, 1))
    assert quiz.named("second") is second


def test_a_seed_can_be_a_word(load):
    """The lesson's seed is a number or a word."""
    assert load(GOOD.replace("seed = 7", 'seed = "anna"')).seed == "anna"


@pytest.mark.parametrize(
    ("old", "new", "line", "rest"),
    [
        ("seed = 7", "seed = 7.5", 3, "seed: expected `int | str`, got `float`."),
        ("seed = 7", "seed = -1", 3, "seed: expected `int` >= 0."),
        ("seed = 7", 'seed = "two words"', 3, "seed: expected `str` matching regex"),
        ('exercise = "ex07_quiz"', 'exercise = "quiz"', 2, "exercise: expected `str` matching regex"),
        ("0.3, 0.2]", "0.3, 0.3]", 7, "tables.chances: [0.5, 0.3, 0.3] is not 1 together."),
        ("[0.5, 0.3, 0.2]", "[0.4, 0.4, 0.2]", 7, "tables.chances: [0.4, 0.4, 0.2] does not go down"),
        ("[0.5, 0.3, 0.2]", "[0.3, 0.5, 0.2]", 7, "tables.chances: [0.3, 0.5, 0.2] does not go down"),
        (', "bird"]', "]", 6, "tables.words: 'We saw a' does not have 3 next words"),
        ('choice = "that"', 'choice = "this"', 20, "question[0].wrong: two choices are the same."),
        ('why = "because"', "", 20, "question[0].wrong[0].why: this key is missing."),
        ('right = "this"', "", 9, "question[0].right: this key is missing."),
        ('choice = "that"', 'choice = "{kept}"', 9, "question[0].draw: this key is missing, for {kept}."),
        (
            'right = "{kept}"',
            'right = "{keept}"',
            29,
            "question[1].draw: there is no {keept}; there are best_word",
        ),
        ('"not {top_p}"', '"not {p}"', 29, "question[1].draw: there is no {p}; there are"),
        ("[0.5], top_p", "[0], top_p", 29, "question[1].draw.temperature[0]: expected `float` > 0.0."),
        ("[0.7, 1]", "[]", 29, "question[1].draw.top_p: expected `array` of length >= 1."),
        ('name = "second"', 'name = "2nd"', 25, "question[1].name: expected `str` matching regex"),
        ('name = "second"\n', "", 24, "question[1].name: this key is missing."),
        ('name = "second"', 'name = "first"', 25, "question[1].name: first stands here twice."),
        ("points = 3", "points = 0", 27, "question[1].points: expected `int` >= 1."),
        ("points = 3", "points = 3\nhint = 'x'", 28, "question[1].hint: no such key exists here."),
        ('next = "calculate"', f"next = '{'x' * 72}'", 32, "question[1].next: expected `str` of length <= 71."),
    ],
)
def test_an_error_has_its_line(load, old, new, line, rest):
    """The line is the key's own, or of its table's header."""
    assert GOOD.count(old) == 1
    text = load(GOOD.replace(old, new))
    where, _, found = text.partition(": ")
    assert found.startswith(rest)
    assert where == f"{SHOWN}:{line}"


def test_a_drawn_question_needs_tables(load):
    """Without [tables] there is nothing to draw from."""
    without = GOOD[: GOOD.index("[tables]")] + GOOD[GOOD.index("[[question]]") :]
    assert load(without) == f"{SHOWN}:25: question[1].draw: a drawn question needs [tables]."


def test_braces_of_a_fixed_question_are_its_own(load):
    """A question without `draw` may show code with braces."""
    quiz = load(GOOD.replace('choice = "that"', 'choice = "{role}"'))
    assert "{role}" in drawing.asked(quiz, quiz.question[0], "7").choices.values()


def test_a_quiz_without_questions(load):
    """An empty file is no quiz."""
    assert load("") == f"{SHOWN}:1: exercise: this key is missing."


def test_there_is_a_quiz():
    """The tests below look at something."""
    assert SHIPPED


@pytest.mark.parametrize("lesson", SHIPPED)
def test_a_shipped_quiz_belongs_to_an_exercise(lesson):
    """The exercise that it names is in the lesson, and the points of its questions are those of the exercise."""
    quiz, exercise = quizzes.of_lesson(COURSE, lesson)
    assert sum(question.points for question in quiz.question) == exercise.points


def test_a_lesson_without_a_quiz(project):
    """It has none, which is no error until somebody wants to see it."""
    (project / SHOWN).unlink()
    assert quizzes.of(Course(project), "lesson1") is None
    with pytest.raises(LessonError, match=r"^lesson1 has no quiz: .* Next: name another lesson$"):
        quizzes.of_lesson(Course(project), "lesson1")


def test_a_quiz_of_no_exercise(project):
    """An exercise that the lesson does not have is named."""
    path = project / SHOWN
    path.write_text(path.read_text("utf-8").replace('"ex07_quiz"', '"ex77_quiz"'), "utf-8")
    with pytest.raises(LessonError, match=r"quiz\.toml: there is no ex77_quiz in lesson\.toml\."):
        quizzes.of_lesson(Course(project), "lesson1")
