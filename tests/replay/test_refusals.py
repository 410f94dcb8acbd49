"""What the real API refuses is refused, in its words; what it answers is let through."""

import json
import types
import typing
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.audio import speech_create_params
from openai.types.chat import completion_create_params

from grader.replay.api_errors import Refusal, unknown_model, wrong_key
from grader.replay.chat_fields import CHAT_FIELDS
from grader.replay.refusals import SPEECH_VOICES, refuse

REAL = Path(__file__).parents[3] / "shared" / "real_cassettes"
HELLO = [{"role": "user", "content": "Hello"}]
CHAT = {"model": "gpt-4o-mini", "messages": HELLO}
SPEECH = {"model": "tts-1", "input": "Hello", "voice": "alloy"}
ONLY = "The '{}' parameter is only allowed when '{}' is enabled."
PARTS = "one of a string or array of objects"
NO_CONTENT = "Invalid value for 'content': expected a string, got null."
ROLES = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"


def refused(message, param=None, code=None):
    """Return the 400 with this text."""
    return Refusal(400, message, param, code)


def missing(param):
    """Return the 400 for a required parameter."""
    return refused(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def wrong_type(param, expected, got):
    """Return the 400 for a value of the wrong type."""
    text = f"Invalid type for '{param}': expected {expected}, but got {got} instead."
    return refused(text, param, "invalid_type")


def wrong_value(param, shown, values):
    """Return the 400 for a value that is not one of the supported ones."""
    return refused(f"Invalid value: '{shown}'. Supported values are: {values}.", param, "invalid_value")


def odd_name(param):
    """Return the 400 for a name with a blank or a bracket in it."""
    rule = r"Expected a string that matches the pattern '^[^\s<|\\/>]+$'."
    return refused(f"Invalid '{param}': string does not match pattern. {rule}", param, "invalid_value")


def outside(param, side, rule, got):
    """Return the 400 for a number beyond a limit."""
    text = f"Invalid '{param}': {side}imum value. Expected a value {rule}, but got {got} instead."
    return refused(text, param, f"{side} value".replace(" ", "_"))


def unknown(param, hint=""):
    """Return the 400 for a parameter that does not exist."""
    return refused(f"Unknown parameter: '{param}'.{hint}", param, "unknown_parameter")


def empty(param):
    """Return the 400 for an empty array."""
    rule = "Expected an array with minimum length 1, but got an empty array instead."
    return refused(f"Invalid '{param}': empty array. {rule}", param, "empty_array")


def listed(kind, field, text, **context):
    """Return the 400 of an endpoint that passes on its validator's list of errors."""
    error = {"type": kind, "loc": ("body", field), "msg": text} | ({"ctx": context} if context else {})
    return refused(f"[{error}]")


NO_MODEL = refused("you must provide a model parameter")
UNREADABLE = refused("We could not parse the JSON body of your request.")
BOTH_LIMITS = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
FOUR_STOPS = "Expected an array with maximum length 4, but got an array with length 5 instead."
BODY_REFUSALS = [
    ([], UNREADABLE),
    (None, UNREADABLE),
    ({"messages": HELLO}, NO_MODEL),
    (CHAT | {"model": None}, NO_MODEL),
    (CHAT | {"model": ""}, NO_MODEL),
    (CHAT | {"model": 4}, UNREADABLE),
    ({"model": "m"}, missing("messages")),
    (CHAT | {"max_token": 5}, unknown("max_token", " Did you mean 'max_tokens'?")),
    (CHAT | {"temprature": 1}, unknown("temprature", " Did you mean 'temperature'?")),
    (CHAT | {"verbose": True}, unknown("verbose")),
    (CHAT | {"messagess": 1}, unknown("messagess")),  # the right one is there
]
PARAMETER_REFUSALS = [
    ({"temperature": 5}, outside("temperature", "decimal above max", "<= 2", 5)),
    ({"temperature": -0.5}, outside("temperature", "decimal below min", ">= 0", -0.5)),
    ({"temperature": "1"}, wrong_type("temperature", "a decimal", "a string")),
    ({"temperature": True}, wrong_type("temperature", "a decimal", "a boolean")),
    ({"top_p": 1.5}, outside("top_p", "decimal above max", "<= 1", 1.5)),
    ({"presence_penalty": -3}, outside("presence_penalty", "decimal below min", ">= -2", -3)),
    ({"frequency_penalty": 3}, outside("frequency_penalty", "decimal above max", "<= 2", 3)),
    ({"n": 0}, outside("n", "integer below min", ">= 1", 0)),
    ({"n": 130}, outside("n", "integer above max", "<= 128", 130)),
    ({"n": True}, wrong_type("n", "an integer", "a boolean")),
    ({"seed": 1.5}, wrong_type("seed", "an integer", "a decimal number")),
    ({"max_tokens": 0}, outside("max_tokens", "integer below min", ">= 1", 0)),
    ({"max_completion_tokens": "9"}, wrong_type("max_completion_tokens", "an integer", "a string")),
    (
        {"max_tokens": 5, "max_completion_tokens": 5},
        refused(BOTH_LIMITS, "max_tokens", "invalid_parameter_combination"),
    ),
    (
        {"stop": list("abcde")},
        refused(f"Invalid 'stop': array too long. {FOUR_STOPS}", "stop", "array_above_max_length"),
    ),
    ({"stop": ["a", 2]}, wrong_type("stop[1]", "a string", "an integer")),
    ({"stop": 2}, wrong_type("stop", "one of a string or array of strings", "an integer")),
    ({"stream": "yes"}, wrong_type("stream", "a boolean", "a string")),
    ({"stream_options": {}}, refused(ONLY.format("stream_options", "stream"), "stream_options")),
    (
        {"stream_options": {}, "stream": False},
        refused(ONLY.format("stream_options", "stream"), "stream_options"),
    ),
    ({"logprobs": 3}, wrong_type("logprobs", "a boolean", "an integer")),
    ({"top_logprobs": 3}, refused(ONLY.format("top_logprobs", "logprobs"), "top_logprobs")),
    (
        {"top_logprobs": 21, "logprobs": True},
        refused("Invalid value for 'top_logprobs': must be less than or equal to 20.", "top_logprobs"),
    ),
    ({"top_logprobs": -1, "logprobs": True}, outside("top_logprobs", "integer below min", ">= 0", -1)),
    ({"store": "yes"}, wrong_type("store", "a boolean", "a string")),
    ({"metadata": "lesson"}, wrong_type("metadata", "a metadata object", "a string")),
    ({"metadata": {"lesson": 1}}, wrong_type("metadata.lesson", "a string", "an integer")),
    ({"user": 7}, wrong_type("user", "a string", "an integer")),
    ({"response_format": "json_object"}, wrong_type("response_format", "an object", "a string")),
    ({"response_format": {}}, missing("response_format.type")),
    (
        {"response_format": {"type": "json"}},
        wrong_value("response_format.type", "json", "'json_object', 'json_schema', and 'text'"),
    ),
    ({"response_format": {"type": "json_schema"}}, missing("response_format.json_schema")),
    ({"tools": {}}, wrong_type("tools", "an array of objects", "an object")),
    ({"parallel_tool_calls": None}, wrong_type("parallel_tool_calls", "a boolean", "null")),
    ({"verbosity": "extremely high"}, wrong_value("verbosity", "ext...igh", "'low', 'medium', and 'high'")),
]
MESSAGE_REFUSALS = [
    (None, wrong_type("messages", "an array of objects", "null")),
    ("Hello", wrong_type("messages", "an array of objects", "a string")),
    ([], empty("messages")),
    (["Hello"], wrong_type("messages[0]", "an object", "a string")),
    ([{"content": "Hello"}], missing("messages[0].role")),
    ([{"role": "bot", "content": "Hello"}], wrong_value("messages[0].role", "bot", ROLES)),
    (
        [*HELLO, {"role": 1, "content": "Hello"}],
        wrong_type("messages[1].role", f"one of {ROLES.replace('and', 'or')}", "an integer"),
    ),
    ([{"role": "user"}], refused(NO_CONTENT, "messages.[0].content")),
    ([*HELLO, {"role": "assistant", "content": None}], refused(NO_CONTENT, "messages.[1].content")),
    ([*HELLO, {"role": "assistant", "tool_calls": None}], refused(NO_CONTENT, "messages.[1].content")),
    ([{"role": "user", "content": None, "refusal": "No"}], refused(NO_CONTENT, "messages.[0].content")),
    ([{"role": "developer"}], missing("messages[0].content")),
    ([{"role": "developer", "content": None}], wrong_type("messages[0].content", PARTS, "null")),
    ([{"role": "user", "content": 7}], wrong_type("messages[0].content", PARTS, "an integer")),
    ([{"role": "user", "content": {"text": "a"}}], wrong_type("messages[0].content", PARTS, "an object")),
    ([{"role": "user", "content": ["a"]}], wrong_type("messages[0].content[0]", "an object", "a string")),
    ([{"role": "user", "content": [{"text": "a"}]}], missing("messages[0].content[0].type")),
    ([{"role": "user", "content": "a", "name": 3}], wrong_type("messages[0].name", "a string", "an integer")),
    ([{"role": "user", "content": "a", "name": "Ana B"}], odd_name("messages[0].name")),
    ([*HELLO, {"role": "user", "content": "a", "name": ""}], odd_name("messages[1].name")),
    ([*HELLO, {"role": "user", "content": "a", "name": "<a>\n"}], odd_name("messages[1].name")),
    ([*HELLO, {"role": "assistant", "tool_calls": []}], empty("messages[1].tool_calls")),
]
NO_TEXT = listed("string_type", "input", "Input should be a valid string")
NO_ITEM = "List should have at least 1 item after validation, not 0"
NO_CHARACTER = "String should have at least 1 character"
TOO_LONG = "String should have at most 4096 characters"
MODERATION_REFUSALS = [
    ({}, listed("missing", "input", "Field required")),
    ({"input": 7}, NO_TEXT),
    ({"input": None}, NO_TEXT),
    ({"input": ["a", {"type": "text", "text": "b"}]}, NO_TEXT),
    ({"input": []}, listed("too_short", "input", NO_ITEM, field_type="List", min_length=1, actual_length=0)),
    ({"input": "a", "model": 7}, listed("string_type", "model", "Input should be a valid string")),
]
SPEECH_REFUSALS = [
    ({"input": "a", "voice": "alloy"}, NO_MODEL),
    (SPEECH | {"model": 1}, UNREADABLE),
    ({"model": "tts-1"}, listed("missing", "input", "Field required")),
    ({"model": "tts-1", "input": "a"}, listed("missing", "voice", "Field required")),
    (SPEECH | {"input": 5}, NO_TEXT),
    (SPEECH | {"input": ""}, listed("string_too_short", "input", NO_CHARACTER, min_length=1)),
    (SPEECH | {"input": "a" * 4097}, listed("string_too_long", "input", TOO_LONG, max_length=4096)),
    (
        SPEECH | {"speed": 5},
        listed("less_than_equal", "speed", "Input should be less than or equal to 4", le=4.0),
    ),
    (
        SPEECH | {"speed": 0.1},
        listed("greater_than_equal", "speed", "Input should be greater than or equal to 0.25", ge=0.25),
    ),
    (SPEECH | {"speed": True}, listed("float_type", "speed", "Input should be a valid number")),
    (
        SPEECH | {"response_format": "ogg"},
        refused("Invalid response_format.", "response_format", "unsupported_value"),
    ),
]

# Right values for every parameter of a chat request; those that need another one stand in COMPANIONS.
GOOD = {
    "audio": [None, {"voice": "alloy", "format": "mp3"}],
    "frequency_penalty": [None, -2, 0.5, 2],
    "function_call": ["auto", {"name": "f"}],
    "functions": [[{"name": "f"}]],
    "logit_bias": [None, {}, {"50256": -100}],
    "logprobs": [None, True],
    "max_completion_tokens": [None],
    "max_tokens": [None, 1, 10**7],
    "metadata": [None, {}, {"lesson": "1"}],
    "modalities": [None, ["text", "audio"]],
    "moderation": [None, {"model": "omni-moderation-latest"}],
    "n": [None, 1, 128],
    "parallel_tool_calls": [True, False],
    "prediction": [None, {"type": "content", "content": "a"}],
    "presence_penalty": [None, -2.0, 2.0],
    "prompt_cache_key": [None, "k"],
    "prompt_cache_options": [{"mode": "explicit"}],
    "prompt_cache_retention": [None, "24h"],
    "reasoning_effort": [None, "low", "max"],
    "response_format": [
        {"type": "text"},
        {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
    ],
    "safety_identifier": [None, "s"],
    "seed": [None, 0, -5, 2**40],
    "service_tier": [None, "auto", "flex", "scale"],
    "stop": [None, "END", ["a", "b", "c", "d"]],
    "store": [None, True, False],
    "temperature": [None, 0, 1.3, 2],
    "tool_choice": ["required", {"type": "function", "function": {"name": "f"}}],
    "tools": [[{"type": "function", "function": {"name": "f"}}]],
    "top_p": [None, 0, 1.0],
    "user": ["u"],
    "verbosity": [None, "low"],
    "web_search_options": [{}],
}
COMPANIONS = [
    {},
    {"stream": None},
    {"stream": True, "stream_options": {"include_usage": True}},
    {"stream": False, "stream_options": None},
    {"logprobs": True, "top_logprobs": 20},
    {"logprobs": False, "top_logprobs": None},
    {"max_tokens": None, "max_completion_tokens": 16},
]
GOOD_MESSAGES = [
    HELLO,
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi", "name": "Ánn_2"}],
    [{"role": "developer", "content": [{"type": "text", "text": "a"}]}, {"role": "user", "content": ""}],
    [*HELLO, {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]}],
    [*HELLO, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}],
    [*HELLO, {"role": "assistant", "refusal": "No"}],
    [*HELLO, {"role": "assistant", "content": "Hi", "refusal": None, "audio": None, "tool_calls": None}],
    [*HELLO, {"role": "tool", "content": "3", "tool_call_id": "c"}],
    [*HELLO, {"role": "function", "content": "3", "name": "f"}],
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
KNOWN_NAMES = st.sampled_from([*CHAT_FIELDS, "input", "voice", "speed"])
KNOWN_KEYS = st.sampled_from(["role", "content", "name", "tool_calls", "type", "json_schema", "id"])
NEAR = st.recursive(
    JSON, lambda inner: st.lists(inner) | st.dictionaries(KNOWN_KEYS, inner, max_size=4), max_leaves=8
)
quick = settings(database=None, deadline=None)


def recorded(path):
    """Yield (request body, status, response body) of the real exchanges with OpenAI at this path."""
    for file in sorted(REAL.rglob("*.yaml")):
        for exchange in yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]:
            request, response = exchange["request"], exchange["response"]
            if request.get("uri") == f"https://api.openai.com/v1/{path}" and "code" in response.get("status", {}):
                yield _body(request), response["status"]["code"], _body(response)


