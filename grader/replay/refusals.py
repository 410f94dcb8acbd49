"""Would the real API refuse this request? The answer, in OpenAI's words.

Nothing here was recorded by this project: statuses, codes and wording follow the error messages of the public
API as its users have published them (2024 to 2026), limits and names follow its documentation. Where a model
has limits of its own (`n` up to 8, no `stop`), the documented limit counts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from math import inf
from typing import Any, Final

import msgspec

Body = dict[str, Any]
Faults = Iterator["Refusal | None"]
Rule = Callable[[str, object], "Refusal | None"]


class Refusal(msgspec.Struct, frozen=True):
    """An HTTP error of the API: its status and what its body says."""

    status: int
    message: str
    param: str | None = None
    code: str | None = None
    type: str = "invalid_request_error"

    @property
    def reason(self) -> str:
        """What is wrong, without the addresses that the API adds."""
        return self.message.partition(" You can find")[0].partition(" You need to")[0]

    def body(self) -> dict[str, dict[str, str | None]]:
        """Return the response body in OpenAI's error shape."""
        fields = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": fields}


def refuse(operation: str, body: object) -> Refusal | None:
    """Return the API's refusal of a decoded JSON body, or None where the API would answer it.

    `operation` is "chat", "moderation", "speech" or "ollama"; any other is never refused. Of several faults one is
    reported: what is missing, then what is unknown, then the table's order. The caller knows the models.
    """
    faults = _OPERATIONS.get(operation)
    if faults is None:
        return None
    return _first(faults(body)) if isinstance(body, dict) else Refusal(400, _UNREADABLE)


def wrong_key(key: str | None) -> Refusal:
    """Return the 401 for a missing key (None) or an incorrect one, shown by its ends."""
    if key is None:
        return Refusal(401, _NO_KEY)
    stars = "*" * min(len(key) - _WHOLE, _SHOWN - _WHOLE)
    shown = f"{_shown(key[:8])}{stars}{_shown(key[-4:])}" if stars else _shown(key) or "''"
    text = f"Incorrect API key provided: {shown}. You can find your API key at {_KEYS_PAGE}."
    return Refusal(401, text, code=NO_KEY)


def unknown_model(name: str) -> Refusal:
    """Return the 404 for a model that does not exist."""
    text = f"The model `{_shown(name)}` does not exist or you do not have access to it."
    return Refusal(404, text, code=NO_MODEL)


def failure(status: int) -> Refusal:
    """Return the API's answer when the fault is not in the request.

    429: too many requests; 405: the account may not list what it stored; 500: the API is broken.
    """
    if status == TOO_MANY:
        return Refusal(status, "Rate limit reached for requests.", None, "rate_limit_exceeded", "requests")
    if status == NOT_ALLOWED:
        return Refusal(status, "Only POST requests are accepted.", None, "method_not_supported")
    return Refusal(status, "The server had an error while processing your request.", type="server_error")


# The operations yield their faults in order and lazily; what follows one can rely on its absence.


def _first(faults: Faults) -> Refusal | None:
    return next((fault for fault in faults if fault), None)


def _chat(body: Body) -> Faults:
    yield _model(body)
    if "messages" not in body:
        yield _missing("messages")
    yield from (_unknown(name, body) for name in sorted(body.keys() - CHAT_FIELDS.keys()))
    for name, rule in CHAT_FIELDS.items():
        if name in body and (body[name] is not None or name in _NEVER_NULL):
            yield rule(name, body[name])
    yield from _combinations(body)
    yield from _contents(body["messages"])


def _moderation(body: Body) -> Faults:
    if "input" not in body:
        yield _listed("missing", "input", "Field required")
    given, model = body["input"], body.get("model")
    if given == []:
        text = "List should have at least 1 item after validation, not 0"
        yield _listed("too_short", "input", text, field_type="List", min_length=1, actual_length=0)
    kinds = {type(item) for item in given} if isinstance(given, list) else {type(given)} - {dict}
    if kinds not in ({str}, {dict}):
        yield _listed("string_type", "input", "Input should be a valid string")
    if not isinstance(model, str | None):
        yield _listed("string_type", "model", "Input should be a valid string")


