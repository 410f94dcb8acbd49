"""The player answers as the API would, keeps the log, and judges by it; no request can make it fail."""

import json
import string
from pathlib import Path

import httpx2
import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai.types import chat, moderation_create_params
from openai.types.audio import speech_create_params

from grader import messages
from grader.cell import protocol
from grader.messages import (
    NEXT_CALL,
    NEXT_FEWER,
    NEXT_NETWORK,
    NEXT_PATH,
    NEXT_REQUEST,
    NEXT_SCHEME,
    NEXT_SHAPE,
    NEXT_SMALL_CAP,
    NEXT_TEXT,
)
from grader.replay import cassettes, matching, providers
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.contract import Expectation
from grader.replay.failures import Failure
from grader.replay.log import LoggedReply
from grader.replay.player import Player
from grader.replay.traffic import Answer, Incoming

steady = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
BASE = "https://api.openai.com/v1"
KEY = "sk-of-this-run"
PATHS = {"chat": "/chat/completions", "moderation": "/moderations", "speech": "/audio/speech"}
HELLO = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}
SPEECH = {"model": "tts-1", "input": "Hello", "voice": "alloy"}
SOUND = b"\xff\xfb\x90\0" * 100
JSON = "application/json"


def recorded(operation, sent, reply, media=JSON, status=200):
    """One exchange of a take."""
    content = json.dumps(reply) if isinstance(reply, dict) else reply
    request = RecordedRequest("POST", BASE + PATHS[operation], json.dumps(sent))
    headers = {"Content-Type": [media], "Set-Cookie": ["x=y"], "X-Request-Id": ["req_1"]}
    return Exchange(request, RecordedResponse(Status(status), headers, Body(content)))


def completion(*texts):
    """A reply with these choices."""
    choices = [{"index": place, "message": {"content": text}} for place, text in enumerate(texts)]
    return {"id": "c", "choices": choices, "usage": {"completion_tokens": 5}}


def incoming(operation, body, *, key=KEY, line=7, **changes):
    """A request as a client sends it."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": JSON} | ({"authorization": f"Bearer {key}"} if key else {})
    url = changes.get("url", BASE + PATHS.get(operation, operation))
    return Incoming(changes.get("method", "POST"), url, headers, content, line)


def error(answer):
    """The error of an answer, in OpenAI's form."""
    (content,) = answer.pieces
    return json.loads(content)["error"]


def body(answer):
    """The JSON of an answer."""
    return json.loads(b"".join(answer.pieces))


def moderated(**flags):
    """A moderation take: each text by itself."""
    return tuple(
        recorded("moderation", {"model": "omni-moderation-latest", "input": text}, results(text, flag=flag))
        for text, flag in flags.items()
    )


def results(*texts, flag=True):
    """A moderation reply about these texts."""
    return {"id": "modr", "model": "m", "results": [{"flagged": flag, "about": text} for text in texts]}


HELLO_TAKE = (
    recorded("chat", HELLO, completion("first")),
    recorded("chat", HELLO, completion("second")),
    recorded("chat", HELLO | {"n": 2}, completion("one", "two")),
)


def test_a_recorded_answer_is_given():
    """The answer is the recorded one, with the headers that matter and no others, and is logged."""
    player = Player(HELLO_TAKE, KEY)
    answer = player.answer(incoming("chat", HELLO))
    assert (answer.status, body(answer)) == (200, completion("first"))
    assert answer.headers == {"content-type": JSON, "x-request-id": "req_1", "x-should-retry": "false"}
    (request,) = player.requests
    assert (request.operation, request.host, request.body) == ("chat", "api.openai.com", HELLO)
    assert (request.key, request.line) == (KEY, 7)
    assert player.replies[0].text == "first"
    assert player.played == [HELLO_TAKE[0]]
    assert player.problems == player.refusals == []
    assert player.unmet() is None


def test_the_words_of_a_request_are_free():
    """Another question, temperature or user gets the recorded answer of its shape."""
    player = Player(HELLO_TAKE, KEY)
    other = {"model": "gpt-4o", "temperature": 0.1, "messages": [{"role": "user", "content": "Something else"}]}
    assert body(player.answer(incoming("chat", other))) == completion("first")
    assert body(player.answer(incoming("chat", other | {"n": 2}))) == completion("one", "two")