def _body(half):
    body = half.get("parsed_body") or half.get("body")
    text = body["string"] if isinstance(body, dict) and "string" in body else body
    try:
        return json.loads(text) if isinstance(text, str | bytes) else text
    except ValueError:  # a stream
        return text


def chat_annotations():
    """Return the SDK's parameters of a chat request with their types."""
    streaming = completion_create_params.CompletionCreateParamsStreaming
    plain = completion_create_params.CompletionCreateParamsNonStreaming
    return typing.get_type_hints(streaming) | typing.get_type_hints(plain)


def test_the_wording_is_the_apis():
    """A refusal reads as the public API's own error does, to the letter."""
    text = "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 5 instead."
    assert refuse("chat", CHAT | {"temperature": 5}).body() == {
        "error": {
            "message": text,
            "type": "invalid_request_error",
            "param": "temperature",
            "code": "decimal_above_max_value",
        },
    }


@pytest.mark.parametrize(("body", "refusal"), BODY_REFUSALS)
def test_a_chat_request_must_have_its_parameters_and_no_others(body, refusal):
    """A chat request without model or messages, or with a parameter that does not exist, gets a 400."""
    assert refuse("chat", body) == refusal


@pytest.mark.parametrize(("parameters", "refusal"), PARAMETER_REFUSALS)
def test_a_chat_parameter_must_be_valid(parameters, refusal):
    """A chat parameter of the wrong type or outside its limits gets the API's own 400."""
    assert refuse("chat", CHAT | parameters) == refusal


