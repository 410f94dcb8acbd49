"""A student's own quiz: each question drawn from a seed, the same on every machine and every Python."""

import hashlib
import re
from collections.abc import Sequence
from itertools import combinations
from math import isclose
from string import ascii_uppercase
from typing import TypeVar

import msgspec

from grader.course import readings, sampling
from grader.course.quizzes import Question, Quiz
from grader.course.readings import Setting
from grader.course.sampling import Chances
from grader.errors import LessonError

T = TypeVar("T")
TRIES = 1000
FAR = 0.02  # how far a top_p stays from a sum of chances, and two choices of the same words from each other
SURE = 1e-6  # how far a computed chance stays from the border of two roundings
NUMBER = re.compile(r"\d\.\d+")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as a student sees it: `answer` is the right letter, `why` explains each of the others."""

    name: str
    points: int
    text: str
    choices: dict[str, str]
    answer: str
    why: dict[str, str]
    next: str


class Dice:
    """Draws from a text. SHA-256 never changes; of `random`, only random() is promised to stay as it is."""

    def __init__(self, *words: str) -> None:
        self._words = "\0".join(words)
        self._count = 0

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        self._count += 1
        digest = hashlib.sha256(f"{self._words}\0{self._count}".encode()).digest()
        return items[int.from_bytes(digest) % len(items)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a drawn order."""
        left = list(range(len(items)))
        order = []
        while left:
            order.append(self.choice(left))
            left.remove(order[-1])
        return [items[number] for number in order]


def all_of(quiz: Quiz, seed: str) -> list[Asked]:
    """The whole quiz of a seed. Raises LessonError."""
    return [asked(quiz, question, seed) for question in quiz.question]


def asked(quiz: Quiz, question: Question, seed: str) -> Asked:
    """What this seed makes of a question. Raises LessonError where its data allow no clear question."""
    for attempt in range(TRIES):
        dice = Dice(seed, question.name, str(attempt))
        setting = _setting(quiz, question, dice)
        if setting is None:
            return _lettered(question, dice)
        filled = _filled(question, setting)
        if _is_clear(question, setting) and not _look_alike(filled.choices):
            return _lettered(filled, dice)
    raise LessonError(f"{question.name}: no draw of {TRIES} is clear.")


def _setting(quiz: Quiz, question: Question, dice: Dice) -> Setting | None:
    if question.draw is None or quiz.tables is None:
        return None
    start, *words = dice.choice(quiz.tables.words)
    chances = dict(zip(words, dice.choice(quiz.tables.chances), strict=True))
    return Setting(start, chances, dice.choice(question.draw.temperature), dice.choice(question.draw.top_p))


def _filled(question: Question, setting: Setting) -> Question:
    wrong = tuple(
        msgspec.structs.replace(
            one, choice=readings.filled(one.choice, setting), why=readings.filled(one.why, setting)
        )
        for one in question.wrong
    )
    text, right = (readings.filled(words, setting) for words in (question.text, question.right))
    return msgspec.structs.replace(question, text=text, right=right, wrong=wrong)


def _lettered(question: Question, dice: Dice) -> Asked:
    reasons = {wrong.choice: _joined(wrong.why) for wrong in question.wrong}
    choices = dict(zip(ascii_uppercase, dice.shuffled(question.choices), strict=False))
    return Asked(
        name=question.name,
        points=question.points,
        text=question.text.strip("\n"),
        choices={letter: _joined(choice) for letter, choice in choices.items()},
        answer=next(letter for letter, choice in choices.items() if choice == question.right),
        why={letter: reasons[choice] for letter, choice in choices.items() if choice in reasons},
        next=question.next,
    )


def _joined(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


def _is_clear(question: Question, setting: Setting) -> bool:
    """Whether the settings decide: top_p far from each sum, but leaving words out, and no rounding in doubt."""
    sums = [*sampling.sums(setting.chances), *sampling.sums(setting.rescaled)]
    if setting.top_p < 1 and min(abs(setting.top_p - total) for total in sums) < FAR:
        return False
    if setting.top_p < 1 and len(setting.kept) == len(setting.chances):
        return False
    shown = [readings.SHOWN[name](setting) for text in question.choices for name in _shown_in(text)]
    return all(_rounds_surely(chance) for chances in shown for chance in chances.values()) and all(
        _adds_up(chances) for chances in (setting.rescaled, setting.kept)
    )


def _shown_in(text: str) -> set[str]:
    return readings.names(text) & set(readings.SHOWN)


def _rounds_surely(chance: float) -> bool:
    """Whether a last bit, which can differ between machines, cannot change the digits that are shown."""
    return round(chance - SURE, readings.DIGITS) == round(chance + SURE, readings.DIGITS)


def _adds_up(chances: Chances) -> bool:
    """Whether the chances are 1 together after rounding too, so that a student can trust the sum."""
    return isclose(sum(round(chance, readings.DIGITS) for chance in chances.values()), 1)


def _look_alike(choices: Sequence[str]) -> bool:
    """Whether two choices have the same words, and no number of one is far from the other's."""
    for one, other in combinations(choices, 2):
        if NUMBER.sub("", one) == NUMBER.sub("", other):
            pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
            if all(abs(float(left) - float(right)) < FAR for left, right in pairs):
                return True
    return False