def test_answers_come_in_recorded_order_and_the_last_one_again():
    """The second request gets the second answer, and the third gets it again."""
    player = Player(HELLO_TAKE, KEY)
    texts = [body(player.answer(incoming("chat", HELLO)))["choices"][0]["message"]["content"] for _ in range(4)]
    assert texts == ["first", "second", "second", "second"]


@pytest.mark.parametrize(
    ("url", "place", "host"),
    [
        ("http://localhost/v1/chat/completions", "localhost/v1/chat/completions", "localhost"),
        ("https://localhost/v1/chat/completions", "https://localhost/v1/chat/completions", "https://localhost"),
        ("https://api.openai.com/v2/chat/completions", "api.openai.com/v2/chat/completions", "api.openai.com"),
        (
            "http://api.openai.com/v1/chat/completions",
            "http://api.openai.com/v1/chat/completions",
            "http://api.openai.com",
        ),
    ],
)
def test_another_address_is_a_problem(url, place, host):
    """An exchange answers only where it was recorded; the log tells which host was asked, and how."""
    player = Player(HELLO_TAKE, KEY)
    assert player.answer(incoming("chat", HELLO, url=url)).status == 400
    assert player.requests[0].host == host
    (problem,) = player.problems
    asks = "this exercise asks api.openai.com/v1/chat/completions."
    assert problem.message == f"Your request went to {place!r}; {asks}"


def test_a_stream_keeps_its_events_apart():
    """Each event is a piece of its own, with its blank line; the log joins the words."""
    words = ["Hel", "lo ", "\N{EURO SIGN}"]
    chunks = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in words]
    last = {"choices": [], "usage": {"completion_tokens": 3}}
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in [*chunks, last]] + [
        "data: [DONE]\n\n"
    ]
    take = (recorded("chat", HELLO | {"stream": True}, "".join(lines), "text/event-stream; charset=utf-8"),)
    player = Player(take, KEY)
    answer = player.answer(incoming("chat", HELLO | {"stream": True}))
    assert answer.pieces == [line.encode() for line in [*lines[:3], lines[4]]]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert player.replies[0].text == "Hello \N{EURO SIGN}"
    with_usage = HELLO | {"stream": True, "stream_options": {"include_usage": True}}
    assert player.answer(incoming("chat", with_usage)).pieces == [line.encode() for line in lines]


def test_the_log_of_a_stream_joins_each_choice():
    """Pieces of several choices come mixed; each text is whole, in the order of the choices."""
    pieces = [(1, "b1"), (0, "a1"), (1, "b2"), (0, None), (0, "a2")]
    chunks = [{"choices": [{"index": index, "delta": {"content": text}}]} for index, text in pieces]
    content = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode()
    assert LoggedReply(200, None, content).texts == ["a1a2", "b1b2"]


def test_sound_is_one_piece():
    """Binary content is answered as it is, and logged without JSON."""
    player = Player((recorded("speech", SPEECH, SOUND, "audio/mpeg"),), KEY)
    answer = player.answer(incoming("speech", SPEECH | {"voice": "nova"}))
    assert (answer.status, answer.pieces) == (200, [SOUND])
    assert (player.replies[0].body, player.replies[0].content) == (None, SOUND)


def test_a_recorded_error_is_given():
    """An exchange that ended with an error is replayed as one."""
    refusal = {
        "error": {"message": "Rate limit", "type": "requests", "param": None, "code": "rate_limit_exceeded"}
    }
    player = Player((recorded("chat", HELLO, refusal, status=429),), KEY)
    answer = player.answer(incoming("chat", HELLO))
    assert (answer.status, error(answer)["code"]) == (429, "rate_limit_exceeded")
    assert answer.headers["x-should-retry"] == "false"


# --- contracts


def expecting(times=1, operation="chat", **fields):
    """A player with a contract."""
    player = Player(HELLO_TAKE, KEY)
    player.expectations.append(Expectation(operation, times, fields))
    return player