@pytest.mark.parametrize(("messages", "refusal"), MESSAGE_REFUSALS)
def test_messages_must_be_well_formed(messages, refusal):
    """Messages without role or content, or with wrong ones, get a 400 that says which."""
    assert refuse("chat", CHAT | {"messages": messages}) == refusal


@pytest.mark.parametrize("messages", GOOD_MESSAGES)
def test_well_formed_messages_are_let_through(messages):
    """Every documented kind of message is accepted, also one sent back as the SDK dumps it."""
    assert refuse("chat", CHAT | {"messages": messages}) is None


@pytest.mark.parametrize(("body", "refusal"), MODERATION_REFUSALS)
def test_moderation_needs_an_input(body, refusal):
    """Moderation takes a string, or an array of strings or of parts, and says so as a list of errors."""
    assert refuse("moderation", body) == refusal


@pytest.mark.parametrize(
    "given_input",
    ["", "a", ["a", "b"], [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "u"}}]],
)
@pytest.mark.parametrize("model", [{}, {"model": None}, {"model": "omni-moderation-latest"}])
def test_a_moderation_request_is_let_through(given_input, model):
    """Every documented form of a moderation request is accepted."""
    assert refuse("moderation", {"input": given_input} | model) is None


@pytest.mark.parametrize(("body", "refusal"), SPEECH_REFUSALS)
def test_speech_needs_text_voice_and_limits(body, refusal):
    """Speech without model, text or voice, or outside its limits, gets a 400."""
    assert refuse("speech", body) == refusal


