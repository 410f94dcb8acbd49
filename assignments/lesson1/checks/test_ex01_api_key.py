"""Checks of ex01. No message shows a key."""

import pytest

NAME = "OPENAI_API_KEY"

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


@pytest.mark.points(1)
def test_key_from_file(student, api):
    """get_key() returns the key from .env"""
    student.prepare(env={NAME: None}, files={".env": f"{NAME}={api.key}\n"})
    got = student.get_key()
    assert got == api.key, f"There is a key in .env. get_key() returned {kind(got)}, not this key."


@pytest.mark.points(1)
def test_environment_wins(student, api):
    """a key in the environment wins over .env"""
    other = api.key[::-1]
    student.prepare(env={NAME: api.key}, files={".env": f"{NAME}={other}\n"})
    got = student.get_key()
    assert got != other, (
        "The environment and .env hold different keys. get_key() returned the one from .env, "
        "but the environment wins.\n"
        "Next: use load_dotenv() without override=True; it keeps what is there"
    )
    assert got == api.key, f"There is a key in the environment. get_key() returned {kind(got)}, not this key."

    student.prepare(env={NAME: api.key}, files={".env": None})
    got = student.get_key()
    assert got == api.key, (
        f"The environment has a key, and there is no .env. get_key() returned {kind(got)}, not this key."
    )


@pytest.mark.points(1)
def test_missing_key(student, api):
    """a missing or empty key is a clear error"""
    worlds = {
        "There is no key": {".env": None},
        "The key in .env is empty": {".env": f"{NAME}=\n"},
    }
    for situation, files in worlds.items():
        student.prepare(env={NAME: None}, files=files)
        try:
            got = student.get_key()
        except Exception as caught:
            error = caught
        else:
            pytest.fail(
                f"{situation}. get_key() returned {kind(got)}; it should raise an exception.\n"
                f"Next: look at the key; if there is none, raise an exception that names {NAME}"
            )
        sentence = NAME in str(error) and len(str(error).split()) > 1
        assert sentence, (
            f"{situation}. get_key() raised a {error.type} that does not say so in a sentence with "
            f"the name {NAME}.\n"
            f'Next: write it yourself: raise RuntimeError("...") with your sentence about {NAME}'
        )

    student.prepare(env={NAME: None}, files={".env": f"{NAME}={api.key}\n"})
    student.get_key()  # with a key it raises nothing


@pytest.mark.points(1)
def test_has_key(student, api):
    """has_key() says whether there is a key"""
    worlds = [
        ("The key is in .env", None, f"{NAME}={api.key}\n", True),
        ("There is no key", None, None, False),
        ("The key is in the environment only", api.key, None, True),
        ("The key in .env is empty", None, f"{NAME}=\n", False),
    ]
    for situation, environment, file, expected in worlds:
        student.prepare(env={NAME: environment}, files={".env": file})
        got = student.has_key()
        assert got is expected, (
            f"{situation}. has_key() returned {kind(got)}; expected {expected}.\n"
            "Next: what does os.getenv() return here, and how do you make True or False of it?"
        )


@pytest.mark.points(1)
def test_ignored(student):
    """protects_env() knows which lines match .env"""
    compare(student, LINES)


@pytest.mark.points(1)
def test_last_line_wins(student):
    """protects_env() lets the last matching line decide"""
    compare(student, NEGATIONS)


def compare(student, examples):
    """Ask protects_env() about each text."""
    for text, expected, reason in examples:
        got = student.protects_env(text)
        assert got is expected, (
            f"protects_env({text!r}) returned {kind(got)}; expected {expected}. {reason}\n"
            "Next: read the table of .gitignore lines in README.md"
        )


def kind(value):
    """Name a value without showing it: it could be a key."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if value == "":
        return "an empty text"
    name = getattr(value, "type", None) or type(value).__name__
    return {"str": "a text", "int": "a number"}.get(name, f"a value of type {name}")
