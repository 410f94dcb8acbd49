"""Checks of ex01. No message shows a key."""

import re

import pytest
from hypothesis import strategies as st

NAME = "OPENAI_API_KEY"
READS = re.compile(r"""(?:getenv|environ(?:\.get)?)\s*[\[(]\s*["'](\w+)["']""")

SLIPS = ("NameError", "AttributeError", "TypeError", "UnboundLocalError")  # of the code, not about the key

LINES = [  # a .gitignore, whether it protects .env, and why
    (".env\n", True, "The line .env matches the file."),
    ("# .env\n", False, "A line that starts with # is a comment."),
    ("__pycache__/\n\n/.env\n", True, "/.env matches the file beside .gitignore."),
    ("", False, "There is no rule in it."),
    ("*.env\n*.pyc\n", True, "*.env matches each name that ends in .env."),
    (".env.example\n", False, "It names another file."),
    ("build/\n.env*\n", True, ".env* matches each name that begins with .env."),
    (".env/\n", False, "A slash at the end is for folders only."),
    (".venv/\nvenv\n", False, "Both lines name other things."),
]

NEGATIONS = [
    (".env\n!.env\n", False, "The last line takes .env out again."),
    ("!.env\n.env\n", True, "The last line ignores .env again."),
    ("*.env\n!.env.example\n", True, "The last line is about another file."),
    (".env*\n!.env*\n*.pyc\n", False, "The second line is the last that matches."),
    (".env\n# !.env\n", True, "The last line is a comment."),
    ("!/.env\n", False, "This line does not ignore .env; it takes it out."),
    (".env\n!*.env\n\n/.env\n", True, "The last line ignores .env again."),
]

MATCHES = (".env", "/.env", "*.env", ".env*")
OTHERS = (
    "",
    "# .env",
    "# !.env",
    "*.pyc",
    ".env/",
    ".env.example",
    "__pycache__/",
    "build/",
    "venv",
    "!.env.example",
)


@pytest.mark.points(1)
def test_key_from_file(student, api):
    """get_key() returns the key from .env"""
    got, error = outcome(student, None, f"{NAME}={api.key}\n")
    check_name(student, error)
    assert not error, (
        f"There is a key in .env. get_key() raised {error.type}, as if there were none.\n"
        "Next: call load_dotenv() first, and compare the name with OPENAI_API_KEY, letter by letter"
    )
    check_bare(got, api)
    check_name(student, got != api.key)
    assert got == api.key, (
        f"There is a key in .env. get_key() returned {kind(got)}, not this key.\n"
        "Next: call load_dotenv(), and return what os.getenv() finds under the name OPENAI_API_KEY"
    )


@pytest.mark.points(1)
def test_environment_wins(student, api):
    """a key in the environment wins over .env"""
    other = api.key[::-1]
    got, error = outcome(student, api.key, f"{NAME}={other}\n")
    assert got != other, (
        "The environment and .env hold different keys. get_key() returned the one from .env, "
        "but the environment wins.\n"
        "Next: look there first; load_dotenv() without override=True does it"
    )
    check_name(student, error)
    assert not error, (
        f"There is a key in the environment. get_key() raised {error.type}, as if there were none.\n"
        "Next: compare the name in os.getenv() with OPENAI_API_KEY, letter by letter"
    )
    check_bare(got, api)
    check_name(student, got != api.key)
    assert got == api.key, (
        f"There is a key in the environment. get_key() returned {kind(got)}, not this key.\n"
        "Next: return what os.getenv() finds under the name OPENAI_API_KEY"
    )

    got, _ = outcome(student, api.key, None)
    assert got == api.key, (
        "The environment has a key, and there is no .env. get_key() did not return this key.\n"
        "Next: let os.getenv() look for the key in any case; load_dotenv() needs no .env"
    )


@pytest.mark.points(1)
def test_missing_key(student, api):
    """a missing or empty key is a clear error"""
    got, error = outcome(student, None, None)
    assert error, (
        f"There is no key. get_key() returned {kind(got)}; it should raise an exception.\n"
        "Next: look at the key; if there is none, raise an exception that names OPENAI_API_KEY"
    )
    assert is_clear(error), (
        f"There is no key. get_key() raised {error.type}, but its message is no sentence with the "
        "name OPENAI_API_KEY.\n"
        'Next: write it yourself: raise RuntimeError("...") with your sentence about OPENAI_API_KEY'
    )
    got, error = outcome(student, None, f"{NAME}=\n")
    assert error, (
        f"The key in .env is empty. get_key() returned {kind(got)}; it should raise an exception.\n"
        "Next: treat an empty text like None; if not key: finds both"
    )
    assert is_clear(error), (
        f"The key in .env is empty. get_key() raised {error.type}, but its message is no sentence with the "
        "name OPENAI_API_KEY.\n"
        'Next: write it yourself: raise RuntimeError("...") with your sentence about OPENAI_API_KEY'
    )
    _, error = outcome(student, None, f"{NAME}={api.key}\n")
    check_name(student, error)
    assert not error, (
        f"There is a key in .env. get_key() raised {error.type}, as if there were none.\n"
        "Next: call load_dotenv() first, and compare the name with OPENAI_API_KEY, letter by letter"
    )