@pytest.mark.parametrize("voice", [None, "robot", {"name": "alloy"}, 5])
def test_speech_lists_the_voices(voice):
    """An unknown voice gets a 400 that lists all voices."""
    refusal = refuse("speech", SPEECH | {"voice": voice})
    assert refusal.status == 400
    assert refusal.message.startswith(
        "[{'type': 'enum', 'loc': ('body', 'voice'), 'msg': \"Input should be 'nova', "
    )
    assert all(f"'{name}'" in refusal.message for name in SPEECH_VOICES)


@pytest.mark.parametrize("voice", [*SPEECH_VOICES, {"id": "voice_1234"}])
@pytest.mark.parametrize(
    "more", [{}, {"speed": 0.25}, {"speed": 4}, {"response_format": "wav", "input": "a" * 4096}]
)
def test_a_speech_request_is_let_through(voice, more):
    """Every documented voice is accepted, and the limits themselves are."""
    assert refuse("speech", SPEECH | {"voice": voice} | more) is None


@pytest.mark.parametrize("body", [None, {}, {"n": 0}, [1]])
def test_other_operations_are_never_refused(body):
    """An operation without rules has no refusals."""
    assert refuse("embeddings", body) is None


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"zzz": 1}, None),
        ({"model": "m", "zzz": 1}, "messages"),
        (CHAT | {"zzz": 1, "aaa": 1, "n": 0, "messages": []}, "aaa"),
        (CHAT | {"temperature": 5, "n": 0, "messages": []}, "messages"),
        (CHAT | {"temperature": 5, "n": 0}, "n"),
        (CHAT | {"messages": [{"role": "user"}], "store": 1}, "store"),
        (CHAT | {"messages": [{"role": "user"}, {"role": "bot"}]}, "messages[1].role"),
    ],
)
def test_the_first_fault_is_reported(body, param):
    """Of several faults the first in a fixed order is reported, however the body is ordered."""
    assert refuse("chat", body).param == param
    assert refuse("chat", dict(reversed(body.items()))) == refuse("chat", body)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("", "''"),
        ("test-key", "test-key"),
        ("sk-wrong-api-key", "sk-wrong****-key"),
        ("sk-" + "a" * 48, "sk-aaaaa" + "*" * 39 + "aaaa"),
        ("sk-proj-" + "b" * 156, "sk-proj-" + "*" * 48 + "bbbb"),
    ],
)
def test_a_wrong_key_is_masked(key, shown):
    """A wrong key gets a 401 that shows its ends only."""
    text = f"Incorrect API key provided: {shown}. You can find your API key at"
    refusal = wrong_key(key)
    assert refusal == Refusal(
        401, f"{text} https://platform.openai.com/account/api-keys.", None, "invalid_api_key"
    )


