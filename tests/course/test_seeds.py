"""The seed in a student's file is read as text: none of their code runs, and no file breaks the reader."""

import ast
import unicodedata
import warnings
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import messages
from grader.course import seeds
from grader.course.seeds import SeedError
from grader.errors import GraderError

STUB = Path(__file__).resolve().parents[2] / "assignments" / "lesson1" / "ex07_quiz.py"
PLAIN = st.from_regex(r"[A-Za-z0-9_.@-]{1,20}", fullmatch=True)
NAMES = st.text(st.characters(categories=["L", "Mn", "Mc"]), min_size=1, max_size=20).filter(
    lambda name: seeds.is_word(unicodedata.normalize("NFC", name))
)
GOOD = st.integers(0, 10**9) | PLAIN | NAMES.map(lambda name: unicodedata.normalize("NFC", name))
# Blanks, controls, bidi marks, markup, emoji, surrogates: whatever is no letter, mark, digit or sign of a seed.
FOREIGN = st.characters(exclude_categories=["L", "Mn", "Mc"], exclude_characters="0123456789_.@-")
TOO_DEEP = "x = " + "-" * 50_000 + "1\n"


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        ("SEED = 7", "7"),
        ("SEED=0x10", "16"),
        ("SEED = '7'", "7"),
        ('SEED = "anna-2"', "anna-2"),
        ("SEED = 'Müller'", "Müller"),
        ("SEED = 'Mu\u0308ller'", "Müller"),
        ("SEED = 'Юлия'", "Юлия"),
        ("SEED = 'प्रिया'", "प्रिया"),
        ("SEED = '雅婷'", "雅婷"),
        ("SEED: int = 7", "7"),
        ("# SEED = 8\nSEED = 7  # SEED = 9\n", "7"),
        ('"""\nSEED = 8\n"""\nSEED = 7\n', "7"),
        ("import os\nx = 1; SEED = 7; y = 2\nprint(SEED)\n", "7"),
        ("print('\\d')\nSEED = 7\n", "7"),
        ("", None),
        ("seed = 7\nSEEDS = 8\nself.SEED = 9\nf(SEED=1)\n", None),
        ("print(SEED)\n", None),
    ],
)
def test_a_seed_is_found(source, seed):
    """One plain line is the seed, wherever it stands; without one there is none."""
    assert seeds.seed_in(source) == seed


@pytest.mark.parametrize(
    "source",
    [
        "SEED = 3 + 4",
        "SEED = -1",
        "SEED = int('7')",
        "SEED = [7]",
        "SEED = f'7'",
        "SEED, x = 7, 8",
        "SEED = x = 7",
        "SEED: int",
        "SEED = 7\nSEED = 8",
        "SEED = 7\nSEED += 1",
        "SEED = 7\nfor SEED in range(9): pass",
        "if True:\n    SEED = 7",
        "def answers():\n    SEED = 7",
        "(SEED := 7)",
    ],
)
def test_a_seed_that_code_decides(source):
    """Whatever only a run could tell is refused, with the line."""
    with pytest.raises(SeedError) as caught:
        seeds.seed_in(source)
    assert (str(caught.value), caught.value.step) == (messages.SEED_PLACE, messages.NEXT_SEED)
    assert caught.value.line == max(node.lineno for node in ast.walk(ast.parse(source)) if seeds._is_seed(node))  # noqa: SLF001


@pytest.mark.parametrize(
    "value",
    [
        *("True", "None", "7.5", "1j", "b'7'", "...", "1000000001", "0x" + "f" * 5000),
        *("''", "' 7'", "'7\\n'", "'a b'", "'\\ud800'", f"'{'x' * 21}'", f"'{'ü' * 21}'"),
        *("'<b>'", "'a\\u202eb'", "'a\\u200db'", "'\\u0308'", "'a\\ufe0f'", "'\\u3164'", "'٣'", "'²'"),
    ],
    ids=lambda value: value[:9],
)
def test_a_value_that_is_no_seed(value):
    """A whole number or a short word, and nothing else; the value is shown in short."""
    with pytest.raises(SeedError) as caught:
        seeds.seed_in(f"\nSEED = {value}\n")
    assert caught.value.line == 2
    assert str(caught.value).startswith("SEED is ")
    assert len(str(caught.value)) < 230


