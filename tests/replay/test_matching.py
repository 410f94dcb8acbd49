"""A request is known by its method and path; its answer is chosen by what changes the answer's shape."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.replay import matching
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.matching import Shape

steady = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
CHAT = "https://api.openai.com/v1/chat/completions"


def recorded(sent, used=5):
    """A recorded completion of so many tokens."""
    usage = {"usage": {"completion_tokens": used}}
    request = RecordedRequest("POST", CHAT, json.dumps({"model": "m", "messages": []} | sent))
    headers = {"Content-Type": ["text/event-stream" if sent.get("stream") else "application/json"]}
    body = Body("data: [DONE]\n\n" if sent.get("stream") else json.dumps(usage))
    return Exchange(request, RecordedResponse(Status(200), headers, body))


def fitting(sent, *candidates):
    """The places of the candidates that answer this request."""
    return places(matching.fitting(matching.shape(sent), list(candidates)), candidates)


def places(found, candidates):
    """Where the very same exchanges stand among the candidates."""
    return [next(place for place, one in enumerate(candidates) if one is exchange) for exchange in found]


def turns(count):
    """The messages of a talk with so many turns of the assistant."""
    talk = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "!"}] * count
    return {"messages": [{"role": "system", "content": "s"}, *talk, {"role": "user", "content": "?"}]}


@pytest.mark.parametrize(
    ("method", "url", "route"),
    [
        ("POST", CHAT, ("chat", "api.openai.com")),
        ("POST", f"{CHAT}?api-version=1#x", ("chat", "api.openai.com")),
        ("POST", "http://localhost:11434/v1/chat/completions", ("chat", "localhost:11434")),
        ("POST", "http://[::1]:8080/v1/moderations", ("moderation", "::1:8080")),
        ("POST", "https://API.OpenAI.com/v1/audio/speech", ("speech", "api.openai.com")),
        ("POST", "https://user:pass@h/v1/moderations", ("moderation", "h")),
        ("GET", CHAT, ("list", "api.openai.com")),
        ("GET", f"{CHAT}?order=desc", ("list", "api.openai.com")),
        ("GET", f"{CHAT}/chatcmpl-1", ("retrieve", "api.openai.com")),
        ("GET", f"{CHAT}/chatcmpl-1/messages", ("messages", "api.openai.com")),
        ("GET", f"{CHAT}/chatcmpl-1/others", None),
        ("DELETE", f"{CHAT}/chatcmpl-1", None),
        ("post", CHAT, None),
        ("POST", "https://api.openai.com/v2/chat/completions", ("chat", "api.openai.com")),
        ("POST", "https://api.deepseek.com/chat/completions", ("chat", "api.deepseek.com")),
        ("POST", "https://api.openai.com/v1/chat/completions/", None),
        ("POST", "https://api.openai.com/v1//chat/completions", None),
        ("POST", "https://api.openai.com/v1/Chat/Completions", None),
        ("POST", "https://api.openai.com/v1/completions", ("completions", "api.openai.com")),
        ("POST", "https://h/v1beta/models/gemini-2.0-flash:generateContent", ("gemini", "h")),
        ("POST", "http://localhost:11434/api/chat", ("ollama", "localhost:11434")),
        ("POST", "https://api.anthropic.com/v1/messages?beta=true", ("anthropic", "api.anthropic.com")),
        ("POST", "https://api.openai.com/v1/../v1/chat/completions", None),
        ("POST", "", None),
        ("POST", "v1/chat/completions", None),
        ("POST", "http://[::1/v1/chat/completions", None),
        ("POST", "http://[not an address]/v1/chat/completions", None),
        ("POST", "http://h:port/v1/moderations", None),
        ("POST", "http://\u2100/v1/moderations", None),
    ],
)
def test_a_route_is_method_and_path(method, url, route):
    """Method and the end of the path name the operation; an address that cannot be read has no route."""
    found = matching.route(method, url)
    assert (found and (found.operation, found.host)) == route


@steady
@given(st.text(max_size=8), st.text() | st.builds("https://{}/v1/{}".format, st.text(), st.text()))
def test_any_address_has_a_route_or_none(method, url):
    """No address raises."""
    found = matching.route(method, url)
    assert found is None or (found.operation and method in ("POST", "GET"))


def test_a_shape_is_what_changes_the_answer():
    """Number of choices, streaming, limit and turn; words, temperature and roles of others do not count."""
    assert matching.shape({}) == Shape(n=1, stream=False, cap=None, turn=0)
    assert matching.shape({"n": None, "stream": None, "max_tokens": None}) == Shape(
        n=1, stream=False, cap=None, turn=0
    )
    assert matching.shape({"n": 3, "stream": True, "max_tokens": 5} | turns(2)) == Shape(
        n=3, stream=True, cap=5, turn=2
    )
    assert matching.shape({"max_completion_tokens": 7, "temperature": 1.3}) == Shape(
        n=1, stream=False, cap=7, turn=0
    )


def test_the_order_of_recording_is_kept():
    """Of several that fit alike all are given, in their order."""
    assert fitting({}, recorded({}), recorded({"n": 2}), recorded({}), recorded({"stream": True})) == [0, 2]
    assert fitting({"n": 2}, recorded({}), recorded({"n": 2})) == [1]
    assert fitting({"stream": True}, recorded({})) == []
    assert fitting({"n": 4}, recorded({}), recorded({"n": 3})) == []
    assert fitting({}) == []


def test_a_limit_is_answered_by_what_stays_within_it():
    """The same limit if it was recorded, else the whole answer if short enough, else the next smaller one."""
    ten, twenty = recorded({"max_tokens": 10}), recorded({"max_tokens": 20})
    assert fitting({"max_tokens": 20}, ten, twenty) == [1]
    assert fitting({"max_completion_tokens": 20}, ten, twenty) == [1]
    assert fitting({"max_tokens": 30}, ten, twenty) == [1]
    assert fitting({"max_tokens": 15}, ten, twenty) == [0]
    assert fitting({"max_tokens": 9}, ten, twenty) == []
    assert fitting({}, ten, twenty) == []
    assert fitting({"max_tokens": 5}, recorded({}, used=5)) == [0]
    assert fitting({"max_tokens": 4}, recorded({}, used=5)) == []
    assert fitting({"max_tokens": 30}, ten, recorded({}, used=25)) == [1]
    assert fitting({"max_tokens": 20}, twenty, recorded({}, used=5)) == [0]
    assert fitting({"n": 3, "max_tokens": 2}, recorded({"n": 3}, used=6)) == [0]  # a limit is for one choice


def test_a_stream_without_usage_does_not_answer_a_limit():
    """How long a streamed answer is cannot be told, so it is not given for a limit that was not recorded."""
    assert fitting({"stream": True, "max_tokens": 9}, recorded({"stream": True})) == []


def test_a_turn_is_answered_by_the_latest_one_before_it():
    """A longer talk than the recorded one gets the last turn's answer, a shorter one its own."""
    talk = [recorded(turns(number)) for number in (0, 1, 1, 3)]
    assert fitting(turns(0), *talk) == [0]
    assert fitting(turns(1), *talk) == [1, 2]
    assert fitting(turns(2), *talk) == [1, 2]
    assert fitting(turns(9), *talk) == [3]
    assert fitting(turns(1), talk[3]) == []