@pytest.mark.points(1)
def test_has_key(student, api):
    """has_key() says whether there is a key"""
    got = has_key(student, None, f"{NAME}={api.key}\n")
    assert got is True, (
        f"The key is in .env. has_key() returned {kind(got)}; expected True.\n"
        "Next: call load_dotenv(), and make True of what os.getenv() finds"
    )
    got = has_key(student, None, None)
    assert got is False, (
        f"There is no key. has_key() returned {kind(got)}; expected False.\n"
        "Next: make False of the None that os.getenv() returns then"
    )
    got = has_key(student, api.key, None)
    assert got is True, (
        f"The key is in the environment only. has_key() returned {kind(got)}; expected True.\n"
        "Next: ask os.getenv() for the key, not load_dotenv(), which only says if it found a file"
    )
    got = has_key(student, None, f"{NAME}=\n")
    assert got is False, (
        f"The key in .env is empty. has_key() returned {kind(got)}; expected False.\n"
        "Next: make False of an empty text, too; bool() does it"
    )


@pytest.mark.points(1)
def test_ignored(student):
    """protects_env() knows which lines match .env"""
    compare(student, LINES)
    compare_drawn(student, (*MATCHES, *OTHERS))


@pytest.mark.points(1)
def test_last_line_wins(student):
    """protects_env() lets the last matching line decide"""
    compare(student, NEGATIONS)
    compare_drawn(student, (*MATCHES, *(f"!{line}" for line in MATCHES), *OTHERS))


def outcome(student, environment, file):
    """Return what get_key() returns in this world, and what it raises; one of the two is None."""
    student.prepare(env={NAME: environment}, files={".env": file})
    try:
        return student.get_key(), None
    except Exception as error:
        if error.type in SLIPS:
            raise
        return None, error


def has_key(student, environment, file):
    """Return what has_key() returns in this world."""
    student.prepare(env={NAME: environment}, files={".env": file})
    try:
        return student.has_key()
    except Exception as error:
        if error.type in SLIPS:
            raise
        pytest.fail(
            f"has_key() stopped with {error.type}; it should return True or False, and raise nothing.\n"
            "Next: ask os.getenv() for the key here as well, without get_key()"
        )


def check_name(student, failed):
    """Where the key was not found, the code may ask for another name."""
    line, name = next(other_names(student.source), (0, NAME))
    assert not failed or name == NAME, (
        f"Line: {line}\nYour code asks for {name!r}. The key is called 'OPENAI_API_KEY'.\n"
        "Next: write the name as in .env, letter by letter"
    )


def other_names(source):
    """Yield the lines that read another name than the key's from the environment, and this name."""
    for number, line in enumerate(source.splitlines(), start=1):
        for name in READS.findall(line):
            if name != NAME:
                yield number, name


def check_bare(got, api):
    """The key must come back as it is."""
    text = got if isinstance(got, str) else ""
    assert text == api.key or text.strip(" \t\r\n\"'") != api.key, (
        "get_key() returned the key with a space, a line break or a quote around it.\n"
        "Next: let load_dotenv() and os.getenv() read the key; they return it as it is"
    )


def is_clear(error):
    """Whether the message is a sentence that names the key."""
    return NAME in str(error) and len(str(error).split()) > 1


def compare(student, examples):
    """Ask protects_env() about each text."""
    for text, expected, reason in examples:
        check_answer(student.protects_env(text), text, expected, reason)


def compare_drawn(student, lines):
    """Ask protects_env() about texts that are drawn from these lines."""
    texts = st.lists(st.sampled_from(lines), max_size=5).map(lambda drawn: "".join(f"{line}\n" for line in drawn))
    for (text,), got in student.each("protects_env", st.tuples(texts)):
        expected, reason = answer(text)
        check_answer(got, text, expected, reason)


def check_answer(got, text, expected, reason):
    """protects_env() must answer with True or False itself."""
    assert got is expected, (
        f"protects_env({text!r}) returned {kind(got)}; expected {expected}. {reason}\n"
        "Next: read the table of .gitignore lines in README.md"
    )


def answer(text):
    """Return whether a .gitignore protects .env, and why."""
    matching = [line for line in text.splitlines() if line.removeprefix("!") in MATCHES]
    if not matching:
        return False, "None of its lines matches .env."
    return matching[-1] in MATCHES, f"{matching[-1]} is the last line that matches."


def kind(value):
    """Name a value without showing it: it could be a key."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if value == "":
        return "an empty text"
    name = getattr(value, "type", None) or type(value).__name__
    return {"str": "a text", "int": "a number"}.get(name, f"a value of type {name}")
