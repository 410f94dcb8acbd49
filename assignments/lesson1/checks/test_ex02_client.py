"""Checks of ex02. The proof is the key that a real request carries. No message shows a key."""

import re

import pytest

NAME = "OPENAI_API_KEY"
SK = re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}")
# key = "...", environ["KEY"] = "...", OpenAI(api_key="..."), getenv("OPENAI_API_KEY", "..."). No syntax tree is made
# of a student's file: it could take hundreds of times as much memory, or be deeper than Python reads.
NAMED = re.compile(
    r"""(?i:key)\w{0,40}["']?\]?\s{0,99}(?::\s{0,99}\w{1,40}\s{0,99})?[=,]\s{0,99}["']([^"'\n]{16,999})["']"""
)
SECRET = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{16,}")


@pytest.mark.points(1)
def test_client(student):
    """make_client() returns an OpenAI client"""
    make_client(student)


@pytest.mark.points(2)
def test_key_from_file(student, api):
    """the client sends the key from .env"""
    student.prepare(env={NAME: None}, files={".env": f"{NAME}={api.key}\n"})
    sent = key_sent(student, api)
    check_bare(student, api, sent)
    assert sent == api.key, (
        "There is a key in .env. The client sent another key.\n"
        "Next: call load_dotenv() first; then OpenAI() finds the key by itself"
    )


@pytest.mark.points(1)
def test_environment_wins(student, api):
    """a key in the environment wins over .env"""
    student.prepare(env={NAME: api.key}, files={".env": f"{NAME}={api.key[::-1]}\n"})
    sent = key_sent(student, api)
    check_bare(student, api, sent)
    assert sent == api.key, (
        "The environment and .env hold different keys. The client did not send the one from the "
        "environment.\n"
        "Next: use load_dotenv() without override=True, and let OpenAI() find the key"
    )


@pytest.mark.points(2)
def test_no_key_in_source(student, api):
    """it works with no key in your file"""
    client = make_client(student)
    check_source(student)
    sent = key_sent(student, api, client)
    check_bare(student, api, sent)
    assert sent == api.key, (
        "There is no key in your file, but the client does not work yet: it did not send the key from .env.\n"
        "Next: call load_dotenv() first; then OpenAI() finds the key by itself"
    )


def make_client(student):
    """Return the student's client."""
    try:
        client = student.make_client()
    except Exception as error:
        if getattr(error, "type", "") != "OpenAIError":
            raise
        pytest.fail(
            "There is a key in .env, but OpenAI() did not get it.\n"
            "Next: call load_dotenv() before the line that makes the client"
        )
    name = getattr(client, "type", None) or type(client).__name__
    if client is None:
        pytest.fail("make_client() returned None, and no client.\nNext: hand the client back with return")
    if name == "type":
        pytest.fail(
            "make_client() returned the class OpenAI. A client is an object of it.\n"
            "Next: write () behind OpenAI; this makes the object"
        )
    assert name == "OpenAI", (
        f"make_client() returned a value of type {name}; expected an OpenAI client.\n"
        "Next: return the object that OpenAI() makes"
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


def check_bare(student, api, sent):
    """The key must be a key, as it is, and not one of the student's file."""
    if sent != api.key:
        check_source(student)
    assert sent != NAME, (
        "The client sent the name OPENAI_API_KEY, and not the key that has this name.\n"
        "Next: leave api_key out of OpenAI(), or write api_key=os.getenv(...) with the name in it"
    )
    assert sent == api.key or (sent or "").strip(" \t\r\n\"'") != api.key, (
        "The client sent the key with a space, a line break or a quote around it.\n"
        "Next: hand the key to OpenAI() as os.getenv() returns it, or leave api_key out"
    )


def check_source(student):
    """No key may stand in the student's file."""
    line = line_with_key(student.source)
    assert line is None, (
        f"Line: {line}\nThere is a key in your file, in line {line}. Who reads the file can use it.\n"
        "Next: take the key out of the file, and let it come from .env"
    )


def line_with_key(source):
    """Return the number of the first line that holds a key, or None."""
    for number, line in enumerate(source.splitlines(), start=1):
        if SK.search(line):
            return number
    for match in NAMED.finditer(source):
        if SECRET.fullmatch(match[1]):
            return source.count("\n", 0, match.start(1)) + 1
    return None
