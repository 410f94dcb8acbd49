"""Checks of ex04. The takes differ in text, finish_reason and tokens: what is written down is wrong in one."""

import reprlib

import pytest

QUESTION = "Why is the sea salty?"
FIND = "print the completion, and find this value in it"


@pytest.mark.points(1)
def test_question(student, api):
    """describe() sends your question to the model"""
    api.expect("chat", times=1, model="gpt-4o-mini")
    described(student, api)
    texts = [text_of(m) for m in api.requests[0].body["messages"] if m["role"] == "user"]
    assert QUESTION in texts, (
        f"The question was {QUESTION!r}. No user message of your request says this.\n"
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
    if got.get("model") == asked:
        pytest.fail(
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
    compare(got, "type", "ChatCompletion")


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
        prompt_tokens, completion_tokens, prompt_price, completion_price = example
        expected = (prompt_tokens * prompt_price + completion_tokens * completion_price) / 1_000_000
        got = student.cost(*example)
        arguments = ", ".join(str(value) for value in example)
        right = isinstance(got, int | float) and got == pytest.approx(expected, rel=1e-9)
        assert right, f"cost({arguments}) returned {shown(got)}; expected {expected:g}.{advice(got, expected)}"


def described(student, api):
    """Ask QUESTION and return the student's dict."""
    got = student.describe(api.client(), QUESTION)
    assert isinstance(got, dict), f"describe() returned {shown(got)}; expected a dict."
    return got


def compare(got, name, expected):
    """Compare one entry of the student's dict with the reply."""
    if name not in got:
        keys = ", ".join(sorted(str(key) for key in got)) or "none"
        pytest.fail(f"The dict has no {name!r}. Its keys: {keys[:90]}.\nNext: copy the keys from the stub")
    value = got[name]
    step = "type(x).__name__ is the name of a type; what is your x?" if name == "type" else FIND
    assert value == expected and type(value) is type(expected), (
        f"{name!r} is {shown(value)}; in this reply it is {shown(expected)}.\nNext: {step}"
    )


def advice(got, expected):
    """Return the next step for the usual slips."""
    if isinstance(got, int | float) and expected and got == pytest.approx(expected * 1000):
        return "\nNext: that is 1000 times too much; the prices are for a million tokens"
    if isinstance(got, int | float) and expected and got == pytest.approx(expected * 1_000_000):
        return "\nNext: the prices are for a million tokens, so divide by a million"
    if isinstance(got, float) and got == round(expected, 2):
        return "\nNext: do not round"
    return "\nNext: each kind of token has its own price, and that is for a million of them"


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)


def text_of(message):
    """Return a message's text; its content may be a list of parts."""
    content = message["content"]
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content