@pytest.mark.parametrize(
    "source",
    ["SEED = (", "SEED = 7\n\0", "\ud800", TOO_DEEP, "(" * 60_000, "x" + ".x" * 30_000, "x = 9" + "9" * 5000],
    ids=["syntax", "null byte", "surrogate", "signs", "brackets", "dots", "digits"],
)
def test_a_file_that_python_cannot_read(source):
    """A file that breaks Python's own reader has no seed; the grader goes on."""
    with pytest.raises(SeedError) as caught:
        seeds.seed_in(source)
    assert str(caught.value) == messages.SEED_UNREAD


def test_a_file_that_is_too_long():
    """A long file would cost hundreds of times its size as a syntax tree."""
    with pytest.raises(SeedError, match="too long to look for SEED"):
        seeds.seed_in("SEED = 7\n" + "x\n" * seeds.MOST)


def test_no_warning_of_a_students_text():
    """An odd backslash is no warning of ours, which could be an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert seeds.seed_in("SEED = 7\nx = '\\d'\n") == "7"


@given(st.text())
@example("SEED = ")
def test_any_text_gives_a_seed_or_an_error(source):
    """Whatever a file holds, the answer is a seed, none, or a sentence for the student."""
    try:
        seed = seeds.seed_in(source) or "7"
    except SeedError:
        return
    assert seeds.is_word(seed)
    assert unicodedata.is_normalized("NFC", seed)


@given(NAMES, st.sampled_from(["NFC", "NFD"]))
@example("Müller", "NFD")
@example("क़लम", "NFC")
def test_a_name_is_one_seed_in_each_form(name, form):
    """The same name is the same seed on each system, however this one writes its letters."""
    assert seeds.seed_of(unicodedata.normalize(form, name)) == seeds.seed_of(name)


@given(PLAIN)
def test_a_plain_word_is_left_as_it_is(word):
    """What needs no other form keeps its questions."""
    assert seeds.seed_of(word) == word


@given(GOOD.map(str), FOREIGN, st.integers(0, 20))
@example("anna", "\u202e", 2)
@example("anna", "`", 0)
def test_no_other_character_is_in_a_seed(word, char, place):
    """One character that could be markup, a control or a trick of direction is enough to refuse a word."""
    text = word[:place] + char + word[place:]
    with pytest.raises(SeedError):
        seeds.seed_of(text)


@given(GOOD)
def test_a_seed_is_written_as_it_is_read(value):
    """The stub's line gives the seed back, and a number is the same as its digits."""
    seed = seeds.seed_of(value)
    assert seed == str(value)
    assert seeds.seed_in(f"SEED = {seeds.literal(seed)}\n") == seed


def test_the_seed_of_a_file(tmp_path):
    """The shipped stub has one; a missing file has none; a broken one is named with its line."""
    assert seeds.seed_of_file(STUB) == "7"
    path = tmp_path / "ex07_quiz.py"
    assert seeds.seed_of_file(path) is None
    path.write_bytes(b"\xef\xbb\xbfSEED = 8\n")
    assert seeds.seed_of_file(path) == "8"
    path.write_text("\nSEED = 7.5\n")
    with pytest.raises(GraderError, match=r"^ex07_quiz\.py:2: SEED is 7\.5; .* Next: write one line"):
        seeds.seed_of_file(path)
    path.write_bytes(b"\xff")
    with pytest.raises(GraderError, match=r"^ex07_quiz\.py: it cannot be read as text\."):
        seeds.seed_of_file(path)
