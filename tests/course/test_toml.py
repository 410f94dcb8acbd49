"""An error in a TOML file names the file, the line, the key, and what was expected there."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course import toml
from grader.course.lessons import Lesson
from grader.course.quizzes import Quiz
from grader.errors import LessonError

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {
    path.relative_to(ROOT).as_posix(): (path.read_text("utf-8"), kind)
    for kind, name in ((Lesson, "lesson.toml"), (Quiz, "quiz.toml"))
    for path in sorted((ROOT / "assignments").glob(f"*/{name}"))
}
SHOWN = "assignments/lesson1/lesson.toml"
GOOD = """\
#:schema ../lesson.schema.json
title = "A lesson"

# the first
[[exercise]]
name = "ex01_one"
title = "One"
points = 6
hints = [
    "first",
    "second",
]

[[exercise]]
name = "ex02_two"
title = "Two"
points = 4
hints = ["only"]
needs = ["numpy"]

[[exercise]]
name = "ex03_three"
title = "Three"
points = 2
hints = ["only"]
"""
KEY_LINE = re.compile(r"^([a-z_A-Z]+) = ")
TABLE_LINE = re.compile(r"^\[")
steady = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def load(tmp_path):
    """Load a text as a lesson; gives the lesson or the error's text."""

    def loaded(content, kind=Lesson):
        path = tmp_path / "lesson.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            return toml.load(path, kind, SHOWN)
        except LessonError as error:
            return str(error)

    return loaded


def number_of(text, line):
    """The number of the line that begins so."""
    return next(number for number, one in enumerate(text.splitlines(), start=1) if one.startswith(line))


def test_a_good_file_is_read(load):
    """The content arrives with its types."""
    lesson = load(GOOD)
    assert [exercise.points for exercise in lesson.exercise] == [6, 4, 2]
    assert lesson.exercise[0].hints == ("first", "second")
    assert lesson.exercise[1].needs == ("numpy",)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()])
def test_a_windows_file_is_read(load, content):
    """A byte order mark and CRLF are no errors."""
    assert load(content).title == "A lesson"


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "expected"),
    [
        ('title = "A lesson"', "", 1, "title", "missing"),
        ('title = "A lesson"', "title = 5", 2, "title", "expected `str`, got `int`"),
        ('title = "A lesson"', 'title = ""', 2, "title", "length >= 1"),
        ('title = "A lesson"', f'title = "{"x" * 41}"', 2, "title", "length <= 40"),
        ('title = "A lesson"', 'title = "A"\nauthor = "me"', 3, "author", "no such key"),
        ('name = "ex01_one"\n', "", 5, "exercise[0].name", "missing"),
        ('name = "ex02_two"\n', "", 14, "exercise[1].name", "missing"),
        ('name = "ex03_three"\n', "", 21, "exercise[2].name", "missing"),
        ('title = "One"\n', "", 5, "exercise[0].title", "missing"),
        ("points = 6\n", "", 5, "exercise[0].points", "missing"),
        ("points = 4\n", "", 14, "exercise[1].points", "missing"),
        ("points = 2\n", "", 21, "exercise[2].points", "missing"),
        ('hints = ["only"]\nneeds', "needs", 14, "exercise[1].hints", "missing"),
        ("points = 6", 'points = "6"', 8, "exercise[0].points", "expected `int`, got `str`"),
        ("points = 4", "points = 4.0", 17, "exercise[1].points", "expected `int`, got `float`"),
        ("points = 4", "points = true", 17, "exercise[1].points", "expected `int`, got `bool`"),
        ("points = 4", "points = 2026-11-23", 17, "exercise[1].points", "expected `int`"),
        ("points = 4", "points = 0", 17, "exercise[1].points", ">= 1"),
        ("points = 2", "points = -2", 24, "exercise[2].points", ">= 1"),
        ("points = 2", "points = 2\npionts = 2", 25, "exercise[2].pionts", "no such key"),
        ('needs = ["numpy"]', 'needs = "numpy"', 19, "exercise[1].needs", "expected `array`, got `str`"),
        ('needs = ["numpy"]', "needs = [1]", 19, "exercise[1].needs[0]", "expected `str`, got `int`"),
        ('"first",', "5,", (9, 10), "exercise[0].hints[0]", "expected `str`, got `int`"),
        ('"second",', '"",', (9, 11), "exercise[0].hints[1]", "length >= 1"),
        ('hints = ["only"]\nneeds', "hints = []\nneeds", 18, "exercise[1].hints", "length >= 1"),
        ('"ex01_one"', '"ex1_one"', 6, "exercise[0].name", "matching regex"),
        ('"ex02_two"', '"ex02_Two"', 15, "exercise[1].name", "matching regex"),
        ('"ex03_three"', '"../ex03"', 22, "exercise[2].name", "matching regex"),
        ('"ex03_three"', '"ex03_three\\n"', 22, "exercise[2].name", "matching regex"),
        ('[[exercise]]\nname = "ex03_three"', '[exercises]\nname = "ex03_three"', 21, "exercises", "no such key"),
    ],
)
def test_an_error_has_its_line(load, old, new, line, key, expected):  # noqa: PLR0913, PLR0917
    """The line is the key's own, or of its table's header where the key is missing."""
    assert GOOD.count(old) == 1
    text = load(GOOD.replace(old, new))
    found = re.fullmatch(rf"{re.escape(SHOWN)}:(\d+): ([^ ]+): (.*)\.", text)
    assert found, text
    first, last = line if isinstance(line, tuple) else (line, line)
    assert first <= int(found[1]) <= last, text
    assert found[2] == key
    assert expected in found[3]


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('old = "c"', 'odl = "c"', 29, "exercise[1].equivalent[1].odl"),
        ('new = "b"', "new = 5", 25, "exercise[1].equivalent[0].new"),
        ('new = "d"', "new = 5", 30, "exercise[1].equivalent[1].new"),
        ('reason = "e"\n', "", 28, "exercise[1].equivalent[1].reason"),
        ('new = "g"', "new = 5", 40, "exercise[2].equivalent[0].new"),
        ("points = 2", "points = 0", 36, "exercise[2].points"),
    ],
)
def test_an_error_below_an_exercise_has_its_line(load, old, new, line, key):
    """The tables of one exercise are told from those of the next."""
    first = '\n[[exercise.equivalent]]\nold = "a"\nnew = "b"\nreason = "r"\n'
    second = '\n[[exercise.equivalent]]\nold = "c"\nnew = "d"\nreason = "e"\n'
    third = '[[exercise.equivalent]]\nold = "f"\nnew = "g"\nreason = "r"\n'
    text = GOOD.replace('needs = ["numpy"]\n', f'needs = ["numpy"]\n\n# why\n{first}{second}') + third
    assert load(text).exercise[1].equivalent[1].reason == "e"
    assert load(text.replace(old, new)).startswith(f"{SHOWN}:{line}: {key}: ")