@pytest.mark.parametrize(
    ("want", "got", "sentence"),
    [
        (3, 1, "Your request asked for n=1; this exercise wants 3."),
        (range(2, 9), 1, "Your request asked for n=1; this exercise wants 2 to 8."),
        (range(2, 3), 1, "Your request asked for n=1; this exercise wants 2."),
        ({2, 3}, 1, "Your request asked for n=1; this exercise wants 2 or 3."),
        ((2, range(4, 6)), 1, None),
        (1, 2, "Your request asked for n=2; this exercise wants 1."),
    ],
)
def test_a_violated_contract_is_answered_at_once(want, got, sentence):
    """The client gets HTTP 400 in OpenAI's form, the log keeps the sentence with line and next step."""
    player = expecting(n=want)
    answer = player.answer(incoming("chat", HELLO | {"n": got}))
    assert (answer.status, answer.headers["x-should-retry"]) == (400, "false")
    (problem,) = player.problems
    assert problem.message == error(answer)["message"]
    assert sentence in (None, problem.message)
    assert (problem.line, problem.next) == (7, NEXT_REQUEST)
    assert player.replies == player.played == []


@pytest.mark.parametrize(
    ("want", "got"),
    [(1, 1), (range(1, 9), 8), ({1, 2}, 2), (frozenset([1]), 1), ((2, range(4, 6)), 5), (1.0, 1)],
)
def test_a_kept_contract_is_answered(want, got):
    """The value, one of several, one of a range, or an equal number."""
    take = tuple(recorded("chat", HELLO | {"n": n}, completion(*"x" * n)) for n in range(1, 9))
    player = Player(take, KEY)
    player.expectations.append(Expectation("chat", 1, {"n": want}))
    assert player.answer(incoming("chat", HELLO | {"n": got})).status == 200
    assert player.problems == []
    assert player.unmet() is None


def test_a_field_that_was_not_sent_is_told_apart():
    """What a check fixes must stand in the request, also where the API has the same default."""
    player = expecting(n=1, temperature=1.3)
    player.answer(incoming("chat", HELLO | {"n": 1}))
    assert [problem.message for problem in player.problems] == [
        "Your request did not send temperature; this exercise wants temperature=1.3."
    ]


@pytest.mark.parametrize(("want", "got"), [(1, True), (True, 1), (0, False), ({1, 2}, True), (range(3), False)])
def test_true_is_not_one(want, got):
    """A Boolean never stands for a number, nor a number for a Boolean."""
    player = Player((recorded("moderation", {"input": "a"}, results("a")),), KEY)
    player.expectations.append(Expectation("moderation", 1, {"extra": want}))
    assert player.answer(incoming("moderation", {"input": "a", "extra": got})).status == 400
    assert len(player.problems) == 1


def test_a_contract_is_for_its_operation():
    """Requests of another operation are free, and are not counted."""
    player = Player((*HELLO_TAKE, *moderated(a=True)), KEY)
    player.expectations.append(Expectation("chat", 1, {"n": 1}))
    assert player.answer(incoming("moderation", {"input": "a"})).status == 200
    assert player.unmet().message == "Your code made no chat request."
    assert player.answer(incoming("chat", HELLO | {"n": 1})).status == 200
    assert player.unmet() is None


@pytest.mark.parametrize(
    ("times", "made", "sentence"),
    [
        (1, 0, "Your code made no chat request."),
        (1, 2, "Your code made 2 chat requests; this exercise wants 1."),
        (3, 1, "Your code made 1 chat request; this exercise wants 3."),
        (range(1, 3), 3, "Your code made 3 chat requests; this exercise wants 1 to 2."),
        (range(1, 3), 0, "Your code made no chat request."),
        (range(1, 3), 2, None),
        (0, 0, None),
        (0, 1, "Your code made 1 chat request; this exercise wants 0."),
    ],
)
def test_requests_are_counted(times, made, sentence):
    """Too few or too many requests are a problem at the end, with the line of the last one."""
    player = expecting(times)
    for number in range(made):
        player.answer(incoming("chat", HELLO, line=number))
    problem = player.unmet()
    assert (problem.message if problem else None) == sentence
    if problem:
        assert problem.line == (made - 1 if made else None)
        assert problem.next in ({"", NEXT_FEWER} if made else {NEXT_CALL})


# --- refusals of the API


