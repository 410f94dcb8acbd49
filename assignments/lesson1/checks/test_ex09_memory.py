"""Checks of ex09: what each request of a chat sends. The words of a reply do not matter."""

import os
import reprlib

import pytest

FIRST = "My name is Ana. Write me a poem about the sea."
SECOND = "What is my name?"
THIRD = "Now write one about the wind, in two lines."
ANA = "My name is Ana."
BEN = "My name is Ben."
EARLIER = [
    {"role": "system", "content": "You are a guide in Oslo. Answer in one sentence."},
    {"role": "user", "content": "Where can I see old ships?"},
    {"role": "assistant", "content": "In the museum at the harbour.\nIt opens at ten."},
    {"role": "user", "content": "Is it far from the station?"},
    {"role": "assistant", "content": "No, you can walk there."},
]
SYSTEM = ("system", "developer")


@pytest.mark.points(1)
def test_reply(student, api):
    """send() returns the text of the reply"""
    chat = new_chat(student, api.client())
    api.expect("chat", times=2, model="gpt-4o-mini")
    answers = [chat.call("send", text) for text in (FIRST, SECOND)]
    for got, reply in zip(answers, api.replies, strict=True):
        assert got is not None, "send() returned None.\nNext: hand the text of the reply back with return"
        assert isinstance(got, str), (
            f"send() returned {shown(got)}; expected the text of the reply.\n"
            "Next: go through choices[0] to the message, and to its content"
        )
        here, there = difference(got, reply.text)
        assert got == reply.text, (
            f"send() returned another text than the reply: {here!r} stands where {there!r} must stand.\n"
            "Next: return the text as it came, with its blanks and line breaks"
        )


@pytest.mark.points(2)
def test_conversation(student, api):
    """each request holds the whole conversation"""
    chat = new_chat(student, api.client())
    asked = [FIRST, SECOND, THIRD]
    api.expect("chat", times=len(asked))
    for text in asked:
        chat.call("send", text)
    said = []
    for number, text in enumerate(asked, start=1):
        check_sent(api, number, [*said, ("user", text)])
        said += [("user", text), ("assistant", api.replies[number - 1].text)]


@pytest.mark.points(2)
def test_history(student, api):
    """a chat goes on with an earlier conversation"""
    chat = new_chat(student, api.client(), EARLIER)
    api.expect("chat", times=1)
    chat.call("send", SECOND)
    check_sent(api, 1, [*((message["role"], message["content"]) for message in EARLIER), ("user", SECOND)])


@pytest.mark.points(1)
def test_two_chats(student, api):
    """two chats share nothing"""
    client = api.client()
    chat, other = new_chat(student, client), new_chat(student, client)
    api.expect("chat", times=3)
    for one, text in ((chat, ANA), (other, BEN), (chat, SECOND)):
        one.call("send", text)
    assert ANA not in texts(api, 1) and BEN not in texts(api, 2), (
        f"Line: {api.requests[0].line}\nThere were two chats. What was said in one of them stands in a request of the other.\n"
        "Next: make a new list in __init__(), and keep it in self"
    )


@pytest.mark.points(1)
def test_one_history(student, api):
    """two chats can go on with the same conversation"""
    client, history = api.client(), student.hold(EARLIER)
    chat, other = new_chat(student, client, history), new_chat(student, client, history)
    api.expect("chat", times=2)
    chat.call("send", ANA)
    other.call("send", BEN)
    assert ANA not in texts(api, 1), (
        f"Line: {api.requests[0].line}\nTwo chats got the same list as history. What was said in the first stands in a request of the second.\n"
        "Next: make a copy of the list in __init__()"
    )


@pytest.mark.points(1)
def test_failed_call(student, api):
    """a call that fails leaves the conversation as it was"""
    chat = new_chat(student, api.client())
    api.expect("chat", times=3)
    chat.call("send", ANA)
    api.fail("chat")
    got, error = outcome(chat, SECOND)
    chat.call("send", BEN)
    assert error, (
        f"The API was busy, and a call failed. send() returned {shown(got)}, as if all were well.\n"
        "Next: let the error through; if you catch it, raise it again"
    )
    before, after = (
        [text for text in texts(api, number) if new not in text] for number, new in ((1, SECOND), (2, BEN))
    )
    assert not any(SECOND in text for text in after), (
        f"Line: {api.requests[2].line}\nThe API was busy. send() stopped with {error.type}, and the next request still holds {SECOND!r}.\n"
        "Next: put text and reply into the conversation only after the reply has come"
    )
    assert before == after, (
        f"Line: {api.requests[2].line}\nThe API was busy, and a call failed. Messages in the conversation: {len(before)} before it, {len(after)} after.\n"
        "Next: change the conversation only after the reply has come"
    )


def outcome(chat, text):
    """Return what send() returns, and what it raises."""
    try:
        return chat.call("send", text), None
    except Exception as error:
        return None, error


def new_chat(student, client, *more):
    """Make a chat; whatever comes back must be an object that stays with the student's code."""
    chat = student.Chat(client, *more)
    assert hasattr(chat, "call"), (
        f"Chat() gave a value of type {type(chat).__name__}; expected an object with a method send().\n"
        "Next: write a class with the name Chat, with the two methods of the stub"
    )
    return chat


def check_sent(api, number, expected):
    """Request `number` must send these roles and texts; system messages of its own may stand before them."""
    request = api.requests[number - 1]
    sent = request.messages
    before = sent[: max(len(sent) - len(expected), 0)]
    own = next((place for place, (role, _) in enumerate(before) if role not in SYSTEM), len(before))
    sent = sent[own:]
    roles, wanted = ([role for role, _ in messages] for messages in (sent, expected))
    assert roles == wanted, (
        f"Line: {request.line}\nRequest {number} sends these roles: {', '.join(roles)}. Expected: {', '.join(wanted)}.\n"
        "Next: send all that was said so far, oldest first, also the model's replies; the new text comes last"
    )
    for place, ((_, got), (_, want)) in enumerate(zip(sent, expected, strict=True), start=1):
        here, there = difference(got, want)
        assert got == want, (
            f"Line: {request.line}\nMessage {place} of request {number} was changed: {here!r} stands where {there!r} must stand.\n"
            "Next: keep each text as it came, with its blanks and line breaks"
        )


def difference(got, want):
    """Return a few words of two texts, from shortly before the place where they differ."""
    begin = max(len(os.path.commonprefix([got, want])) - 8, 0)
    return got[begin : begin + 24], want[begin : begin + 24]


def texts(api, number):
    """Return the texts that a request sends."""
    return [text for _, text in api.requests[number].messages]


def shown(value):
    """Show a value in a few words."""
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