def _speech(body: Body) -> Faults:
    yield _model(body)
    yield from (_listed("missing", name, "Field required") for name in ("input", "voice") if name not in body)
    text, voice = body["input"], body["voice"]
    if not isinstance(text, str):
        yield _listed("string_type", "input", "Input should be a valid string")
    if not text:
        yield _listed("string_too_short", "input", "String should have at least 1 character", min_length=1)
    if len(text) > _SPOKEN:
        what = f"String should have at most {_SPOKEN} characters"
        yield _listed("string_too_long", "input", what, max_length=_SPOKEN)
    if voice not in SPEECH_VOICES and not (isinstance(voice, dict) and isinstance(voice.get("id"), str)):
        yield _listed("enum", "voice", f"Input should be {_VOICES}", expected=_VOICES)
    yield _speed(body.get("speed"))
    if body.get("response_format") not in (None, *_AUDIO):
        yield Refusal(400, "Invalid response_format.", "response_format", "unsupported_value")


def _speed(speed: object) -> Refusal | None:
    if speed is None:
        return None
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        return _listed("float_type", "speed", "Input should be a valid number")
    if not speed >= _SLOWEST:  # `not`, because NaN is on neither side
        what = f"Input should be greater than or equal to {_SLOWEST}"
        return _listed("greater_than_equal", "speed", what, ge=_SLOWEST)
    what = f"Input should be less than or equal to {_FASTEST:g}"
    return _listed("less_than_equal", "speed", what, le=_FASTEST) if speed > _FASTEST else None


def _ollama(body: Body) -> Faults:
    yield _model(body)


def _model(body: Body) -> Refusal | None:
    if body.get("model") in (None, ""):
        return Refusal(400, "you must provide a model parameter")
    return None if isinstance(body["model"], str) else Refusal(400, _UNREADABLE)


def _combinations(body: Body) -> Faults:
    """Yield what is wrong between parameters that are right by themselves."""
    given = {name for name, value in body.items() if value is not None}
    if given >= {"max_tokens", "max_completion_tokens"}:
        text = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        yield Refusal(400, text, "max_tokens", "invalid_parameter_combination")
    for name, needed in (("top_logprobs", "logprobs"), ("stream_options", "stream")):
        if name in given and body.get(needed) is not True:
            yield Refusal(400, f"The '{name}' parameter is only allowed when '{needed}' is enabled.", name)


def _contents(messages: list[Body]) -> Faults:
    """Yield the messages without content; an assistant's may hold something else instead."""
    for index, message in enumerate(messages):
        instead = _INSTEAD_OF_CONTENT if message["role"] == "assistant" else ()
        if any(message.get(name) is not None for name in ("content", *instead)):
            continue
        path = f"messages[{index}].content"
        if message["role"] == "developer":
            yield _wrong_type(path, _TEXT_OR_PARTS, None) if "content" in message else _missing(path)
        text = "Invalid value for 'content': expected a string, got null."
        yield Refusal(400, text, f"messages.[{index}].content")  # the API spells this one path so


# A rule looks at one value and names it by its path in the body.


def _typed(expected: str, kind: type, path: str, value: object) -> Refusal | None:
    return None if isinstance(value, kind) else _wrong_type(path, expected, value)


def _number(noun: str, low: float, high: float, path: str, value: object) -> Refusal | None:
    kinds = int if noun == "an integer" else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        return _wrong_type(path, noun, value)
    sides = (("below min", f">= {low}", value >= low), ("above max", f"<= {high}", value <= high))
    for side, rule, kept in sides:
        if not kept:
            what, expected = f"{noun.split()[1]} {side}", f"Expected a value {rule}"
            text = f"Invalid '{path}': {what}imum value. {expected}, but got {_shown(value)} instead."
            return Refusal(400, text, path, f"{what} value".replace(" ", "_"))
    return None


def _top_logprobs(path: str, value: object) -> Refusal | None:
    if isinstance(value, int) and value > _TOP_LOGPROBS:  # the one limit that the API words differently
        text = f"Invalid value for '{path}': must be less than or equal to {_TOP_LOGPROBS}."
        return Refusal(400, text, path)
    return _number("an integer", 0, inf, path, value)


def _choice(values: tuple[str, ...], path: str, value: object) -> Refusal | None:
    if not isinstance(value, str):
        return _wrong_type(path, f"one of {_quoted(values, 'or')}", value)
    if value in values:
        return None
    shown = value if len(value) <= _WHOLE else f"{value[:3]}...{value[-3:]}"
    text = f"Invalid value: '{_shown(shown)}'. Supported values are: {_quoted(values, 'and')}."
    return Refusal(400, text, path, "invalid_value")


def _objects(path: str, value: object) -> Refusal | None:
    if not isinstance(value, list):
        return _wrong_type(path, "an array of objects", value)
    rule = "Expected an array with minimum length 1, but got an empty array instead."
    return None if value else Refusal(400, f"Invalid '{path}': empty array. {rule}", path, "empty_array")


