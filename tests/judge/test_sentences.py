"""What a failed check says: the sentence made of an assertion, the values in it, and what is cleaned out of it."""

import builtins
import types

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader import messages
from grader.judge import checks, cleaning, outcomes
from grader.judge.run import KEY

PART = 9  # characters of a key that are too many

hexadecimal = st.text("0123456789abcdef", min_size=32, max_size=32)
keys = hexadecimal.map(lambda middle: KEY.format(middle=middle))
slices = st.tuples(st.integers(0, 44), st.integers(0, 44)).map(lambda ends: slice(min(ends), max(ends)))
between = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def student(function="", returned=None):
    """What `compared` reads of a student: the last call and its result."""
    return types.SimpleNamespace(_function=function, _returned=returned)


# --- the sentence of an assertion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello() returned None.", ("hello() returned None.", "")),
        ("hello() returned None.\nNext: return the text", ("hello() returned None.", "return the text")),
        ("One.\n  Two.  \n\nNext: this\nNext: that", ("One. Two.", "this that")),
        ("Next: only a step", (messages.NOT_TRUE, "only a step")),
        ("It is wrong.\nassert 1 == 2\n +  where 1 = f()", ("It is wrong.", "")),
        ("assert 1 == 2", (messages.NOT_TRUE, "")),
        ("assert \x1ef() returned 1; expected 2.\n  \n  (details)", ("f() returned 1; expected 2.", "")),
        ("DID NOT RAISE <class 'ValueError'>", (messages.DID_NOT_RAISE, "")),
        ("", (messages.NOT_TRUE, "")),
        ("\n \n", (messages.NOT_TRUE, "")),
    ],
)
def test_sentence(text, expected):
    """The author's words come first; without them the sentence about two values, else a general one."""
    told = checks.sentence(text)
    assert (told.words, told.step) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("One.", None),
        ("One.\nLine: 7", 7),
        ("One.\nLine: seven", None),
        ("Line: 3\nLine: 4", 3),
        ("Line: ²", None),
    ],
)
def test_a_sentence_may_name_a_line(text, line):
    """A line of the message that begins with `Line: ` says which line of the student's file it is about."""
    told = checks.sentence(text)
    assert told.line == line
    assert "Line" not in told.words


@given(st.text() | st.lists(st.sampled_from(["Next: ", "Line: ", "\n", "assert ", "7", "words"])).map("".join))
def test_sentence_is_one_line(text):
    """There is always a sentence, and neither it nor the next step has a line break or pytest's details."""
    told = checks.sentence(text)
    assert told.words
    for part in (told.words, told.step):
        assert len(part.splitlines()) <= 1


@given(st.text(min_size=1).filter(lambda text: text.split()), st.sampled_from(["1 == 2", "x is None"]))
def test_pytest_adds_nothing_to_the_authors_words(words, compared):
    """What pytest puts behind an author's message does not reach the student."""
    assert checks.sentence(f"{words}\nassert {compared}\n +  where 1 = f()") == checks.sentence(words)


# --- two compared values


def test_compared_names_the_function():
    """A value that the last call returned is told with the function's name."""
    got = ["abc"]
    assert (
        checks.compared("==", got, "xyz", student("hello()", got)) == "hello() returned ['abc']; expected 'xyz'."
    )


def test_compared_without_a_function():
    """A part of what came back, or a value of the log, is told without a function's name."""
    assert checks.compared("==", 1, 2, student("hello()", [1])) == "Found 1; expected 2."
    assert checks.compared("==", None, 2, student()) == "Found None; expected 2."


def test_compared_tells_the_operator():
    """Another comparison than == names its operator."""
    assert checks.compared("<", 3, 2, student()) == "Found 3; expected < 2."
    assert checks.compared("is", 1, None, student("f()", 1)) == "f() returned 1; expected is None."


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.sets(st.text()),
)


@given(values, values, st.sampled_from(["==", "!=", "<", "in", "is"]))
def test_compared_is_one_line(left, right, operator):
    """Whatever the two values are, the sentence is one line."""
    assert len(checks.compared(operator, left, right, student("f()", left)).splitlines()) == 1


@pytest.mark.parametrize(
    "value",
    ["x" * 5000, 10**4000, 10**5000, [["x" * 50] * 50] * 50, {f"{n}" * 20: ["x" * 50] * 50 for n in range(50)}],
    ids=["text", "integer", "integer that Python does not write", "lists", "dict"],
)
def test_a_value_is_shown_in_short(value):
    """However large a value is, it is shown in a few lines of a terminal, so that the expected one is seen too."""
    assert len(messages.shown(value)) <= 160


@given(st.sets(st.text(max_size=5)))
def test_a_set_is_shown_in_order(items):
    """A set is shown the same whatever order it was filled in."""
    one, other = set(), set()
    one.update(sorted(items))
    other.update(sorted(items, reverse=True))
    assert messages.shown(one) == messages.shown(other)


# --- what is cleaned out


@given(keys, st.lists(st.tuples(between, slices), max_size=6), between)
def test_cleaned_leaves_no_part_of_the_key(key, parts, end):
    """No nine characters of the key are left, whatever parts of it stand in a text."""
    text = "".join(words + key[part] for words, part in parts) + end
    left = cleaning.cleaned(text, key)
    assert not [key[at : at + PART] for at in range(len(key) - PART + 1) if key[at : at + PART] in left]