def test_no_exercises(load):
    """A lesson without exercises, or with something else in their place, is told."""
    assert load('title = "x"\n') == f"{SHOWN}:1: exercise: this key is missing."
    assert load('title = "x"\nexercise = []\n').startswith(f"{SHOWN}:2: exercise: expected `array` of length >= 1")
    assert load('title = "x"\n\n[exercise]\nname = "ex01_a"\n').startswith(
        f"{SHOWN}:3: exercise: expected `array`"
    )
    assert load('title = "x"\nexercise = ["a"]\n').startswith(f"{SHOWN}:2: exercise[0]: expected `object`")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('title = "x"\npoints = \n', 2),
        ('title = "never closed\n', 1),
        ('title = "x"\ntitle = "y"\n', 2),
        ("title = 'x'\n\n[[exercise]\n", 3),
        ("points = 06\n", 1),
        ("day = 2026-99-99\n", 1),
        ('title = "\\q"\n', 1),
    ],
)
def test_broken_toml_has_its_line(load, text, line):
    """What tomllib says is passed on, with its line."""
    assert load(text).startswith(f"{SHOWN}:{line}: this is not TOML: ")


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "points = " + "9" * 10_000])
def test_toml_beyond_reason_is_an_error_too(load, text):
    """Nesting and numbers that Python itself refuses are the file's fault."""
    assert load(text).startswith(SHOWN)


@pytest.mark.parametrize(("content", "line"), [(b"\xff\xfe", 1), (b'title = "x"\n# caf\xe9\n', 2)])
def test_another_encoding_has_its_line(load, content, line):
    """The first byte that is not UTF-8 is found."""
    assert load(content) == f"{SHOWN}:{line}: the file is not UTF-8. Save it as UTF-8."


