"""What all formats do with a student's text."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports import text
from grader.reports.translation import Translator
from tests.reports.hostile import texts

ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@given(texts | st.text())
def test_a_line_is_safe(value):
    """No control character, no change of direction, no half pair, nothing that XML forbids, and no second line."""
    shown = text.line(value)
    assert shown.isprintable()
    assert not [char for char in shown if unicodedata.category(char) in INVISIBLE]
    assert not ILLEGAL_IN_XML.search(shown)
    assert not re.match(r"\s*::", shown)
    assert "##[" not in shown


@given(texts | st.text())
def test_lines_are_lines(value):
    """Several lines stay several; each of them is safe."""
    shown = text.lines(value)
    assert all(one.isprintable() and not re.match(r"\s*::", one) for one in shown.split("\n"))


def test_what_can_be_read_stays():
    """Words in any language, and colons where they command nothing, are left as they are."""
    kept = "Grüße, 你好! std::vector f() -> 'a::b' #1 ## [x]"
    assert text.line(kept) == kept
    assert text.lines("one\r\ntwo\n  three") == "one\ntwo\n  three"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("::error::x", "\N{REPLACEMENT CHARACTER}:error::x"),
        ("  ::error::x", "  \N{REPLACEMENT CHARACTER}:error::x"),
        (":::", "\N{REPLACEMENT CHARACTER}::"),
        ("a ##[error]b", "a #\N{REPLACEMENT CHARACTER}[error]b"),
        ("##vso[task]", "#\N{REPLACEMENT CHARACTER}vso[task]"),
    ],
)
def test_commands_of_ci_runners(hostile, shown):
    """A runner finds no command in a line, and the line keeps its length."""
    assert text.inert(hostile) == shown
    assert len(hostile) == len(shown)


@given(texts, st.integers(0, 600))
def test_a_cut_is_short_enough_and_told(value, most):
    """A text keeps to its limit in bytes; one that does not fit says so where there is room for it."""
    whole = text.line(value, 10**6)
    shown = text.cut(whole, most)
    assert len(shown.encode()) <= most
    if len(whole.encode()) <= most:
        assert shown == whole
    elif most > 60:
        assert shown.endswith(f"... [cut: it has {len(whole)} characters]")


def test_the_note_of_a_cut_is_translated():
    """The note is in the reader's language."""
    spanish = Translator({"... [cut: it has {count} characters]": "... [{count}]"})
    assert text.cut("w" * 100, 20, spanish) == "w" * 11 + "... [100]"
