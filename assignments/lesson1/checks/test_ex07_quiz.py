"""Checks of ex07: one for each [[question]] of quiz.toml."""

import pathlib
import reprlib
import tomllib

import pytest

QUIZ = pathlib.Path(__file__).parents[1] / "quiz.toml"
QUESTIONS = tomllib.loads(QUIZ.read_text(encoding="utf-8"))["question"]


@pytest.mark.parametrize(
    "question", [pytest.param(q, id=q["name"], marks=pytest.mark.points(q["points"])) for q in QUESTIONS]
)
def test_answer(student, question):
    """the answer to the question is right"""
    letter = letter_of(student.answers(), question)
    assert letter == question["answer"], (
        f"{question['name']}: {letter} is not right. {question['why'][letter].strip()}"
    )


def letter_of(answers, question):
    """Return the student's letter, in capitals and without blanks around it."""
    name, choices = question["name"], question["choices"]
    letters = f"{', '.join(list(choices)[:-1])} or {list(choices)[-1]}"
    if not isinstance(answers, dict):
        pytest.fail(
            f"answers() returned {shown(answers)}; expected a dict.\n"
            f'Next: return {{"{name}": "..."}} with your letter'
        )
    if name not in answers:
        keys = ", ".join(sorted(repr(key) for key in answers)) or "none"
        pytest.fail(f"answers() has no entry {name!r}. Its names: {keys[:90]}.\nNext: copy the name from the stub")
    answer = answers[name]
    letter = answer.strip().upper() if isinstance(answer, str) else None
    if letter not in choices:
        pytest.fail(
            f"Your answer to {name} is {shown(answer)}; expected one letter: {letters}.\n"
            f"Next: decide for one choice, and return its letter as a text"
        )
    return letter


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