def test_a_missing_key_is_explained():
    """A request without a key gets a 401 that says where the key belongs."""
    refusal = wrong_key(None)
    assert (refusal.status, refusal.param, refusal.code) == (401, None, None)
    assert refusal.message.startswith("You didn't provide an API key. You need to provide your API key in an Auth")


def test_an_unknown_model_is_a_404():
    """A model that does not exist gets a 404 that names it."""
    text = "The model `gpt-9` does not exist or you do not have access to it."
    assert unknown_model("gpt-9") == Refusal(404, text, None, "model_not_found")


def test_the_parameters_are_the_sdks():
    """The table, and this file's list of good values, have exactly the parameters that the SDK can send."""
    companions = {name for parameters in COMPANIONS for name in parameters}
    assert set(CHAT_FIELDS) == set(chat_annotations()) == {*CHAT, *GOOD, *companions}


def test_the_voices_are_the_sdks():
    """The voices are those that the SDK documents."""
    members = typing.get_args(speech_create_params.Voice)
    assert set(SPEECH_VOICES) == {name for member in members for name in typing.get_args(member)}


@pytest.mark.parametrize("name", sorted(chat_annotations()))
def test_null_is_allowed_where_documented(name):
    """A parameter that the API documents as nullable may be null."""
    if types.NoneType in typing.get_args(chat_annotations()[name]):
        assert refuse("chat", CHAT | {name: None}) is None


