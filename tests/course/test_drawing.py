"""A quiz drawn from a seed: the same everywhere, and for every seed each question has one right choice."""

import hashlib
import re
import runpy
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.course import drawing, quizzes, readings
from grader.course.drawing import Dice
from grader.course.lessons import Course
from grader.course.quizzes import Settings, Tables
from grader.course.readings import Setting
from grader.errors import LessonError
from grader.reports import terminal

ROOT = Path(__file__).resolve().parents[2]
QUIZ, _ = quizzes.of_lesson(Course(ROOT), "lesson1")
SOLUTION = runpy.run_path(str(ROOT / "tests" / "solutions" / "lesson1" / "ex06_sampling.py"))
DRAWN = [question for question in QUIZ.question if question.draw]
MANY = [str(number) for number in range(300)]
LONGEST = "x" * 20

seeds = st.integers(0, 10**9).map(str) | st.from_regex(r"[A-Za-z0-9_.@-]{1,20}", fullmatch=True)


def drawn(seed):
    """The questions of a seed, by name."""
    return {asked.name: asked for asked in drawing.all_of(QUIZ, seed)}


# --- the same everywhere


def test_a_seed_gives_the_same_quiz_on_every_python():
    """Pinned: numbers and right letters of many seeds. Where this changes, every student's quiz changes."""
    quizzes_ = [drawing.all_of(QUIZ, seed) for seed in (*MANY, "anna", LONGEST)]
    facts = [
        (asked.answer, re.findall(r"\d\.\d+", f"{asked.text} {asked.choices}"))
        for one in quizzes_
        for asked in one
    ]
    assert (
        hashlib.sha256(repr(facts).encode()).hexdigest()
        == "3afef2e532a5e44e0b07b7940183e11216301c91ddb8c3b99bda3d9dd4f1c725"
    )


def test_dice_are_pinned():
    """The draws hang on SHA-256 of these words alone."""
    dice = Dice("7", "temperature", "0")
    assert [dice.choice("ABCDEF") for _ in range(10)] == list("BAACEFACAF")
    assert dice.shuffled("ABCD") == list("DBCA")


@given(st.lists(st.integers(), unique=True), st.text())
def test_shuffled_keeps_all(items, word):
    """A drawn order holds the same items."""
    assert sorted(Dice(word).shuffled(items)) == sorted(items)


def test_questions_are_drawn_apart():
    """Another question before it, or another one's settings, do not change what a question is."""
    turned = msgspec.structs.replace(QUIZ, question=QUIZ.question[::-1])
    assert drawing.all_of(turned, "7") == drawing.all_of(QUIZ, "7")[::-1]


# --- one right choice


@settings(max_examples=100)
@example("7")
@given(seeds)
def test_each_question_has_one_right_choice(seed):
    """Choices differ, one is right, each other one has a reason, nothing is left in braces."""
    for name, asked in drawn(seed).items():
        question = QUIZ.named(name)
        assert list(asked.choices) == list("ABCD")[: len(question.choices)]
        assert len(set(asked.choices.values())) == len(asked.choices)
        assert set(asked.why) == set(asked.choices) - {asked.answer}
        assert asked.points == question.points
        texts = (asked.text, *asked.choices.values(), *asked.why.values(), asked.next)
        assert not [text for text in texts if re.search(r"[{}]", text)]


def table(text):
    """The chances in the first indented line of a question."""
    line = next(line for line in text.splitlines() if line.startswith("    "))
    return {word: float(chance) for word, chance in re.findall(r"(\w+) (0\.\d+)", line)}


def number(name, text):
    """The last value of a setting in a question's text."""
    return float(re.findall(rf"{name} (?:to )?(\d(?:\.\d+)?)", text)[-1])


def same(choice, truth):
    """Whether a choice shows these chances, to three digits."""
    shown = {word: float(chance) for word, chance in re.findall(r"(\w+) ([\d.]+)", choice)}
    return list(shown) == list(truth) and shown == pytest.approx(truth, rel=0, abs=0.0006)