@given(keys, keys, st.lists(slices.filter(lambda part: part.stop - part.start >= PART), max_size=6))
def test_cleaned_is_the_same_for_every_key(one, other, parts):
    """A text about a key is the same in two runs, which have different keys."""
    once, again = (cleaning.cleaned(" | ".join(key[part] for part in parts), key) for key in (one, other))
    assert once == again


@given(keys, st.text(st.characters(exclude_characters="0/"), max_size=100))
def test_cleaned_leaves_other_texts_alone(key, text):
    """A text without a key, an address or a temporary folder stays as it is."""
    assume(not any(key[at : at + PART] in text for at in range(len(key) - PART + 1)))
    assert cleaning.cleaned(text, key) == text


def test_cleaned_says_that_it_was_the_key():
    """A key in a text is replaced by words that a student understands."""
    key = KEY.format(middle="0123456789abcdef" * 2)
    assert cleaning.cleaned(f"the key {key!r} is wrong", key) == "the key '<your key>' is wrong"


@given(keys)
def test_cleaned_knows_the_key_backwards(key):
    """Checks use the key turned round as a second key; it varies as well, and is no more to be shown."""
    assert cleaning.cleaned(f"not {key[::-1]} here", key) == "not <your key> here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<object object at 0x7f1a2b3c4d5e>", "<object object at 0x...>"),
        ("No such file: '/tmp/grader-ab12_xyz/3/data.txt'", "No such file: 'data.txt'"),
        ("/var/folders/xy/T/grader-ab12_xyz/14/ex03_hello.py:7", "ex03_hello.py:7"),
        ("/private/tmp/grader-ab12_xyz/1", ""),
        (r"C:\Users\me\Temp\grader-ab12_xyz\1\data.txt", "data.txt"),
        ("0x1f", "0x1f"),
    ],
)
def test_cleaned_of_addresses_and_folders(text, expected):
    """Addresses and the cell's working folder, which vary, are cut."""
    assert cleaning.cleaned(text, "k" * 44) == expected


@pytest.mark.parametrize("text", ["not in /tmp/grader-{}", "not in /tmp/grader-{}/.env", "<functio...7f{}0>"])
def test_cleaned_of_what_is_near(text):
    """The folder above the working folder, and an address that was cut at its front, vary as well."""
    once, again = (cleaning.cleaned(text.format(part), "k" * 44) for part in ("abcd1234", "efab5678"))
    assert once == again


def test_cleaned_keeps_what_stands_before_a_folder():
    """Only the path is cut, not what is written against it."""
    assert cleaning.cleaned("file=/tmp/grader-ab12_xyz/3/data.txt", "k" * 44) == "file=data.txt"


@given(st.text(), keys)
def test_cleaned_twice_is_cleaned_once(text, key):
    """A cleaned text stays as it is."""
    once = cleaning.cleaned(text, key)
    assert cleaning.cleaned(once, key) == once


# --- classes of errors


EXCEPTIONS = [
    kind
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, Exception) and kind not in (Exception, ExceptionGroup)
]


def bases(kind):
    """The names that a cell sends for an exception class."""
    return tuple(base.__name__ for base in kind.__mro__)


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_error_class_of_a_builtin(kind):
    """For every builtin exception a check's `except` and pytest.raises work as with the original."""
    made = outcomes.error_class(bases(kind))
    assert issubclass(made, kind)
    assert issubclass(made, outcomes.StudentError)


@pytest.mark.parametrize("kind", EXCEPTIONS, ids=lambda kind: kind.__name__)
def test_an_error_can_be_raised(kind):
    """An exception of each class can be made from what the cell sends, and says the student's own words."""
    raised = outcomes.Raised(1, kind.__name__, list(bases(kind)), "its words", 7, own=True)
    finding = outcomes.failed("a sentence")
    error = outcomes.error_class(bases(kind))(raised, finding)
    assert isinstance(error, kind)
    assert (str(error), error.type, error.bases) == ("its words", kind.__name__, bases(kind))
    assert error.finding is finding


def test_an_exception_group_is_an_ordinary_error():
    """A group, which cannot be made without its members, is an error without a nearer class."""
    raised = outcomes.Raised(1, "ExceptionGroup", list(bases(ExceptionGroup)), "its words", 7, own=True)
    error = outcomes.error_class(bases(ExceptionGroup))(raised, outcomes.failed("a sentence"))
    assert isinstance(error, outcomes.StudentError)
    assert (str(error), error.type) == ("its words", "ExceptionGroup")


def test_error_class_of_the_students_own():
    """A class of the student's own is known by its nearest builtin base."""
    names = ("MissingKeyError", "MyError", "LookupError", "Exception", "BaseException", "object")
    assert issubclass(outcomes.error_class(names), LookupError)
    assert not issubclass(outcomes.error_class(names), KeyError)


@given(st.lists(st.text() | st.sampled_from(dir(builtins)), max_size=8).map(tuple))
def test_error_class_of_any_names(names):
    """Whatever names a cell sends, the class is an ordinary exception: an `except Exception` sees it."""
    made = outcomes.error_class(names)
    assert issubclass(made, outcomes.StudentError)
    assert issubclass(made, Exception)


def test_ended_is_no_ordinary_exception():
    """A check's `except Exception` cannot swallow a time-out, a crash or a stub that was not touched."""
    assert not issubclass(outcomes.Ended, Exception)
    assert issubclass(outcomes.NothingLoggedError, outcomes.Ended)
