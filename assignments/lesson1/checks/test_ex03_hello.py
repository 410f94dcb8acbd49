"""Checks of ex03."""

import re
import reprlib

import pytest

CATCHES_ALL = re.compile(r"\s*except(\s*|\s+(Base)?Exception\b[^:]*):")  # linear, whatever the line holds


@pytest.mark.points(4)
def test_reply(student, api):
    """hello() returns the text of the model's reply"""
    api.expect("chat", times=1, model="gpt-4o-mini", n=1, temperature=1.3)
    got = student.hello(api.client())
    check_text(got, api.replies[0].text, student)


@pytest.mark.points(2)
def test_one_message(student, api):
    """the request holds one user message: Hello World"""
    api.expect("chat", times=1)
    student.hello(api.client())
    request = api.requests[0]
    messages = request.messages
    assert len(messages) == 1, (
        f"Line: {request.line}\nYour request holds {len(messages)} messages; this exercise wants one.\n"
        "Next: leave one dict in the list, the one of the user"
    )
    [(role, text)] = messages
    assert role == "user", (
        f"Line: {request.line}\nThe role of your message is {role!r}; this exercise wants 'user'.\n"
        'Next: write "user" as the role; the message comes from you'
    )
    assert text == "Hello World", (
        f"Line: {request.line}\nYour message says {reprlib.repr(text)}; this exercise wants 'Hello World'.\n"
        "Next: compare letter by letter: capitals, spaces, commas"
    )


def check_text(got, text, student):
    """The text of the reply must come back, and nothing around it."""
    line = line_that_catches_all(student.source)
    assert got == text or line is None or not isinstance(got, str | None), (
        f"Line: {line}\nhello() returned {reprlib.repr(got)}. This except catches every error, and hides what is wrong.\n"
        "Next: take try and except out, and run it again; then you see the error"
    )
    assert got is not None, "hello() returned None.\nNext: hand the text back with return; print() only shows it"
    assert not isinstance(got, tuple), (
        "hello() returned a tuple. A comma at the end of a line makes one.\n"
        "Next: take out the comma behind the text"
    )
    kind = getattr(got, "type", type(got).__name__)
    assert kind != "ChatCompletion", (
        "hello() returned the whole completion; expected only the text in it.\n"
        "Next: go through choices[0] to the message, and from there to its content"
    )
    assert kind != "ChatCompletionMessage", (
        "hello() returned a whole message; the text is its content.\nNext: return the content of the message"
    )
    assert kind not in ("Stream", "AsyncStream"), (
        "hello() returned a stream, which brings the text in pieces.\n"
        "Next: leave stream=True out, or join the pieces in a loop"
    )
    assert kind == "str", (
        f"hello() returned a value of type {kind}; expected a text.\n"
        "Next: print the completion, and look where the text is"
    )
    assert got == text or text not in got, (
        f"hello() returned more than the text of the reply: {reprlib.repr(got)}.\n"
        "Next: return the content of the message, with nothing around it"
    )
    assert got == text, (
        f"hello() returned {reprlib.repr(got)}. That is not the text of the reply.\n"
        "Next: print the completion, and look where the text is"
    )


def line_that_catches_all(source):
    """Return the number of the first line with an except for all errors, or None."""
    lines = enumerate(source.splitlines(), start=1)
    return next((number for number, line in lines if CATCHES_ALL.match(line)), None)
