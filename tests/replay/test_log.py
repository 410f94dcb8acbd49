"""What a check sees of a request: roles and texts, however a student wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.replay.log import LoggedRequest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["role", "content", "text", "type"]), inner),
    max_leaves=12,
)


def logged(messages):
    """A chat request with these messages."""
    return LoggedRequest("chat", "api.openai.com", {"messages": messages}, "sk-key", 7)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Hello", "Hello"),
        ([{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}], "Hello"),
        ([{"type": "text", "text": "Hello"}, {"type": "image_url", "image_url": {"url": "x"}}], "Hello"),
        (None, ""),
        ([], ""),
    ],
)
def test_a_text_is_the_same_in_each_form(content, text):
    """A content is a text, a list of parts, or nothing."""
    assert logged([{"role": "user", "content": content}]).messages == [("user", text)]


def test_messages_keep_their_order():
    """Roles and texts stand in the order of the request."""
    sent = [{"role": role, "content": role.upper()} for role in ("system", "user", "assistant", "user")]
    roles = [role for role, _ in logged(sent).messages]
    assert roles == ["system", "user", "assistant", "user"]


def test_a_request_without_messages_has_none():
    """Other operations have no messages."""
    assert LoggedRequest("moderation", "api.openai.com", {"input": "x"}, None, None).messages == []


@given(JSON)
def test_whatever_was_sent_can_be_looked_at(messages):
    """A student may send anything; each message that is one has a role and a text."""
    found = logged(messages).messages
    assert all(isinstance(role, str) and isinstance(text, str) for role, text in found)
    sent = messages if isinstance(messages, list) else []
    assert len(found) == sum(isinstance(one, dict) for one in sent)