SENT = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(1, 3),
        "stream": st.booleans(),
        "max_tokens": st.integers(1, 8),
        "messages": st.integers(0, 3).map(lambda count: turns(count)["messages"]),
    },
)


@steady
@given(SENT, st.lists(st.tuples(SENT, st.integers(1, 12)), max_size=6))
def test_an_answer_never_breaks_what_was_asked(sent, candidates):
    """Whatever was recorded: the number, the streaming, the limit and the turn of the answer suit the request."""
    asked = matching.shape(sent)
    exchanges = [recorded(one, used) for one, used in candidates]
    found = matching.fitting(asked, exchanges)
    assert places(found, exchanges) == sorted(places(found, exchanges))
    for exchange in found:
        given_ = matching.shape(exchange.sent)
        assert (given_.n, given_.stream) == (asked.n, asked.stream)
        assert given_.turn <= asked.turn
        if asked.cap is None:
            assert given_.cap is None
        elif given_.cap is None:
            assert json.loads(exchange.content)["usage"]["completion_tokens"] <= asked.cap * asked.n
        else:
            assert given_.cap <= asked.cap
    assert len({matching.shape(exchange.sent) for exchange in found}) <= 1


@steady
@given(SENT, st.lists(SENT, max_size=6))
def test_what_was_recorded_is_found_again(sent, others):
    """A request of a recorded shape is answered by an exchange of exactly that shape."""
    exchanges = [recorded(one, 10**6) for one in [*others, sent]]
    found = matching.fitting(matching.shape(sent), exchanges)
    assert {matching.shape(exchange.sent) for exchange in found} == {matching.shape(sent)}


@pytest.mark.parametrize(
    ("given_", "texts"),
    [
        ("one", ["one"]),
        (["one"], ["one"]),
        (["one", "two", "one"], ["one", "two", "one"]),
        ([{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}], ["a "]),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], ["a b"]),
        ("", [""]),
    ],
)
def test_the_texts_of_a_moderation_request(given_, texts):
    """One text, a list of texts, or the parts of one input."""
    assert matching.texts({"input": given_}) == texts


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@steady
@given(st.dictionaries(st.sampled_from(["input", "text", "messages"]), JSONS))
def test_any_moderation_request_has_texts(body):
    """No input raises; there is a text for each result that the API would give."""
    assert all(isinstance(text, str) for text in matching.texts(body))


@steady
@given(st.dictionaries(st.sampled_from(["n", "stream", "max_tokens", "max_completion_tokens", "messages"]), JSONS))
def test_any_body_has_a_shape(body):
    """Operations other than chat pass bodies on in which these fields may be anything."""
    assert isinstance(matching.shape(body), Shape)
