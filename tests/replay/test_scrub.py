"""Scrubbing: only listed headers are kept, and a secret is found wherever and however it is written."""

import base64
import json
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CassetteError
from grader.replay import scrub
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status

OWN = "my-own-key-0123456789"
SECRETS = {
    "an API key": "sk-proj-abcdefghijklmnop0123456789",
    "a bearer token": "Bearer abc.def-123456789",
    "an organisation": "org-AbCdEfGhIjKlMnOpQrStUvWx",
    "a project": "proj_AbCdEfGhIjKlMnOp",
    "a token": "ghp_abcdefghijklmnop0123456789",
    "a signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln",
    "a cookie": "__cf_bm=abc",
    "an email address": "jane.doe@example.com",
    "your own key": OWN,
}
WRITTEN = {
    "as it is": str,
    "in JSON": lambda text: json.dumps({"a": [{"b": text}]}),
    "as a name in JSON": lambda text: json.dumps({text: 1}),
    "in indented JSON": lambda text: json.dumps({"a": text}, indent=2),
    "escaped in JSON": lambda text: '{"a": "' + "".join(f"\\u{ord(char):04x}" for char in text) + '"}',
    "in a stream": lambda text: 'data: {"a": 1}\n\n' + f"data: {json.dumps({'a': text})}\n\n",
    "percent-encoded": lambda text: quote(text, safe="").replace("-", "%2D"),
    "base64": lambda text: base64.b64encode(f"{text:40}".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"xy {text:40}".encode()).decode(),
    "bytes": lambda text: b"\x00\xff" + text.encode() + b"\xfe",
}
HARMLESS = [
    "The org-anisation of a bearer is a project.",
    "He was the bearer of bad tidings, and asked for a cookie.",
    "chatcmpl-OBjDt5bGCZqzJnllCLprCvi4s2e1pgUt",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    "task-based, risk-adjusted-and-more",
    "Meet me @ noon.",
]


def exchange(uri="https://api.openai.com/v1/chat/completions", sent="{}", body="{}", request=None, response=None):
    """An exchange with these parts; `request` and `response` are headers."""
    return Exchange(
        RecordedRequest("POST", uri, sent, request or {}),
        RecordedResponse(Status(200, "OK"), response or {}, Body(body)),
    )


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize(("kind", "text"), SECRETS.items(), ids=SECRETS)
def test_a_secret_is_found_however_it_is_written(kind, text, written):
    """Each kind of secret is found plain, in JSON, escaped, percent-encoded, in base64 and among bytes."""
    content = written(text)
    if isinstance(content, bytes) and kind == "an email address":
        return  # four random bytes look like one
    assert scrub.secret(content, [OWN]) is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_are_no_secret(text):
    """Words that only begin like a secret, ids and hashes pass."""
    assert scrub.secret(text, [OWN]) is None


@given(st.binary(max_size=200), st.binary(max_size=200), st.sampled_from(["plain", "base64"]))
def test_the_users_key_is_found_anywhere(before, after, how):
    """Whatever stands around it, and wherever in base64 it begins."""
    content = before + OWN.encode() + after
    assert scrub.secret(content if how == "plain" else base64.b64encode(content), [OWN]) is not None


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (exchange(uri=f"https://api.openai.com/v1/chat?key={OWN}"), "address"),
        (exchange(sent=json.dumps({"user": OWN})), "request's body"),
        (exchange(body=json.dumps({"user": OWN})), "response's body"),
        (exchange(request={"accept": [OWN]}), "request's headers"),
        (exchange(response={"x-request-id": [OWN]}), "response's headers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_planted_secret_is_an_error_that_does_not_show_it(part, where):
    """The message names kind, part and number of the exchange, and never the secret."""
    with pytest.raises(CassetteError) as raised:
        scrub.prove([exchange(), part], "ex03 a.yaml", [OWN])
    message = str(raised.value)
    assert message.startswith(f"ex03 a.yaml: a secret was found in the {where} of exchange 2: your own key.")
    assert OWN not in message


def test_short_words_are_no_keys():
    """What a local endpoint takes for a key, such as `local`, may stand in a reply."""
    scrub.prove([exchange(body='{"text": "a local shop"}')], "a.yaml", ["local"])


@given(
    st.dictionaries(
        st.sampled_from(
            ["Authorization", "Set-Cookie", "Content-Type", "ACCEPT", "OpenAI-Organization", "x-other"]
        ),
        st.lists(st.text(max_size=5), min_size=1, max_size=2),
    )
)
def test_only_listed_headers_stay(headers):
    """Whatever the case of their names, headers are kept by a list, and their names in lower case."""
    scrubbed = scrub.scrubbed(exchange(request=headers, response=headers))
    assert set(scrubbed.request.headers) <= scrub.REQUEST_HEADERS
    assert set(scrubbed.response.headers) <= scrub.RESPONSE_HEADERS
    assert ("Content-Type" in headers) == ("content-type" in scrubbed.response.headers)
    assert scrub.scrubbed(scrubbed) == scrubbed
    assert msgspec.structs.replace(scrubbed.request, headers={}) == RecordedRequest(
        "POST", "https://api.openai.com/v1/chat/completions", "{}"
    )
