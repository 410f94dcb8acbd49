"""Checks of ex04. The takes differ in text, finish_reason and tokens: what is written down is wrong in one."""

import reprlib

import pytest
from hypothesis import strategies as st

QUESTION = "Why is the sea salty?"
TOKENS = st.integers(100_000, 999_999)  # many, and prices so high that no cost is 0.00 after rounding
PRICE = st.integers(20, 2_000).map(lambda cents: cents / 100)


@pytest.mark.points(1)
def test_question(student, api):
    """describe() sends your question to the model"""
    api.expect("chat", times=1, model="gpt-4o-mini")
    described(student, api)
    request = api.requests[0]
    texts = [text for role, text in request.messages if role == "user"]
    assert QUESTION in texts, (
        f"Line: {request.line}\nThe question was {QUESTION!r}. No user message of your request says this.\n"
        "Next: put the argument question, without quotes, into the message"
    )


@pytest.mark.points(1)
def test_text_and_model(student, api):
    """text and model are those of the reply"""
    api.expect("chat", times=1)
    got = described(student, api)
    compare(got, "text", api.replies[0].text)
    asked = api.requests[0].body.get("model")
    answered = api.replies[0].body["model"]
    assert got.get("model") != asked, (
        f"'model' is {asked!r}. That is the model you asked for; {answered!r} answered.\n"
        "Next: read the model from the completion"
    )
    compare(got, "model", answered)


@pytest.mark.points(1)
def test_finish_and_type(student, api):
    """finish_reason and the name of the type are right"""
    api.expect("chat", times=1)
    got = described(student, api)
    compare(got, "finish_reason", api.replies[0].body["choices"][0]["finish_reason"])
    value = entry(got, "type")
    assert getattr(value, "type", "") != "ModelMetaclass", (
        "'type' is the type itself; expected its name, the text 'ChatCompletion'.\nNext: write .__name__ behind type(x)"
    )
    assert value == "ChatCompletion", (
        f"'type' is {shown(value)}; in this reply it is 'ChatCompletion'.\n"
        "Next: write type(x).__name__ with the whole completion as x"
    )


@pytest.mark.points(1)
def test_tokens(student, api):
    """the three numbers of tokens are right"""
    api.expect("chat", times=1)
    got = described(student, api)
    for name in ("prompt_tokens", "completion_tokens", "total_tokens"):
        compare(got, name, api.replies[0].body["usage"][name])


@pytest.mark.points(2)
def test_cost(student):
    """cost() turns tokens and prices into dollars"""
    examples = [(1400, 230, 0.15, 0.6), (200_000, 1_000, 2.5, 10.0), (0, 250, 1.0, 4.0), (0, 0, 0.15, 0.6)]
    for example in examples:
        check_cost(student.cost(*example), example)
    for drawn, got in student.each("cost", st.tuples(TOKENS, TOKENS, PRICE, PRICE)):
        check_cost(got, drawn)


def check_cost(got, args):
    """The dollars must be right; the usual slips have their own next step."""
    prompt_tokens, completion_tokens, prompt_price, completion_price = args
    expected = (prompt_tokens * prompt_price + completion_tokens * completion_price) / 1_000_000
    arguments = ", ".join(map(str, args))
    assert got is not None, (
        f"cost({arguments}) returned None; expected {expected:g}.\n"
        "Next: hand the number back with return; print() only shows it"
    )
    assert isinstance(got, int | float), (
        f"cost({arguments}) returned {shown(got)}; expected the number {expected:g}.\n"
        "Next: return the number alone, without str() and without words"
    )
    assert not expected or got != pytest.approx(expected * 1000, rel=1e-9), (
        f"cost({arguments}) returned {shown(got)}; expected {expected:g}.\n"
        "Next: divide by a million; this is 1000 times too much"
    )
    rounded = [round(expected, digits) for digits in range(2, 8)]
    assert got == pytest.approx(expected, rel=1e-9) or got not in rounded, (
        f"cost({arguments}) returned {shown(got)}; expected {expected:g}.\nNext: leave round() out"
    )
    assert got == pytest.approx(expected, rel=1e-9), (
        f"cost({arguments}) returned {shown(got)}; expected {expected:g}.\n"
        "Next: take both kinds of token, each with its own price for a million of them"
    )


def described(student, api):
    """Ask QUESTION and return the student's dict."""
    got = student.describe(api.client(), QUESTION)
    assert got is not None, (
        "describe() returned None; expected a dict.\nNext: hand the dict back with return; print() only shows it"
    )
    assert isinstance(got, dict), (
        f"describe() returned {shown(got)}; expected a dict.\n"
        "Next: return one dict with the keys that the stub names"
    )
    return got


def compare(got, name, expected):
    """Compare one entry of the student's dict with the reply."""
    value = entry(got, name)
    assert isinstance(expected, str) or value != str(expected), (
        f"{name!r} is the text {shown(value)}; expected the number {expected}.\n"
        "Next: take the number as it is, without str() and without quotes"
    )
    assert value == expected and type(value) is type(expected), (
        f"{name!r} is {shown(value)}; in this reply it is {shown(expected)}.\n"
        "Next: print the completion, and find this value in it"
    )


def entry(got, name):
    """Return one entry of the student's dict."""
    if name not in got:
        keys = ", ".join(sorted(str(key) for key in got)) or "none"
        pytest.fail(f"The dict has no {name!r}. Its keys: {keys[:90]}.\nNext: copy the keys from the stub")
    return got[name]


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