@pytest.mark.parametrize(
    ("change", "param", "step"),
    [
        ({"temperature": 5}, "temperature", messages.NEXT_LIMIT),
        ({"n": "1"}, "n", messages.NEXT_NUMBER),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", messages.NEXT_ONE_CAP),
        ({"messages": []}, "messages", messages.NEXT_MESSAGES),
        ({"messages": None}, "messages", messages.NEXT_NULL),
        ({"messages": [{"content": "Hi"}]}, "messages[0].role", messages.NEXT_MESSAGE),
        ({"messages": [{"role": "bot", "content": "Hi"}]}, "messages[0].role", messages.NEXT_ROLE),
        ({"messages": [{"role": "user"}]}, "messages.[0].content", messages.NEXT_MESSAGE),
        ({"nn": 1}, "nn", messages.NEXT_ARGUMENT),
        ({"stream": "yes"}, "stream", messages.NEXT_BOOLEAN),
    ],
)
def test_what_the_api_refuses_is_refused_in_its_words(change, param, step):
    """The answer is the API's own error; nothing is replayed."""
    player = Player(HELLO_TAKE, KEY)
    answer = player.answer(incoming("chat", HELLO | change))
    assert (answer.status, answer.headers["x-should-retry"]) == (400, "false")
    assert error(answer)["param"] == param
    assert error(answer)["type"] == "invalid_request_error"
    (refusal,) = player.refusals
    assert refusal.message == f"The API refused your request: {error(answer)['message']}"
    assert (refusal.line, refusal.next) == (7, step)
    assert player.played == []


def test_a_swallowed_refusal_is_the_reason_for_a_missing_request():
    """Code that catches the API's error fails by the count, and reads what the API refused."""
    player = expecting(1)
    player.answer(incoming("chat", HELLO | {"temperature": 5}))
    assert player.unmet() == player.refusals[0]


def test_a_refusal_that_was_mended_is_forgiven():
    """Code that is refused and asks again rightly has made the request."""
    player = expecting(1)
    player.answer(incoming("chat", HELLO | {"temperature": 5}))
    assert player.answer(incoming("chat", HELLO)).status == 200
    assert player.unmet() is None
    assert player.problems == []


@pytest.mark.parametrize("key", [None, "", "sk-another", KEY + "x", KEY[:-1], KEY.upper(), "\ud800", "x" * 10_000])
@pytest.mark.parametrize("operation", PATHS)
def test_another_key_is_refused(key, operation):
    """Without the key of this run the answer is 401, for every operation."""
    player = Player(HELLO_TAKE, KEY)
    answer = player.answer(incoming(operation, HELLO, key=key))
    assert answer.status == 401
    assert error(answer)["code"] == (None if not key else "invalid_api_key")
    assert KEY not in error(answer)["message"]
    assert len(player.refusals) == 1
    assert player.requests[0].key == (key or None)


@pytest.mark.parametrize(
    "model", ["gpt-5-turbo-ultra", "gpt-4o-mini ", "GPT-4o-mini", "tts-1", "x" * 10_000, "\ud800"]
)
def test_an_unknown_model_is_not_found(model):
    """A model that the API does not have for this operation is 404."""
    answer = Player(HELLO_TAKE, KEY).answer(incoming("chat", HELLO | {"model": model}))
    assert (answer.status, error(answer)["code"]) == (404, "model_not_found")
    assert len(error(answer)["message"]) < 200


def test_a_recorded_model_exists():
    """The model that a take was recorded with is known, whatever the provider calls it."""
    take = (recorded("chat", HELLO | {"model": "SmolLM2-135M"}, completion("local")),)
    assert Player(take, KEY).answer(incoming("chat", HELLO | {"model": "SmolLM2-135M"})).status == 200


# --- misses


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"n": 3}, "n=3"),
        ({"stream": True}, "stream=True"),
        ({"max_tokens": 4}, "at most 4 tokens"),
        ({"max_completion_tokens": 4}, "at most 4 tokens"),
    ],
)
def test_an_unknown_shape_is_a_problem(change, what):
    """A request that no recording has the shape of is told so, and is never answered with another shape."""
    player = Player(HELLO_TAKE, KEY)
    answer = player.answer(incoming("chat", HELLO | change))
    assert answer.status == 400
    (problem,) = player.problems
    assert problem.message == f"Your request asked for {what}; this exercise has no reply prepared for that."
    assert (problem.line, problem.next) == (7, NEXT_SMALL_CAP if "tokens" in what else NEXT_SHAPE)


@pytest.mark.parametrize("url", ["", "localhost:11434/api/chat", "api.openai.com/v1/chat/completions"])
def test_an_address_without_its_scheme_is_a_problem(url):
    """It is not taken for a path that nobody knows, nor for one of a provider."""
    player = Player(HELLO_TAKE, KEY)
    assert player.answer(incoming("chat", HELLO, url=url)).status == 400
    (problem,) = player.problems
    assert "it begins with neither http:// nor https://" in problem.message
    assert (problem.line, problem.next) == (7, NEXT_SCHEME)


