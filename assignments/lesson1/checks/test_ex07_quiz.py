"""Checks of ex07: one for each [[question]] of quiz.toml, which the student's SEED draws."""

import pathlib
import reprlib
import tomllib

import pytest

QUIZ = pathlib.Path(__file__).parents[1] / "quiz.toml"
QUESTIONS = [
    pytest.param(
        question["name"], marks=[pytest.mark.points(question["points"]), pytest.mark.title(question["title"])]
    )
    for question in tomllib.loads(QUIZ.read_text(encoding="utf-8"))["question"]
]


@pytest.mark.parametrize("name", QUESTIONS)
def test_answer(student, quiz, name):
    """the answer to the question is right"""
    answers = student.answers()
    question = quiz.question(name)
    letter = letter_of(answers, question)
    assert letter == question.answer, (
        f"{name} (SEED {quiz.seed}): {letter} is not right. {question.why[letter]}\nNext: {question.next}"
    )


def letter_of(answers, question):
    """Return the student's letter, in capitals and without blanks around it."""
    name, choices = question.name, question.choices
    letters = f"{', '.join(list(choices)[:-1])} or {list(choices)[-1]}"
    if not isinstance(answers, dict):
        pytest.fail(
            f"answers() returned {shown(answers)}; expected a dict.\n"
            "Next: return a dict: the name of each question, and your letter"
        )
    if name not in answers:
        keys = ", ".join(sorted(repr(key) for key in answers)) or "none"
        pytest.fail(f"answers() has no entry {name!r}. Its names: {keys[:90]}.\nNext: copy the name from the stub")
    answer = answers[name]
    letter = answer.strip().upper() if isinstance(answer, str) else None
    if letter not in choices:
        pytest.fail(
            f"Your answer to {name} is {shown(answer)}; expected one letter: {letters}.\n"
            "Next: decide for one choice, and return its letter as a text"
        )
    return letter


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
