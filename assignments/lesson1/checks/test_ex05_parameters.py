"""Checks of ex05: what was asked for, and what came back. The words of a reply do not matter."""

import reprlib

import pytest

QUESTION = "Which animal has the longest neck?"
TOPIC = "a birthday party in a small garden"


@pytest.mark.points(1)
def test_short_answer(student, api):
    """short_answer() asks for a short answer in words"""
    compare("short_answer() returned", asked(student, api, "short_answer"), api.replies[0].text)
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
    assert caps(api) == [most], (
        f"capped() got most={most}. The limit in your request: {(caps(api) or ['none'])[0]}.\n"
        "Next: send most as max_completion_tokens, and let the API stop there"
    )
    assert isinstance(got, list | tuple) and len(got) == 2, (
        f"capped() returned {shown(got)}; expected two values: the text, and True or False."
    )
    compare("The first value of capped() is", got[0], api.replies[0].text)
    cut = b'"length"' in api.replies[0].content  # the finish_reason, in a stream too
    assert got[1] is cut, (
        f"This answer {'was' if cut else 'was not'} cut off. The second value of capped() is"
        f" {shown(got[1])}; expected {cut}.\nNext: compare finish_reason with a word from README.md"
    )


@pytest.mark.points(1)
def test_reproducible(student, api):
    """reproducible() asks at temperature 0"""
    got = asked(student, api, "reproducible", temperature=0)
    compare("reproducible() returned", got, api.replies[0].text)


@pytest.mark.points(1)
def test_focused(student, api):
    """focused() asks with top_p 0.1"""
    got = asked(student, api, "focused", top_p=0.1)
    compare("focused() returned", got, api.replies[0].text)
    temperature = api.requests[0].body.get("temperature")
    assert temperature in (None, 1), (
        f"focused() also sent temperature={temperature}; change top_p only.\nNext: leave temperature out"
    )


@pytest.mark.points(2)
def test_three_ideas(student, api):
    """three_ideas() returns three replies to one request"""
    got = asked(student, api, "three_ideas", TOPIC, n=3)
    texts = api.replies[0].texts
    assert isinstance(got, list | tuple), f"three_ideas() returned {shown(got)}; expected a list."
    assert len(got) == 3, (
        f"Three replies came back. The list of three_ideas() has {len(got)}.\n"
        "Next: take the text of each choice in completion.choices"
    )
    wrong = next((value for value in got if value not in texts), None)
    ...