@pytest.mark.parametrize(
    ("method", "url", "words"),
    [
        ("GET", f"{BASE}/models", ["api.openai.com", "GET", "'/v1/models'"]),
        ("POST", f"{BASE}/responses?secret=1", ["api.openai.com", "POST", "'/v1/responses'"]),
        ("POST", "http://localhost:11434/api/chat", ["localhost:11434", "'/api/chat'"]),
        ("DELETE", f"{BASE}/chat/completions", ["DELETE"]),
        ("X" * 1000, "http://" + "h" * 1000 + "/" + "p" * 1000, ["XXXXXXXXXX"]),
    ],
)
def test_an_unknown_path_is_a_problem(method, url, words):
    """A request that no lesson knows names host, method and path, shortly and without the query."""
    player = Player(HELLO_TAKE, KEY)
    answer = player.answer(incoming("chat", HELLO, method=method, url=url))
    assert answer.status == 400
    (problem,) = player.problems
    assert all(word in problem.message for word in words)
    assert "secret" not in problem.message
    assert len(problem.message) < 300
    assert (problem.line, problem.next) == (7, NEXT_PATH)


@pytest.mark.parametrize("operation", PATHS)
def test_without_a_take_every_request_is_a_problem(operation):
    """An exercise without recordings answers nothing."""
    player = Player(None, KEY)
    sent = {"chat": HELLO, "speech": SPEECH, "moderation": {"input": "a"}}[operation]
    assert player.answer(incoming(operation, sent)).status == 400
    assert len(player.problems) == 1


def test_an_attempt_on_the_network_is_a_problem():
    """An attempt past the client names the host, shortly."""
    player = Player(HELLO_TAKE, KEY)
    player.network("example.com", 3)
    player.network("x" * 1_000_000, None)
    assert "example.com" in player.problems[0].message
    assert (player.problems[0].line, player.problems[0].next) == (3, NEXT_NETWORK)
    assert len(player.problems[1].message) < 300


# --- moderation


FLAGS = dict.fromkeys(string.ascii_lowercase[:8], True) | dict.fromkeys(string.ascii_lowercase[8:12], False)
ONE_BY_ONE = moderated(**FLAGS)
TOGETHER = (
    recorded("moderation", {"input": list(FLAGS)}, results() | {"results": [{"about": text} for text in FLAGS]}),
)


@steady
@given(st.lists(st.sampled_from(sorted(FLAGS)), min_size=1, max_size=12), st.sampled_from([ONE_BY_ONE, TOGETHER]))
def test_texts_get_their_results_in_the_order_sent(texts, take):
    """Any selection, in any order, with repetitions, however it was recorded."""
    player = Player(take, KEY)
    answer = body(player.answer(incoming("moderation", {"input": texts})))
    assert [result["about"] for result in answer["results"]] == texts
    assert player.problems == []
    assert len(player.replies) == 1


@steady
@given(st.permutations(sorted(FLAGS)))
def test_a_list_is_the_same_as_one_by_one(texts):
    """One request with a list gives what as many requests with one text each give."""
    player = Player(ONE_BY_ONE, KEY)
    together = body(player.answer(incoming("moderation", {"input": texts})))["results"]
    apart = [body(player.answer(incoming("moderation", {"input": text})))["results"] for text in texts]
    assert [[result] for result in together] == apart
    assert [exchange.sent["input"] for exchange in player.played] == [*texts, *texts]


def test_an_unknown_text_is_a_problem():
    """One text without a recording among others is named; the whole request is refused."""
    player = Player(ONE_BY_ONE, KEY)
    answer = player.answer(incoming("moderation", {"input": ["a", "unheard of", "b"]}))
    assert answer.status == 400
    (problem,) = player.problems
    assert "'unheard of'" in problem.message
    assert (problem.line, problem.next) == (7, NEXT_TEXT)
    assert player.replies == []


def test_a_chat_model_does_not_moderate():
    """A model that a take holds for one operation is unknown to the others."""
    player = Player((*HELLO_TAKE, *moderated(a=True)), KEY)
    assert player.answer(incoming("moderation", {"model": HELLO["model"], "input": "a"})).status == 404
    assert player.replies == []


