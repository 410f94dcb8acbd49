"""Checks of ex05: what was asked for, and what came back. The words of a reply do not matter."""

import reprlib

import pytest

QUESTION = "Which animal has the longest neck?"
TOPIC = "a birthday party in a small garden"


@pytest.mark.points(1)
def test_short_answer(student, api):
    """short_answer() asks for a short answer in words"""
    check_text(student, api, "short_answer")
    assert not caps(api), (
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
    got = asked(student, api, "capped", QUESTION, most)
    assert caps(api), (
        "Your request sends no limit of tokens.\n"
        "Next: send most as max_completion_tokens, and let the API stop there"
    )
    assert caps(api) == [most], (
        f"capped() got most={most}. The limit in your request is {caps(api)[0]}.\n"
        "Next: send most as it is, without adding or rounding"
    )
    text, cut = api.replies[0].text, b'"length"' in api.replies[0].content  # its finish_reason, streamed or not
    assert isinstance(got, list | tuple) and list(got) == [text, cut], (
        f"This text {'was' if cut else 'was not'} cut off. capped() returned {shown(got)}; expected {shown((text, cut))}.\n"
        "Next: return the text, and True if finish_reason is the word for a cut text"
    )


@pytest.mark.points(1)
def test_reproducible(student, api):
    """reproducible() asks at temperature 0"""
    check_text(student, api, "reproducible", temperature=0)


@pytest.mark.points(1)
def test_focused(student, api):
    """focused() asks with top_p 0.1"""
    check_text(student, api, "focused", top_p=0.1)


@pytest.mark.points(2)
def test_three_ideas(student, api):
    """three_ideas() returns three replies to one request"""
    got = asked(student, api, "three_ideas", TOPIC, n=3)
    assert isinstance(got, list | tuple) and sorted(map(str, got)) == sorted(api.replies[0].texts), (
        f"Three replies came back. three_ideas() returned {shown(got)}; expected a list of their texts.\n"
        "Next: take the text of each choice in completion.choices"
    )


@pytest.mark.points(1)
def test_ideas_differ(student, api):
    """the temperature of three_ideas() lets them differ"""
    asked(student, api, "three_ideas", TOPIC, times=range(1, 4))
    count = sum(len(reply.texts) for reply in api.replies)
    assert count == 3, (
        f"The task is about 3 replies that differ. Replies that came back: {count}.\n"
        "Next: add n=3 to the arguments of your request"
    )
    assert all(request.body.get("temperature") != 0 for request in api.requests), (
        "At temperature 0 all three replies say the same. You pay for three and get one.\n"
        "Next: leave temperature out, or send one above 0"
    )


def check_text(student, api, name, **fields):
    """Call the function; it must return the text of the reply."""
    got, text = asked(student, api, name, **fields), api.replies[0].text
    assert got is not None, (
        f"{name}() returned None; the reply says {shown(text)}.\n"
        "Next: hand that text back with return; print() only shows it"
    )
    assert got == text, (
        f"{name}() returned {shown(got)}; the reply says {shown(text)}.\n"
        "Next: return that text, the content of the message"
    )


def asked(student, api, name, words=QUESTION, *more, times=1, **fields):
    """Call the function; its request must send these fields, and the words that the function got."""
    api.expect("chat", times=times, model="gpt-4o-mini", **fields)
    got = student.call(name, api.client(), words, *more)
    assert words in said(api), f"Your request does not say {words!r}.\nNext: put what {name}() got into a message"
    return got


def said(api):
    """Return all that the first request says."""
    return "\n".join(text for _, text in api.requests[0].messages)


def caps(api):
    """Return the limits of tokens that the first request sent."""
    sent = api.requests[0].body.items()
    return [cap for name, cap in sent if name in ("max_completion_tokens", "max_tokens") and cap is not None]


def shown(value):
    """Show a value in a few words."""
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