@quick
@given(st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in GOOD.items()}), st.data())
def test_good_parameters_are_let_through(parameters, data):
    """A request with any selection of valid parameters is never refused."""
    companions, messages = data.draw(st.sampled_from(COMPANIONS)), data.draw(st.sampled_from(GOOD_MESSAGES))
    assert refuse("chat", CHAT | {"messages": messages} | parameters | companions) is None


@quick
@given(
    st.sampled_from(["chat", "moderation", "speech", "other"]),
    JSON | st.dictionaries(KNOWN_NAMES, NEAR).flatmap(lambda more: st.sampled_from([CHAT | more, SPEECH | more])),
)
def test_no_body_breaks_the_judge(operation, body):
    """Any JSON value gets None or a short refusal that can be sent."""
    refusal = refuse(operation, body)
    if refusal is not None:
        assert refusal.status == 400
        assert len(refusal.message) < 500
        assert len(refusal.param or "") < 200
        assert msgspec.json.decode(msgspec.json.encode(refusal.body())) == refusal.body()


LONG = "x" * 10**6


@pytest.mark.parametrize(
    "refusal",
    [
        refuse("chat", CHAT | {LONG: 1}),
        refuse("chat", CHAT | {"\ud800": 1}),
        refuse("chat", CHAT | {"n": 10**5000}),
        refuse("chat", CHAT | {"temperature": float("nan")}),
        refuse("chat", CHAT | {"temperature": float("inf")}),
        refuse("chat", CHAT | {"metadata": {LONG: 1}}),
        refuse("chat", CHAT | {"messages": [{"role": LONG}]}),
        refuse("chat", CHAT | {"messages": [{"role": "\ud800"}]}),
        refuse("speech", SPEECH | {"speed": 10**5000}),
        refuse("speech", SPEECH | {"speed": float("nan")}),
        wrong_key(LONG),
        wrong_key("\ud800"),
        unknown_model(LONG),
        unknown_model("\ud800"),
    ],
    ids=range(14),
)
def test_what_a_message_shows_is_short_and_can_be_sent(refusal):
    """Endless names, numbers and keys, and text that UTF-8 cannot hold, still make a short JSON error."""
    assert len(refusal.message) < 500
    assert len(refusal.param or "") < 200
    assert msgspec.json.encode(refusal.body())


def test_depth_does_not_matter():
    """A body nested deeper than Python recurses is answered like any other."""
    deep = []
    for _ in range(10**5):
        deep = [deep]
    assert refuse("chat", CHAT | {"logit_bias": deep}).param == "logit_bias"
    assert refuse("chat", CHAT | {"tool_choice": deep}) is None
    assert refuse("moderation", {"input": deep}).status == 400
    assert refuse("speech", SPEECH | {"voice": deep}).status == 400


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the exchanges that other projects recorded")
class TestRecordedExchanges:
    """The rules agree with what the real API did."""

    @pytest.mark.parametrize(
        ("operation", "path", "least"), [("chat", "chat/completions", 25), ("moderation", "moderations", 2)]
    )
    def test_what_it_answered_is_let_through(self, operation, path, least):
        """A request body that the real API answered is never refused."""
        answered = [body for body, status, _ in recorded(path) if status == 200]
        assert len(answered) >= least
        assert [refuse(operation, body) for body in answered] == [None] * len(answered)

    def test_its_unknown_models_have_our_words(self):
        """A recorded 404 for a model is our refusal, word for word."""
        missing = [(body, error) for body, status, error in recorded("chat/completions") if status == 404]
        assert missing
        for body, error in missing:
            assert refuse("chat", body) is None
            assert unknown_model(body["model"]).body() == error

    def test_its_wrong_keys_have_our_words(self):
        """A recorded 401 for a key is our refusal, word for word."""
        errors = [error for _, status, error in recorded("completions") if status == 401]
        assert wrong_key("sk-wrong-api-key").body() in errors