def test_blanks_around_a_text_do_not_matter():
    """A reply that was stripped, or that lost a line break, is still the text that was recorded."""
    player = Player((*moderated(**{"Hi there.\n\nBye. ": True}), *moderated(a=True)), KEY)
    answer = body(player.answer(incoming("moderation", {"input": [" a", "Hi there. Bye."]})))
    assert [result["about"] for result in answer["results"]] == ["a", "Hi there.\n\nBye. "]
    assert player.problems == []


# --- hostile requests


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    {
        *chat.completion_create_params.CompletionCreateParamsNonStreaming.__annotations__,
        *chat.completion_create_params.CompletionCreateParamsBase.__annotations__,
        *moderation_create_params.ModerationCreateParams.__annotations__,
        *speech_create_params.SpeechCreateParams.__annotations__,
    }
)
BASES = {
    "chat": [HELLO, HELLO | {"n": 2}, HELLO | {"stream": True}],
    "speech": [SPEECH],
    "moderation": [{"input": "a"}, {"input": ["a", "b"]}],
}
NEARLY = st.sampled_from(sorted(PATHS)).flatmap(
    lambda operation: st.tuples(
        st.just(operation),
        st.builds(
            lambda base, change: base | change,
            st.sampled_from(BASES[operation]),
            st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=3),
        ),
    )
)
STREAMED = recorded("chat", HELLO | {"stream": True}, "data: [DONE]\n\n", "text/event-stream")
FULL_TAKE = (*HELLO_TAKE, STREAMED, *ONE_BY_ONE, recorded("speech", SPEECH, SOUND, "audio/mpeg"))


def survive(request, take=FULL_TAKE):
    """Let a player with a contract answer, and see that its log can be used; gives the answer."""
    player = Player(take, KEY)
    for operation in PATHS:
        player.expectations.append(
            Expectation(operation, range(1, 3), {"n": {1, 2}} if operation == "chat" else {})
        )
    answer = player.answer(request)
    assert isinstance(answer, Answer)
    protocol.frame(protocol.Reply(answer.status, answer.headers, answer.pieces))
    for problem in [*player.problems, *player.refusals, player.unmet()]:
        problem.message.encode()
        assert len(problem.message) < 2_000
    return answer


@settings(steady, max_examples=300)
@given(NEARLY)
def test_no_body_makes_the_player_fail(nearly):
    """Requests that are nearly right, with anything in the SDK's fields, get an answer."""
    assert survive(incoming(*nearly)).status in (200, 400, 404)


@steady
@given(st.sampled_from(sorted(PATHS)), ANYTHING | st.binary())
def test_no_bytes_make_the_player_fail(operation, sent):
    """The same for any JSON, and for bytes that are none."""
    assert survive(incoming(operation, sent)).status in (200, 400, 404)


@steady
@given(st.text(max_size=8), st.text() | st.builds("{}{}".format, st.just(BASE), st.text()), st.text(max_size=9))
def test_no_address_makes_the_player_fail(method, url, key):
    """The same for methods, addresses and keys."""
    survive(incoming("chat", HELLO, method=method, url=url, key=key))


SHIPPED = Path(__file__).resolve().parents[2] / "cassettes" / "lesson1" / "ex13_providers" / "a.yaml"
PROVIDERS = cassettes.load(SHIPPED, SHIPPED.name).interactions
PLACES = st.sampled_from(
    [
        *((f"{BASE}{path}", KEY) for path in ("/responses", "/completions", "/embeddings", *PATHS.values())),
        ("https://api.anthropic.com/v1/messages", providers.keys(KEY)["anthropic"]),
        (
            f"https://{providers.OTHERS[1].host}/v1beta/models/gemini-2:generateContent",
            providers.keys(KEY)["gemini"],
        ),
        *(
            (f"http://localhost:11434{path}", KEY)
            for path in ("/api/chat", "/api/generate", "/v1/chat/completions")
        ),
    ]
)
MEANT = st.fixed_dictionaries(
    {"model": ANYTHING},
    optional={
        "messages": ANYTHING
        | st.lists(st.fixed_dictionaries({"role": ANYTHING, "content": ANYTHING}), max_size=2),
        "contents": st.lists(st.fixed_dictionaries({"parts": ANYTHING}), max_size=2),
        **dict.fromkeys(("max_tokens", "prompt", "stream", "stream_options", "system"), ANYTHING),
    },
)