def words_of(sentence, everything):
    """The words that a sentence such as `Setting 2 gives tea or milk` lets come."""
    if "any of the four words" in sentence or "does too" in sentence:
        return everything
    return set(re.findall(r"\w+", sentence.partition("gives")[2])) - {"only", "or"}


def right_temperature(text, choice):
    """The solution's chances at the temperature that the text names."""
    return same(choice, SOLUTION["rescale"](table(text), number("temperature", text)))


def right_both_settings(text, choice):
    """The same, then what top_p leaves of them."""
    rescaled = SOLUTION["rescale"](table(text), number("temperature", text))
    return same(choice, SOLUTION["keep_top"](rescaled, number("top_p", text)))


def right_two_settings(text, choice):
    """The one word of temperature 0, and the words that top_p leaves."""
    chances = table(text)
    best = {word for word, chance in SOLUTION["rescale"](chances, 0).items() if chance}
    kept = set(SOLUTION["keep_top"](chances, number("top_p", text)))
    one, two = (words_of(sentence, set(chances)) for sentence in choice.rstrip(".").split(". "))
    return (one, two) == (best, kept)


SOLVERS = {
    "two_settings": right_two_settings,
    "temperature": right_temperature,
    "both_settings": right_both_settings,
}


@settings(max_examples=100)
@example("7")
@given(seeds)
def test_the_right_choice_is_what_a_solution_computes(seed):
    """From the words that a student reads, ex06's solution finds exactly one right choice: the quiz's own."""
    assert set(SOLVERS) == {question.name for question in DRAWN}
    for name, solver in SOLVERS.items():
        asked = drawn(seed)[name]
        right = [letter for letter, choice in asked.choices.items() if solver(asked.text, choice)]
        assert right == [asked.answer], asked


@pytest.mark.parametrize("name", SOLVERS)
def test_settings_are_in_their_ranges(name):
    """Four words with chances that go down to 1 together, a temperature and a top_p that change something."""
    for seed in MANY:
        text = drawn(seed)[name].text
        chances = list(table(text).values())
        assert len(chances) == 4
        assert chances == sorted(set(chances), reverse=True)
        assert sum(chances) == pytest.approx(1)
        assert "temperature" in text
        assert "top_p" in text


@pytest.mark.parametrize("name", ["temperature", "both_settings"])
def test_only_an_error_of_the_sum_shows_in_the_sum(name):
    """The numbers of a choice are 1 together, but for the choice that was not divided by its sum."""
    for seed in MANY:
        asked = drawn(seed)[name]
        sums = [sum(float(one) for one in re.findall(r"\d\.\d+", text)) for text in asked.choices.values()]
        assert sums[ord(asked.answer) - ord("A")] == pytest.approx(1, abs=1e-9)
        assert len([total for total in sums if abs(total - 1) > 0.0021]) == 1


def test_seeds_differ():
    """Two students rarely have the same quiz, and every letter is right about as often as the others."""
    quizzes_ = {msgspec.json.encode(drawing.all_of(QUIZ, seed)) for seed in MANY}
    assert len(quizzes_) == len(MANY)
    for question in QUIZ.question:
        letters = Counter(drawn(seed)[question.name].answer for seed in MANY)
        assert min(letters[letter] for letter in "ABCD") > len(MANY) / 8


# --- what a student reads


@pytest.mark.parametrize("seed", [*MANY[:100], LONGEST])
def test_a_reason_does_not_tell_the_answer(seed):
    """No reason holds the right choice or names its letter, and each fits into its lines of the summary."""
    for name, asked in drawn(seed).items():
        for letter, why in asked.why.items():
            assert asked.choices[asked.answer].strip(".") not in why
            assert not re.search(rf"\b{asked.answer}\b is|choice {asked.answer}\b", why)
            message = f"{name} (SEED {seed}): {letter} is not right. {why}"
            assert not terminal.wrapped(message, 3)[-1].endswith(terminal.CUT), message
        assert len(terminal.wrapped(f"Next: {asked.next}", 2)) == 1


def test_questions_fit_into_a_terminal():
    """No line of a question is wider than 80 columns."""
    for seed in MANY:
        for asked in drawn(seed).values():
            assert max(map(len, asked.text.splitlines())) <= 80


# --- what is not clear is drawn again


