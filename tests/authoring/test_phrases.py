"""What students read is found in code, checks and lessons, however a check puts its message together."""

import io
import re
import textwrap
from pathlib import Path

import pytest

from grader import messages
from grader.authoring import catalogue, phrases
from grader.model import Verdict

ROOT = Path(__file__).resolve().parents[2]


def found(source, method=phrases.python):
    """The messages of a file with this text, in order of their first use."""
    stream = io.BytesIO(textwrap.dedent(source).encode())
    return list(dict.fromkeys(text for _, _, text, _ in method(stream, (), ())))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('assert x, "It is wrong."', ["It is wrong."]),
        ('pytest.fail("It is wrong.")', ["It is wrong."]),
        ('raise AssertionError("It is wrong.")', ["It is wrong."]),
        ('assert x, "It is wrong.\\nNext: do this\\nLine: 7"', ["It is wrong.", "do this"]),
        ('assert x, f"Found {got!r}; expected {n:.2f}."', ["Found {got}; expected {n}."]),
        ("assert x, f\"{shown(got)} is not {a.body[0]} or {b['key']}\"", ["{got} is not {body} or {key}"]),
        ('assert x, f"{a.text} is not {b.text}, but {a.text}"', ["{text} is not {text2}, but {text}"]),
        ('assert x, f"Line: {line}\\nIt is in line {line}."', ["It is in line {line}."]),
        ("assert x, 'Print {file}, not {}'", ["Print {{file}}, not {{}}"]),
        ('assert x, "One. " + "Two."', ["One. Two."]),
        ('assert x, "It is {kind}.".format(kind=kind)', ["It is {kind}."]),
        ('assert x, f"{a}: {b}"', []),
        ("assert x", []),
        ("assert x, 'n=3'", []),
        ("assert x, 'Nothing.'", ["Nothing."]),
        ("language.words('Then:')", ["Then:"]),
        ("pytest.param('a', marks=pytest.mark.title('It does {this}'))", ["It does {{this}}"]),
        ("pytest.param(a, marks=pytest.mark.title(a['title']))", []),
        ('api.fail("chat", 429)', []),
    ],
)
def test_a_message(source, expected):
    """An assertion's message becomes its words and its step; values become fields that are named by the code."""
    assert found(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('STEP = "do this"\nassert x, f"It is wrong.\\nNext: {STEP}"', ["It is wrong.", "do this"]),
        ("assert x, f'It {yes if good else no} good.'", ["It {value} good."]),
        ('be = "is" if good else "is not"\nassert x, f"It {be} good."', ["It is good.", "It is not good."]),
        ("""assert x, f"It {'is' if good else 'is not'} good." """, ["It is good.", "It is not good."]),
        ('for x in ["a dog", "a cat"]:\n    assert y, f"It is {x}."', ["It is {x}.", "a dog", "a cat"]),
        (
            """
            def wrong(got):
                if got is None:
                    return "f() returned None."
                return f"f() returned {kind(got)}."
            def kind(got):
                return {"str": "a text"}.get(got, f"a value of type {got}")
            assert x, wrong(got)
            """,
            ["f() returned None.", "f() returned {got}.", "a text", "a value of type {got}"],
        ),
        (
            """
            ROWS = [("a", True, "It is a comment."), ("b", False, "It is no rule.")]
            def test_it(student):
                \"\"\"the rules are known\"\"\"
                compare(student, ROWS)
            def compare(student, rows):
                for text, expected, reason in rows:
                    assert student == text, f"{text!r} is wrong. {reason}"
            """,
            ["the rules are known", "{text} is wrong. {reason}", "It is a comment.", "It is no rule."],
        ),
        (
            """
            WORLDS = {"There is no key": 1, "The key is empty": 2}
            for number, (situation, files) in enumerate(WORLDS.items()):
                assert x, f"{situation}. That is wrong."
            """,
            ["{situation}. That is wrong.", "There is no key", "The key is empty"],
        ),
        (
            """
            @pytest.mark.parametrize(("n", "why"), [(1, "too few"), pytest.param(2, "too many", id="b")])
            def test_it(n, why):
                assert n, f"You sent {n}. That is {why}."
            """,
            ["You sent {n}. That is {why}.", "too few", "too many"],
        ),
        (
            """
            def asked(name):
                assert x, f"{name}() returned nothing."
            asked("hello")
            """,
            ["{name}() returned nothing."],
        ),
        (
            """
            class Live:
                def send(self):
                    raise self._no_answer("it cannot be reached")
                def _no_answer(self, why):
                    return Error(messages.NO_ANSWER.format(host=self.host, why=why))
            """,
            ["it cannot be reached"],
        ),
        (
            """
            words = {"kind": "a request" if one else "some requests"}
            say(messages.WRONG_COUNT.format(got=1, **words))
            """,
            ["a request", "some requests"],
        ),
    ],
)
def test_a_message_is_followed(source, expected):
    """Through names, branches, tables, loops, helpers and their arguments; a function's name is no text."""
    assert found(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = x\nassert x, x",
        "for x in x:\n    assert x, x",
        "x = sorted(x)\nfor y in x:\n    x = y\n    assert y, f'{y}'",
        "def f(a):\n    return f(a) + g(a)\ndef g(a):\n    return f(a)\nassert x, f(x)",
        "x, y = y, x\nassert x, x + y",
        "def f(*a, b='one text', **c):\n    assert a, b\nf(*x, **y)",
        "assert x, x[0][1](2).get(3, *x)",
        "async def test_x():\n    assert x, await x",
        "assert x, lambda: 'one text'",
        "@pytest.mark.parametrize(NAMES, x)\ndef test_x(a):\n    assert a, a",
    ],
)
def test_odd_code_does_not_stop_it(source):
    """Names bound to themselves, endless helpers and unusual calls come to an end."""
    assert set(found(source)) <= {"one text"}


def test_toml():
    """Titles, hints and explanations are read, in one line; keys and names are not. Drawn ones have fields."""
    source = '''
        title = "A lesson"
        [[exercise]]
        name = "ex01_x"
        hints = ["Look {here}.", "Look there."]
        [[question]]
        text = "not shown"
        [question.why]
        A = """
        Two
          lines."""
        [[question]]
        draw = { top_p = [0.1, 0.2] }
        next = "Look at {top_p}."
        '''
    expected = ["A lesson", "Look {{here}}.", "Look there.", "Two lines.", "Look at {top_p}."]
    assert found(source, phrases.toml) == expected


def test_every_message_of_the_grader_is_found():
    """All sentences of messages.py and all verdicts are in the catalogue."""
    known = {str(one.id) for one in catalogue.extracted(ROOT)}
    sentences = [text for name, text in vars(messages).items() if name.isupper() and isinstance(text, str)]
    wordy = {re.sub(r"{(\w+):[^}]+}", r"{\1}", text) for text in sentences if " " in text}
    assert len(wordy) > 80
    assert wordy <= known
    assert {verdict.replace("_", " ") for verdict in Verdict} <= known