@settings(steady, max_examples=300)
@given(PLACES, MEANT, st.sampled_from([FULL_TAKE, PROVIDERS]))
def test_no_body_of_another_operation_makes_the_player_fail(place, sent, take):
    """The same where nothing, or another provider's reply, is recorded."""
    url, key = place
    assert survive(incoming("chat", sent, url=url, key=key), take).status in (200, 400, 401, 404)


def test_a_model_that_is_no_text_is_refused_everywhere():
    """Also where the lesson only knows the names of models."""
    player = Player(FULL_TAKE, KEY)
    assert player.answer(incoming("/responses", {"model": []})).status == 400
    assert player.problems or player.refusals


@pytest.mark.parametrize("operation", PATHS)
@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"n":' * 100_000,
        b'{"messages":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"model":"tts-1","input":"a","voice":"alloy","n":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"model":"tts-1","input":"a","voice":"alloy","messages":5}',
        b'{"model":"tts-1","input":"a","voice":"alloy","max_tokens":' + b"9" * 4000 + b"}",
        b'{"n":' + b"9" * 100_000 + b"}",
        b'{"input":' + b'"x' * 100_000 + b'"}',
        b'{"model":"' + b"x" * 1_000_000 + b'","input":"a","voice":"alloy","messages":[]}',
        b'{"input":["' + b"x" * 1_000_000 + b'"]}',
        json.dumps(HELLO).encode("utf-16"),
        json.dumps(HELLO).encode("utf-8-sig"),
        b"\0\0\0",
        b"NaN",
        b"",
    ],
    ids=lambda content: content[:12],
)
def test_extreme_bodies_get_an_answer(operation, content):
    """Depth, length and encodings beyond reason are the request's fault, and told in few words."""
    assert survive(incoming(operation, content)).status in (200, 400, 404)


def test_the_sdk_raises_the_answer_at_once():
    """A refusal has OpenAI's form: the real client makes its own exception of it, without trying again."""
    asked = []

    def carry(request):
        asked.append(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = Player(HELLO_TAKE, KEY).answer(Incoming("POST", str(request.url), headers, request.read(), 1))
        return httpx2.Response(answer.status, headers=answer.headers, content=b"".join(answer.pieces))

    client = openai.OpenAI(api_key=KEY, http_client=httpx2.Client(transport=httpx2.MockTransport(carry)))
    with pytest.raises(openai.BadRequestError, match="has no reply prepared for that"):
        client.chat.completions.create(**HELLO, stream=True)
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        client.chat.completions.create(**HELLO | {"model": "gpt-9"})
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        client.with_options(api_key="sk-wrong").chat.completions.create(**HELLO)
    assert len(asked) == 3
    assert matching.route("POST", str(asked[0].url)).operation == "chat"


@pytest.mark.parametrize(("status", "error"), [(429, openai.RateLimitError), (500, openai.InternalServerError)])
def test_a_failing_api_is_told_at_once(status, error):
    """A request that a check lets fail gets the API's error without a retry; the next one is answered."""
    player = Player(HELLO_TAKE, KEY)
    player.failing["chat"] = Failure(status)
    asked = []

    def answer(request):
        asked.append(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = player.answer(Incoming(request.method, str(request.url), headers, request.read(), None))
        return httpx2.Response(reply.status, headers=reply.headers, content=b"".join(reply.pieces))

    client = openai.OpenAI(api_key=KEY, http_client=httpx2.Client(transport=httpx2.MockTransport(answer)))
    with pytest.raises(error):
        client.chat.completions.create(**HELLO)
    assert len(asked) == 1
    assert client.chat.completions.create(**HELLO).choices[0].message.content == "first"
    assert len(player.requests) == 2
    assert player.problems == []


def test_an_api_fails_when_the_check_says():
    """Some requests of an operation succeed before those that fail; others never do."""
    player = Player((*HELLO_TAKE, *moderated(a=True)), KEY)
    player.failing["moderation"] = Failure(500, after=1, times=2)
    statuses = [player.answer(incoming("moderation", {"input": "a"})).status for _ in range(4)]
    assert statuses == [200, 500, 500, 200]
    assert player.answer(incoming("chat", HELLO)).status == 200
    assert len(player.requests) == 5
