"""Checks of ex08: which messages were sent, in which roles and order. The words around them do not matter."""

import reprlib

import pytest

PERSONA = "an old pirate"
PERSONAS = ["a strict teacher", "a small child"]
QUESTION = "What is rain?"
SYSTEM = ("system", "developer")  # two names of one role


@pytest.mark.points(1)
def test_answer(student, api):
    """answer_as() returns the text of the reply"""
    api.expect("chat", times=1, model="gpt-4o-mini")
    got = student.answer_as(api.client(), PERSONA, QUESTION)
    text = api.replies[0].text
    assert got == text, f"answer_as() returned {shown(got)}; the reply says {shown(text)}.\nNext: return that text"


@pytest.mark.points(1)
def test_persona(student, api):
    """answer_as() puts the persona into a system message"""
    api.expect("chat", times=1)
    student.answer_as(api.client(), PERSONA, QUESTION)
    check_persona(api.requests[0], PERSONA)


@pytest.mark.points(1)
def test_question(student, api):
    """answer_as() ends with the user's question"""
    api.expect("chat", times=1)
    student.answer_as(api.client(), PERSONA, QUESTION)
    check_question(api.requests[0])


@pytest.mark.points(1)
def test_apart(student, api):
    """compare() keeps the personas apart"""
    compare(student, api)
    for number, request in enumerate(api.requests, start=1):
        known = [repr(persona) for persona in PERSONAS if persona in said(request)]
        assert len(known) < len(PERSONAS), (
            f"Line: {request.line}\nRequest {number} of compare() speaks of several personas: {', '.join(known)}.\n"
            "Next: make a new list of messages for each persona"
        )
    for persona in PERSONAS:
        assert any(persona in said(request) for request in api.requests), (
            f"compare() got the persona {persona!r}. No request speaks of it.\n"
            "Next: go through personas in a loop, and put each one into the system message"
        )


@pytest.mark.points(1)
def test_roles(student, api):
    """compare() sends persona and question in their roles"""
    compare(student, api)
    for persona, request in zip(PERSONAS, sorted(api.requests, key=newest), strict=True):
        check_persona(request, persona)
        check_question(request)


@pytest.mark.points(1)
def test_answers(student, api):
    """compare() returns the answers in the order of the personas"""
    got = compare(student, api)
    pairs = zip(api.requests, api.replies, strict=False)
    texts = [reply.text for _, reply in sorted(pairs, key=lambda pair: newest(pair[0]))]
    kind = getattr(got, "type", type(got).__name__)
    assert isinstance(got, list | tuple), (
        f"compare() returned a value of type {kind}; expected a list of texts.\n"
        "Next: begin with an empty list, and append the text of each reply"
    )
    assert list(got) == texts, (
        f"compare() returned {shown(got)}; the replies say {shown(texts)}.\n"
        "Next: put the text of each reply into a list, in the order of personas"
    )


def compare(student, api):
    """Call compare() with two personas; it must ask twice."""
    api.expect("chat", times=range(1, 10))
    got = student.compare(api.client(), PERSONAS, QUESTION)
    assert len(api.requests) == len(PERSONAS), (
        f"compare() got {len(PERSONAS)} personas. Requests that it made: {len(api.requests)}.\n"
        "Next: go through personas in a loop, and make one request for each"
    )
    return got


def check_persona(request, persona):
    """The persona must stand in a system message."""
    roles = [role for role, text in request.messages if persona in text]
    assert roles, (
        f"Line: {request.line}\nYour request does not speak of {persona!r}.\nNext: put the persona into the text of the system message"
    )
    assert set(roles) & set(SYSTEM), (
        f"Line: {request.line}\n{persona!r} stands in a message with the role {roles[0]!r}; this exercise wants 'system'.\n"
        'Next: say who the model is in a message of its own, with the role "system"'
    )


def check_question(request):
    """The question must be the last message, and the user's."""
    roles = [role for role, text in request.messages if QUESTION in text]
    assert roles, (
        f"Line: {request.line}\nYour request does not ask {QUESTION!r}.\nNext: put the question, as it is, into a user message"
    )
    assert "user" in roles, (
        f"Line: {request.line}\nThe question stands in a message with the role {roles[0]!r}; this exercise wants 'user'.\n"
        'Next: ask the question in a message of its own, with the role "user"'
    )
    (last, text), order = request.messages[-1], [role for role, _ in request.messages]
    assert last == "user" and QUESTION in text, (
        f"Line: {request.line}\nThe question must be the last message. The roles in your request: {', '.join(order)}.\n"
        "Next: put the system message first, and the question behind it"
    )


def newest(request):
    """Return the number of the persona that stands last in the request."""
    return max(range(len(PERSONAS)), key=lambda number: said(request).rfind(PERSONAS[number]))


def said(request):
    """Return all texts of a request."""
    return "\n".join(text for _, text in request.messages)


def shown(value):
    """Show a value in a few words."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value[:3]))}]"
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
