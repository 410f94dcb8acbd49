"""Checks of ex15: what is stored, found again and used, and what happens where there is nothing to find."""

import reprlib

import pytest

MODEL = "gpt-4o-mini"
QUESTION = "Why do cats purr?"
FOLLOW_UP = "Say the same in five words."


@pytest.mark.points(1)
def test_store(student, api):
    """store_answer() has a completion stored, and returns its id"""
    api.expect("chat", times=1, model=MODEL, store=True)
    try:
        got = student.store_answer(api.client(), QUESTION)
    except Exception as error:
        if "has no attribute 'id'" in str(error):
            pytest.fail(
                "There is no id in this part of the completion.\n"
                "Next: take the id of the completion itself; it stands beside choices, not in it"
            )
        raise
    sent = api.requests[0].messages
    assert sent == [("user", QUESTION)], (
        f"Line: {api.requests[0].line}\nYour request holds these messages: {shown(sent)}. Expected: the question, as one user message.\n"
        "Next: send a list with one message: the role is user, the content is the question"
    )
    reply = api.replies[0]
    assert got != reply.text, (
        "store_answer() returned the text of the reply; expected the id of the completion.\n"
        "Next: return the id of the completion; it stands beside choices, not in it"
    )
    assert got == reply.body["id"], (
        f"store_answer() returned {shown(got)}; the completion has the id {reply.body['id']!r}.\n"
        "Next: keep what create() returns in a variable, and return its id"
    )


@pytest.mark.points(1)
def test_newest(student, api):
    """newest_id() finds the newest stored completion"""
    api.expect("list", times=range(1, 10))
    got = student.newest_id(api.client())
    listed = [one for reply in api.replies for one in reply.body.get("data", [])]
    assert listed, "Your code did not get a list of completions.\nNext: call client.chat.completions.list()"
    newest = max(listed, key=lambda one: one["created"])["id"]
    oldest = min(listed, key=lambda one: one["created"])["id"]
    assert got != oldest or oldest == newest, (
        f"newest_id() returned {got!r}. This is the oldest one.\n"
        'Next: ask for the list with order="desc", and take its first item'
    )
    assert isinstance(got, str), (
        f"newest_id() returned {shown(got)}; expected the id of a completion.\n"
        "Next: return the id of one completion, not the completion and not the list"
    )
    assert got == newest, (
        f"newest_id() returned {shown(got)}; the newest completion has the id {newest!r}.\n"
        'Next: ask for the list with order="desc", and take the id of the first item'
    )


@pytest.mark.replay("your own account may hold completions")
@pytest.mark.points(1)
def test_nothing_there(student, api):
    """newest_id() says so if there is nothing to list"""
    client = api.client()
    api.expect("list", times=range(1, 20))
    api.nothing_stored()
    empty = said(
        student,
        client,
        "Nothing is stored: the list is empty.",
        "look if the list is empty before you take an item",
    )
    api.fail("list", 405, times=9)
    step = "put list() between try: and except openai.APIStatusError:"
    refused = said(student, client, "This account may not list (status 405).", step)
    assert empty != refused, (
        "newest_id() says the same if the list is empty and if the account may not list.\n"
        "Next: print another sentence in each case, so that the user knows what to do"
    )


@pytest.mark.replay("your own account may hold no completion")
@pytest.mark.points(1)
def test_about(student, api):
    """ask_about() sends a stored text together with a question"""
    client = api.client()
    client.call("chat.completions.list")
    wanted = api.replies[0].body["data"][1]["id"]
    api.expect("retrieve", times=range(1, 3))
    api.expect("chat", times=1, model=MODEL)
    got = student.ask_about(client, wanted, FOLLOW_UP)
    found = [reply.text for reply in api.replies if reply.body.get("id") == wanted]
    assert found, (
        f"ask_about() got the id {wanted!r}, and did not retrieve this completion.\n"
        "Next: give completion_id to retrieve()"
    )
    for asked in api.requests:
        if asked.operation == "chat":
            check_messages(asked, found[0])
    others = [reply.text for reply in api.replies if reply.body.get("id") not in (None, wanted)]
    answer = others[-1] if others else None
    assert got == answer, (
        f"ask_about() returned {shown(got)}; expected the text of the new reply: {shown(answer)}.\n"
        "Next: return the content of the second reply"
    )


def check_messages(asked, text):
    """The second request must hold the stored text and the question, both from the user."""
    roles = [role for role, _ in asked.messages]
    assert roles == ["user", "user"], (
        f"Line: {asked.line}\nYour request has messages with these roles: {', '.join(roles)}. Expected: user, user.\n"
        "Next: send two user messages: the stored text, then the question"
    )
    first, second = (content for _, content in asked.messages)
    assert (second, first) != (text, FOLLOW_UP), (
        f"Line: {asked.line}\nThe question comes first, and the stored text second.\nNext: put the stored text into the first message, and the question into the second"
    )
    assert first == text, (
        f"Line: {asked.line}\nThe first message holds {shown(first)}; the stored reply says {shown(text)}.\n"
        "Next: take the text from choices[0] of the completion that retrieve() returns"
    )
    assert second == FOLLOW_UP, (
        f"Line: {asked.line}\nThe second message holds {shown(second)}; the question is {FOLLOW_UP!r}.\n"
        "Next: send the question as it is"
    )


def said(student, client, case, step):
    """Return what newest_id() printed; it must not stop, and must return None."""
    try:
        got = student.newest_id(client)
    except Exception as error:
        known = "IndexError" in error.bases or "APIStatusError" in error.bases
        next_step = step if known else "print a sentence and return None; let no error through"
        pytest.fail(f"{case} newest_id() stopped with {error.type}.\nNext: {next_step}")
    printed = student.printed.strip()
    assert got is None, (
        f"{case} newest_id() returned {shown(got)}; expected None.\n"
        "Next: print a sentence that says what is wrong, and return None"
    )
    assert printed, (
        f"{case} newest_id() printed nothing.\nNext: print a sentence that says what is wrong, and return None"
    )
    assert len(printed.split()) > 1, (
        f"{case} newest_id() printed {shown(printed)}, which is one word; expected a sentence.\n"
        "Next: print a sentence that says what is wrong, and return None"
    )
    return printed


def shown(value):
    """Show a value in a few words."""
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
