"""Prices: what a request can cost bounds what it costs, and what the table does not know is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.replay import prices

ASK = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}


def reply(read, written):
    """A reply with this usage, as indented as OpenAI sends it."""
    return json.dumps({"usage": {"prompt_tokens": read, "completion_tokens": written}}, indent=2).encode()


@given(
    st.text(max_size=50),
    st.integers(1, 8),
    st.none() | st.integers(1, 20_000),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_bound_is_never_exceeded(words, n, cap, read, written):
    """A reply that is as long as the request allows, in any usage, costs no more than the bound."""
    body = ASK | {"messages": [{"role": "user", "content": words}], "n": n}
    body |= {} if cap is None else {"max_tokens": cap}
    size = len(json.dumps(body).encode())
    longest = n * min(cap or 16_384, 16_384)
    most = prices.bound("chat", body, size)
    least_bytes = len(words.encode())
    cost = prices.cost("chat", body, size, reply(int(read * least_bytes), int(written * longest)))
    assert 0 <= cost <= most


@pytest.mark.parametrize(
    ("operation", "body", "size", "dollars"),
    [
        ("chat", ASK, 1_000_000, 0.15 + 16_384 * 0.60 / 1e6),
        ("chat", ASK | {"max_completion_tokens": 1000, "n": 2}, 0, 0.0012),
        ("chat", ASK | {"max_tokens": 1_000_000}, 0, 16_384 * 0.60 / 1e6),
        ("chat", ASK | {"n": 0, "max_tokens": -5}, 0, 0),
        ("speech", {"model": "tts-1", "input": "x" * 100}, 0, 0.0015),
        ("moderation", {"model": "omni-moderation-latest", "input": "x"}, 100, 0),
    ],
)
def test_bounds(operation, body, size, dollars):
    """Tokens by the million, characters of speech, and moderation, which is free."""
    assert prices.bound(operation, body, size) == pytest.approx(dollars)


@pytest.mark.parametrize(
    "more",
    [
        {"model": "gpt-9"},
        {"model": None},
        {"service_tier": "priority"},
        {"modalities": ["text", "audio"]},
        {"prediction": {"type": "content", "content": "x"}},
        {"web_search_options": {"a": 1}},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
    ],
)
def test_what_the_table_cannot_tell(more):
    """Other models, pictures, sound, and other rates have no bound."""
    assert prices.bound("chat", ASK | more, 10) is None


def test_a_text_in_parts_is_text():
    """A content may be a list of texts."""
    body = ASK | {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, "odd"]}
    assert prices.bound("chat", body, 10) is not None


def test_a_stream_without_usage_is_counted_by_its_bytes():
    """Its texts' bytes are the most tokens that they can be; with usage, that counts."""
    chunks = [{"choices": [{"delta": {"content": text}}]} for text in ("Hé", "llo")]
    stream = b"".join(f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks)
    done = b"data: [DONE]\n\n"
    assert prices.cost("chat", ASK, 100, stream + done) == pytest.approx((100 * 0.15 + 6 * 0.60) / 1e6)
    usage = b"data: " + json.dumps({"choices": [], "usage": json.loads(reply(7, 3))["usage"]}).encode() + b"\n\n"
    assert prices.cost("chat", ASK, 100, stream + usage + done) == pytest.approx((7 * 0.15 + 3 * 0.60) / 1e6)


def test_the_table_is_dated():
    """The day of the prices is a date, and the source is named in words."""
    assert prices.DATE.startswith("2026-")
    assert "pricing page" in prices.SOURCE