def _array(expected: str, rule: Rule, path: str, value: object) -> Refusal | None:
    if not isinstance(value, list):
        return _wrong_type(path, expected, value)
    return _first(rule(f"{path}[{index}]", item) for index, item in enumerate(value))


def _messages(path: str, value: object) -> Refusal | None:
    return _objects(path, value) or _array("an array of objects", _message, path, value)


def _message(path: str, value: object) -> Refusal | None:
    return _first(_message_faults(path, value)) if isinstance(value, dict) else _object(path, value)


def _message_faults(path: str, message: Body) -> Faults:
    if "role" not in message:
        yield _missing(f"{path}.role")
    yield _choice(_ROLES, f"{path}.role", message["role"])
    if message.get("content") is not None:  # whether it is there at all comes last, in `_contents`
        yield _content(f"{path}.content", message["content"])
    if "name" in message:
        yield _name(f"{path}.name", message["name"])
    if message.get("tool_calls") is not None:
        yield _objects(f"{path}.tool_calls", message["tool_calls"])


def _name(path: str, value: object) -> Refusal | None:
    if not isinstance(value, str) or _NAME.fullmatch(value):
        return _text(path, value)
    rule = f"Expected a string that matches the pattern '^{_NAME.pattern}$'."
    return Refusal(400, f"Invalid '{path}': string does not match pattern. {rule}", path, "invalid_value")


def _content(path: str, value: object) -> Refusal | None:
    return None if isinstance(value, str) else _array(_TEXT_OR_PARTS, _part, path, value)


def _part(path: str, value: object) -> Refusal | None:
    typeless = isinstance(value, dict) and value.get("type") is None
    return _missing(f"{path}.type") if typeless else _object(path, value)


def _stop(path: str, value: object) -> Refusal | None:
    if isinstance(value, list) and len(value) > _STOPS:
        rule = f"with maximum length {_STOPS}, but got an array with length {len(value)} instead."
        text = f"Invalid '{path}': array too long. Expected an array {rule}"
        return Refusal(400, text, path, "array_above_max_length")
    return None if isinstance(value, str) else _array(_TEXT_OR_TEXTS, _text, path, value)


def _response_format(path: str, value: object) -> Refusal | None:
    if not isinstance(value, dict):
        return _wrong_type(path, "an object", value)
    kind, schema = value.get("type"), value.get("json_schema")
    if kind is None:
        return _missing(f"{path}.type")
    if kind == "json_schema" and not isinstance(schema, dict):
        return _missing(f"{path}.json_schema")
    return _choice(_FORMATS, f"{path}.type", kind)


def _metadata(path: str, value: object) -> Refusal | None:
    if not isinstance(value, dict):
        return _wrong_type(path, "a metadata object", value)
    return _first(_text(f"{path}.{_shown(name)}", item) for name, item in value.items())


def _anything(_path: str, _value: object) -> None:
    """Accept a parameter that no lesson uses, or that each model treats in its own way."""


# Wording. Chat names parameter and code; moderation and speech pass on their validator's list of errors.


def _missing(path: str) -> Refusal:
    return Refusal(400, f"Missing required parameter: '{path}'.", path, "missing_required_parameter")


def _wrong_type(path: str, expected: str, value: object) -> Refusal:
    got = next((name for kind, name in _KINDS.items() if isinstance(value, kind)), "an object")
    text = f"Invalid type for '{path}': expected {expected}, but got {got} instead."
    return Refusal(400, text, path, "invalid_type")


def _unknown(name: str, body: Body) -> Refusal:
    """Word an unknown parameter; the API offers those known by a similar name that the body lacks."""
    shown = _shown(name)
    offers = get_close_matches(shown, CHAT_FIELDS.keys() - body.keys(), cutoff=_SIMILAR)
    hint = f" Did you mean {_quoted(offers, 'or')}?" if offers else ""
    return Refusal(400, f"Unknown parameter: '{shown}'.{hint}", shown, "unknown_parameter")


def _listed(kind: str, field: str, text: str, **context: object) -> Refusal:
    error = {"type": kind, "loc": ("body", field), "msg": text}
    return Refusal(400, str([error | {"ctx": context} if context else error]))


def _quoted(values: Sequence[str], word: str) -> str:
    *others, last = [f"'{value}'" for value in values]
    comma = "," if len(others) > 1 else ""
    return f"{', '.join(others)}{comma} {word} {last}" if others else last


