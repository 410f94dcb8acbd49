"""Checks of ex05: what was asked for, and what came back. The words of a reply do not matter."""

import reprlib

import pytest

MODEL = "gpt-4o-mini"
QUESTION = "Which animal has the longest neck?"
TOPIC = "a birthday party in a small garden"
CAPS = ("max_completion_tokens", "max_tokens")


@pytest.mark.points(1)
def test_short_answer(student, api):
    """short_answer() asks for a short answer in words"""
    api.expect("chat", times=1, model=MODEL)
    compare("short_answer() returned", asked(student, api, "short_answer"), api.replies[0].text)
    assert not caps_of(api), (
        "short_answer() sent a limit of tokens. That makes no answer short; it cuts a long one.\n"
        "Next: leave the limit out, and write into a message how long the answer may be"
    )
    assert sum(map(str.isalpha, said(api).replace(QUESTION, ""))) > 2, (
        "Your request holds only the question. Nothing in it asks for a short answer.\n"
        "Next: ask for it behind the question, or in a message of its own"
    )


@pytest.mark.points(1)
@pytest.mark.parametrize("most", [4, 1000], ids=["cut", "whole"])
def test_capped(student, api, most):
    """capped() limits the answer and sees if it was cut off"""
    api.expect("chat", times=1, model=MODEL)
    got = asked(student, api, "capped", QUESTION, most)
    assert caps_of(api) == [most], (
        f"capped() got most={most}. The limit in your request: {(caps_of(api) or ['none'])[0]}.\n"
        "Next: send most as max_completion_tokens, and let the API stop there"
    )
    assert isinstance(got, list | tuple) and len(got) == 2, (
        f"capped() returned {shown(got)}; expected two values: the text, and True or False."
    )
    compare("The first value of capped() is", got[0], api.replies[0].text)
    cut = b'"length"' in api.replies[0].content  # its finish_reason, in a stream too
    assert got[1] is cut, (
        f"The answer {'was' if cut else 'was not'} cut off. The second value of capped() is {shown(got[1])};"
        f" expected {cut}.\nNext: compare the choice's finish_reason with a word from README.md"
    )


@pytest.mark.points(1)
def test_reproducible(student, api):
    """reproducible() asks at temperature 0"""
    api.expect("chat", times=1, model=MODEL, temperature=0)
    compare("reproducible() returned", asked(student, api, "reproducible"), api.replies[0].text)


@pytest.mark.points(1)
def test_focused(student, api):
    """focused() asks with top_p 0.1"""
    api.expect("chat", times=1, model=MODEL, top_p=0.1)
    compare("focused() returned", asked(student, api, "focused"), api.replies[0].text)
    temperature = api.requests[0].body.get("temperature")
    assert temperature in (None, 1), (
        f"focused() also sent temperature={temperature}; this exercise wants to change top_p only."
        "\nNext: leave temperature out"
    )


@pytest.mark.points(2)
def test_three_ideas(student, api):
    """three_ideas() returns three replies to one request"""
    api.expect("chat", times=1, model=MODEL, n=3)
    got = asked(student, api, "three_ideas", TOPIC)
    assert isinstance(got, list | tuple), f"three_ideas() returned {shown(got)}; expected a list."
    assert len(got) == 3, (
        f"Three replies came back. The list of three_ideas() has {len(got)}.\n"
        "Next: take the text of each choice in completion.choices"
    )
    for value, text in zip(sorted(got, key=str), sorted(api.replies[0].texts), strict=True):
        compare("The list of three_ideas() holds", value, text)


@pytest.mark.points(1)
def test_ideas_differ(student, api):
    """the temperature of three_ideas() lets them differ"""
    api.expect("chat", times=range(1, 4))
    asked(student, api, "three_ideas", TOPIC)
    assert all(request.body.get("temperature") != 0 for request in api.requests), (
        "At temperature 0 all three replies say the same. You pay for three and get one.\n"
        "Next: leave temperature out, or send one above 0"
    )


def asked(student, api, name, words=QUESTION, *more):
    """Call the function; its request must hold the words that it was given."""
    got = student.call(name, api.client(), words, *more)
    assert words in said(api), (
        f"{name}() got {words!r}. Your request does not say this.\nNext: put the argument into a message"
    )
    return got


def said(api):
    """Return all texts of the first request; a message's content may be a list of parts."""
    contents = [message["content"] for message in api.requests[0].body["messages"]]
    parts = [part for one in contents for part in (one if isinstance(one, list) else [{"text": one}])]
    return "\n".join(part.get("text", "") for part in parts)


def caps_of(api):
    """Return the limits of tokens that the first request sent."""
    return [api.requests[0].body[name] for name in CAPS if api.requests[0].body.get(name) is not None]


def compare(where, got, text):
    """Compare what the student returned with the text of a reply."""
    assert got == text, (
        f"{where} {shown(got)}; the text of the reply is {shown(text)}.\n"
        "Next: go from the completion to its choices, to the message, to its content"
    )


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
