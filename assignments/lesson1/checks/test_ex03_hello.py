"""Checks of ex03."""

import reprlib

import pytest


@pytest.mark.points(4)
def test_reply(student, api):
    """hello() returns the text of the model's reply"""
    api.expect("chat", times=1, model="gpt-4o-mini", n=1, temperature=1.3)
    got = student.hello(api.client())
    assert got == api.replies[0].text, wrong(got)


@pytest.mark.points(2)
def test_one_message(student, api):
    """the request holds one user message: Hello World"""
    api.expect("chat", times=1)
    student.hello(api.client())
    messages = api.requests[0].body["messages"]
    assert len(messages) == 1, (
        f"Your request holds {len(messages)} messages; this exercise wants one.\n"
        "Next: leave one dict in the list of messages"
    )
    role, text = messages[0]["role"], text_of(messages[0])
    assert role == "user", (
        f"The role of your message is {role!r}; this exercise wants 'user'.\n"
        "Next: change the role; you are the user"
    )
    assert text == "Hello World", (
        f"Your message says {reprlib.repr(text)}; this exercise wants 'Hello World'.\n"
        "Next: compare letter by letter: capitals, blanks, commas"
    )


def wrong(got):
    """Say what came back instead of the text."""
    if got is None:
        return "hello() returned None.\nNext: hand the text back with return; print() only shows it"
    kind = getattr(got, "type", None)
    if kind:
        return (
            f"hello() returned a whole {kind}; expected only the text of the reply.\n"
            "Next: print the completion; go through choices[0] to the message, and to its content"
        )
    return (
        f"hello() returned {reprlib.repr(got)}. That is not the text of the reply.\n"
        "Next: print the completion, and look where the text is"
    )


def text_of(message):
    """Return a message's text; its content may be a list of parts."""
    content = message["content"]
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content
