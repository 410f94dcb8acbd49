"""Checks of ex02. The proof is the key that a real request carries. No message shows a key."""

import ast
import re

import pytest

NAME = "OPENAI_API_KEY"
SK = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}")
SECRET = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{16,}")


@pytest.mark.points(1)
def test_client(student):
    """make_client() returns an OpenAI client"""
    make_client(student)


@pytest.mark.points(2)
def test_key_from_file(student, api):
    """the client sends the key from .env"""
    student.prepare(env={NAME: None}, files={".env": f"{NAME}={api.key}\n"})
    assert key_sent(student, api) == api.key, "There is a key in .env. The client sent another key."


@pytest.mark.points(1)
def test_environment_wins(student, api):
    """a key in the environment wins over .env"""
    student.prepare(env={NAME: api.key}, files={".env": f"{NAME}={api.key[::-1]}\n"})
    assert key_sent(student, api) == api.key, (
        "The environment and .env hold different keys. The client did not send the one from the "
        "environment.\n"
        "Next: does your code read the environment, and is there no override=True?"
    )


@pytest.mark.points(2)
def test_no_key_in_source(student, api):
    """it works with no key in your file"""
    client = make_client(student)
    line = line_with_key(student.source)
    assert line is None, (
        f"Line: {line}\nThere is a key in your file, in line {line}. Who reads the file can use it.\n"
        "Next: take the key out of the file, and let it come from .env"
    )
    assert key_sent(student, api, client) == api.key, (
        "There is no key in your file, but the client does not work yet: it did not send the key from .env."
    )


def make_client(student):
    """Return the student's client."""
    try:
        client = student.make_client()
    except Exception as error:
        if getattr(error, "type", "") != "OpenAIError":
            raise
        pytest.fail(
            "There is a key, but OpenAI() did not get it: it says that the key is missing.\n"
            "Next: is .env read before the client is built?"
        )
    name = getattr(client, "type", None) or type(client).__name__
    if client is None:
        pytest.fail("make_client() returned None.\nNext: hand the client back with return")
    assert name == "OpenAI", (
        f"make_client() returned a value of type {name}; expected an OpenAI client.\n"
        "Next: return the object that OpenAI(...) gives you"
    )
    return client


def key_sent(student, api, client=None):
    """Send one request with the student's client and return the key that it carried."""
    client = client or make_client(student)
    try:
        client.call("chat.completions.create", model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
    except Exception:
        if not api.requests:  # a wrong key is answered with an error too, but the request was made
            raise
    return api.requests[-1].key


def line_with_key(source):
    """Return the number of the first line that holds a key, or None."""
    for number, line in enumerate(source.splitlines(), start=1):
        if SK.search(line):
            return number
    for node in ast.walk(ast.parse(source)):
        for name, value in named_values(node):
            text = getattr(value, "value", None)
            if "key" in name.lower() and isinstance(text, str) and SECRET.fullmatch(text):
                return value.lineno
    return None


def named_values(node):
    """Yield what the node gives a name to: key = "...", environ["KEY"] = "...", OpenAI(api_key="...")."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield ast.unparse(target), node.value
    elif isinstance(node, ast.keyword):
        yield node.arg or "", node.value
    elif isinstance(node, ast.Call) and len(node.args) == 2:  # getenv("OPENAI_API_KEY", "...")
        yield ast.unparse(node.args[0]), node.args[1]