def test_a_missing_file_is_named(tmp_path):
    """A file that is not there is told, and so is a folder in its place."""
    with pytest.raises(LessonError, match=rf"^{re.escape(SHOWN)}: there is no such file\.$"):
        toml.load(tmp_path / "lesson.toml", Lesson, SHOWN)
    with pytest.raises(LessonError, match=rf"^{re.escape(SHOWN)}: "):
        toml.load(tmp_path, Lesson, SHOWN)


def test_words_in_a_text_are_not_taken_for_keys(load):
    """A text of several lines may hold what looks like a key."""
    text = GOOD.replace('title = "A lesson"', 'title = """\\\n    points = 1 \\\n    name = x"""')
    assert load(text.replace("points = 6", "points = 0")).startswith(f"{SHOWN}:10: exercise[0].points: ")


def test_line_separators_in_a_text_are_not_lines(load):
    """An editor counts line feeds only, whatever a title holds."""
    text = GOOD.replace("A lesson", "A\N{LINE SEPARATOR}B\N{NEXT LINE}C").replace("points = 2", "points = 0")
    assert load(text).startswith(f"{SHOWN}:24: exercise[2].points: ")


def keys_of(text):
    """The lines that hold a key at their beginning, outside texts of several lines: number (from 0) and key."""
    inside = False
    for number, line in enumerate(text.splitlines()):
        found = KEY_LINE.match(line)
        if found and not inside:
            yield number, found[1]
        inside ^= line.count('"""') % 2 == 1


def entry(lines, number):
    """The lines of the whole entry that begins there."""
    last = number
    while last < len(lines):
        try:
            tomllib.loads("\n".join(lines[number : last + 1]))
        except tomllib.TOMLDecodeError:
            last += 1
        else:
            break
    return slice(number, last + 1)


def table_of(lines, number):
    """The number of the header above a line, or 0 for what stands before all tables."""
    return next((above for above in range(number, -1, -1) if TABLE_LINE.match(lines[above])), 0)


def error_of(path, kind, shown):
    """The text of the error that loading raises, or None."""
    try:
        toml.load(path, kind, shown)
    except LessonError as error:
        return str(error)
    return None


WRONG = {
    "an integer": "5",
    "a text": '"x"',
    "a list": "[[]]",
    "a table": "{a = 1}",
    "a date": "2026-11-23",
    "true": "true",
}
OPTIONAL = {"needs", "draw"}
EITHER = {"seed": (int, str)}  # keys that take values of several types


@pytest.mark.parametrize("shown", SHIPPED)
@settings(steady, max_examples=150)
@given(data=st.data())
def test_any_corruption_of_a_shipped_file_is_found(tmp_path_factory, shown, data):
    """One key removed, renamed, or given a value of another type: the error names its line, whichever it was."""
    text, kind = SHIPPED[shown]
    lines = text.splitlines()
    number, key = data.draw(st.sampled_from(list(keys_of(text))), label="line")
    how = data.draw(st.sampled_from(["removed", "renamed", *WRONG]), label="how")
    header = table_of(lines, number)
    place = entry(lines, number)
    expected = {number + 1}
    if how == "removed":
        lines[place] = []
        expected = {header + 1}
    elif how == "renamed":
        lines[number] = lines[number].replace(key, key + "x", 1)
        expected |= {header + 1}  # the new name is unknown, or the old one is missing
    else:
        same = type(tomllib.loads(f"x = {WRONG[how]}")["x"])
        if same in EITHER.get(key, ()):
            return
        if isinstance(tomllib.loads("\n".join(lines[place]))[key], same) and same is not list:
            return
        lines[place] = [f"{key} = {WRONG[how]}"]
    path = tmp_path_factory.mktemp("toml") / "x.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    error = error_of(path, kind, shown)
    if error is None:
        assert how == "removed"
        assert key in OPTIONAL
    else:
        found = re.match(rf"{re.escape(shown)}:(\d+): (\S+): ", error)
        assert found, error
        assert int(found[1]) in expected, error
        assert key in found[2]


@steady
@given(st.sampled_from(sorted(SHIPPED)), st.integers(0), st.binary(max_size=3), st.integers(0, 3))
def test_any_change_of_bytes_is_a_file_or_an_error(tmp_path_factory, shown, at, put_in, cut):
    """Whatever is typed into a file by accident, the only exception is the one that names the file."""
    text, kind = SHIPPED[shown]
    content = bytearray(text.encode())
    at %= len(content)
    content[at : at + cut] = put_in
    path = tmp_path_factory.mktemp("toml") / "x.toml"
    path.write_bytes(content)
    error = error_of(path, kind, shown)
    assert error is None or error.startswith(f"{shown}:")