def _shown(value: str | float) -> str:
    """Return a value as a message shows it: at most 60 characters, and encodable whatever was sent."""
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return f"a number of more than {_SHOWN} digits"  # Python refuses to print the longest ones
    return str(value)[:_SHOWN].encode("utf-8", "replace").decode()


NOT_ALLOWED: Final = 405
TOO_MANY: Final = 429
NO_KEY: Final = "invalid_api_key"
NO_MODEL: Final = "model_not_found"
_SHOWN: Final = 60
_WHOLE: Final = 12  # the API shows longer keys and choices by their ends
_SIMILAR: Final = 0.8
_TOP_LOGPROBS: Final = 20
_STOPS: Final = 4
_SPOKEN: Final = 4096
_SLOWEST: Final = 0.25
_FASTEST: Final = 4.0
_AUDIO: Final = ("mp3", "opus", "aac", "flac", "wav", "pcm")
# In the order of the API's own message; the last four, which only some models have, come after it.
SPEECH_VOICES: Final = (
    *("nova", "shimmer", "echo", "onyx", "fable", "alloy", "ash", "sage", "coral"),
    *("ballad", "verse", "marin", "cedar"),
)
_VOICES: Final = " or ".join((", ".join(map(repr, SPEECH_VOICES[:-1])), repr(SPEECH_VOICES[-1])))
_ROLES: Final = ("system", "assistant", "user", "function", "tool", "developer")
_FORMATS: Final = ("json_object", "json_schema", "text")
_NAME: Final = re.compile(r"[^\s<|\\/>]+")
_TIERS: Final = ("auto", "default", "fast", "flex", "priority", "scale")
_INSTEAD_OF_CONTENT: Final = ("tool_calls", "function_call", "refusal", "audio")
_TEXT_OR_PARTS: Final = "one of a string or array of objects"
_TEXT_OR_TEXTS: Final = "one of a string or array of strings"
_KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "a boolean",  # before int, which it is to Python
    int: "an integer",
    float: "a decimal number",
    str: "a string",
    list: "an array",
}
_KEYS_PAGE: Final = "https://platform.openai.com/account/api-keys"
_NO_KEY: Final = (
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer"
    " auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're"
    " accessing the API from your browser and are prompted for a username and password. You can obtain an API"
    f" key from {_KEYS_PAGE}."
)
# The API goes on with a hint about HTTP libraries and its help centre, which would mislead here.
_UNREADABLE: Final = "We could not parse the JSON body of your request."

_text: Final = partial(_typed, "a string", str)
_boolean: Final = partial(_typed, "a boolean", bool)
_object: Final = partial(_typed, "an object", dict)
_penalty: Final = partial(_number, "a decimal", -2, 2)
_tokens: Final = partial(_number, "an integer", 1, inf)

# Every parameter of POST /v1/chat/completions, in the order in which the API reports their faults.
CHAT_FIELDS: Final[dict[str, Rule]] = {
    "model": _text,
    "messages": _messages,
    "functions": partial(_typed, "an array of function definitions", list),
    "function_call": _anything,
    "tools": _objects,
    "tool_choice": _anything,
    "parallel_tool_calls": _boolean,
    "max_completion_tokens": _tokens,
    "n": partial(_number, "an integer", 1, 128),
    "temperature": partial(_number, "a decimal", 0, 2),
    "top_p": partial(_number, "a decimal", 0, 1),
    "presence_penalty": _penalty,
    "frequency_penalty": _penalty,
    "logprobs": _boolean,
    "top_logprobs": _top_logprobs,
    "user": _text,
    "seed": partial(_number, "an integer", -inf, inf),
    "moderation": _object,
    "safety_identifier": _text,
    "prompt_cache_options": _object,
    "prompt_cache_key": _text,
    "prompt_cache_retention": _anything,
    "response_format": _response_format,
    "service_tier": partial(_choice, _TIERS),
    "max_tokens": _tokens,
    "reasoning_effort": _anything,
    "logit_bias": _object,
    "stop": _stop,
    "stream": _boolean,
    "stream_options": _object,
    "store": _boolean,
    "metadata": _metadata,
    "prediction": _object,
    "verbosity": partial(_choice, ("low", "medium", "high")),
    "audio": _object,
    "modalities": partial(_typed, "an array", list),
    "web_search_options": _object,
}
# For the others null means "not given", more widely than documented.
_NEVER_NULL: Final = frozenset({"messages", "parallel_tool_calls"})

_OPERATIONS: Final = {"chat": _chat, "moderation": _moderation, "speech": _speech, "ollama": _ollama}