def setting(chances, temperature=1.0, top_p=1.0):
    """Four words with these chances."""
    return Setting("We saw", dict(zip(("dog", "cat", "bird", "cow"), chances, strict=True)), temperature, top_p)


def is_clear(one, name="both_settings"):
    """Whether a question can be asked about a setting."""
    question = QUIZ.named(name)
    return drawing._is_clear(question, one)  # noqa: SLF001 - the rule itself, without a seed in between


def test_a_top_p_on_the_border_is_drawn_again():
    """Where top_p is a sum of chances, or near one, a rounding would decide."""
    chances = (0.4, 0.3, 0.2, 0.1)
    assert is_clear(setting(chances, top_p=0.5), "two_settings")
    assert not is_clear(setting(chances, top_p=0.7), "two_settings")
    assert not is_clear(setting(chances, top_p=0.69), "two_settings")
    assert not is_clear(setting(chances, 0.5, 0.53))  # 0.16 / 0.3


def test_a_top_p_that_keeps_all_is_drawn_again():
    """A top_p that leaves no word out teaches nothing."""
    assert not is_clear(setting((0.4, 0.3, 0.2, 0.1), top_p=0.95), "two_settings")


def test_a_rounding_in_doubt_is_drawn_again():
    """A number half-way between two roundings could be shown in two ways."""
    assert not is_clear(setting((0.6875, 0.1875, 0.0625, 0.0625)), "temperature")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("tea 0.500, milk 0.500", "tea 0.510, milk 0.490", True),
        ("tea 0.500, milk 0.500", "tea 0.540, milk 0.460", False),
        ("tea 0.500", "milk 0.500", False),
        ("tea 1.000", "tea 0.900, milk 0.100", False),
        ("no numbers", "no numbers", True),
        ("no numbers", "other words", False),
    ],
)
def test_choices_that_look_alike(one, other, alike):
    """Two choices of the same words must differ in more than a rounding."""
    assert drawing._look_alike([one, "a third", other]) is alike  # noqa: SLF001


def test_data_without_a_clear_question():
    """An author whose settings are all on a border is told so."""
    question = msgspec.structs.replace(QUIZ.named("two_settings"), draw=Settings(top_p=(0.7,)))
    tables = Tables(words=(("We saw", "dog", "cat"),), chances=((0.7, 0.3),))
    quiz = msgspec.structs.replace(QUIZ, question=(question,), tables=tables)
    with pytest.raises(LessonError, match="two_settings: no draw of 1000 is clear"):
        drawing.asked(quiz, question, "7")


# --- the names in braces


def test_typical_errors_are_what_they_are_called():
    """Each error's numbers, worked out by hand for 0.6, 0.2, 0.15, 0.05 at temperature 0.5 and top_p 0.7."""
    one = setting((0.6, 0.2, 0.15, 0.05), 0.5, 0.7)
    shown = {
        name: [round(chance, 3) for chance in numbers(one).values()] for name, numbers in readings.SHOWN.items()
    }
    assert shown == {
        "unchanged": [0.6, 0.2, 0.15, 0.05],
        "not_divided": [0.36, 0.04, 0.022, 0.003],
        "rescaled": [0.847, 0.094, 0.053, 0.006],
        "upside_down": [0.423, 0.244, 0.211, 0.122],
        "kept": [1.0],
        "kept_not_divided": [0.847],
        "one_off": [0.9, 0.1],
        "top_p_first": [0.9, 0.1],
    }


def test_texts_are_filled():
    """A name stands for its value; words are listed as one says them."""
    one = setting((0.4, 0.3, 0.2, 0.1), 0.5, 0.75)
    assert readings.filled("{start}: {table}, {temperature}, {top_p}, {best_word}", one) == (
        "We saw: dog 0.4    cat 0.3    bird 0.2    cow 0.1, 0.5, 0.75, dog"
    )
    assert readings.filled("{kept_words}; {one_off_words}", one) == "dog or cat; only dog"
    assert readings.words({"a": 1, "b": 1, "c": 1}) == "a, b or c"
    assert readings.filled("{kept}", one) == "dog 0.640, cat 0.360"
