"""What the API refuses of a chat's parameters: a rule for each, and for what goes together."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from math import inf
from typing import Final

from grader.replay.api_errors import (
    WHOLE,
    Body,
    Faults,
    Refusal,
    clipped,
    first,
    missing,
    no_model,
    quoted,
    wrong_type,
)

Rule = Callable[[str, object], Refusal | None]


def faults(body: Body) -> Faults:
    """Yield what is wrong: what is missing, then what is unknown, then in the table's order."""
    yield no_model(body)
    if "messages" not in body:
        yield missing("messages")
    yield from (_unknown(name, body) for name in sorted(body.keys() - CHAT_FIELDS.keys()))
    for name, rule in CHAT_FIELDS.items():
        if name in body and (body[name] is not None or name in _NEVER_NULL):
            yield rule(name, body[name])
    yield from _combinations(body)
    yield from _contents(body["messages"])


def _unknown(name: str, body: Body) -> Refusal:
    """Word an unknown parameter; the API offers those known by a similar name that the body lacks."""
    shown = clipped(name)
    offers = get_close_matches(shown, CHAT_FIELDS.keys() - body.keys(), cutoff=_SIMILAR)
    hint = f" Did you mean {quoted(offers, 'or')}?" if offers else ""
    return Refusal(400, f"Unknown parameter: '{shown}'.{hint}", shown, "unknown_parameter")


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
            yield wrong_type(path, _TEXT_OR_PARTS, None) if "content" in message else missing(path)
        text = "Invalid value for 'content': expected a string, got null."
        yield Refusal(400, text, f"messages.[{index}].content")  # the API spells this one path so


# A rule looks at one value and names it by its path in the body.


def _typed(expected: str, kind: type, path: str, value: object) -> Refusal | None:
    return None if isinstance(value, kind) else wrong_type(path, expected, value)


def _number(noun: str, low: float, high: float, path: str, value: object) -> Refusal | None:
    kinds = int if noun == "an integer" else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        return wrong_type(path, noun, value)
    sides = (("below min", f">= {low}", value >= low), ("above max", f"<= {high}", value <= high))
    for side, rule, kept in sides:
        if not kept:
            what, expected = f"{noun.split()[1]} {side}", f"Expected a value {rule}"
            text = f"Invalid '{path}': {what}imum value. {expected}, but got {clipped(value)} instead."
            return Refusal(400, text, path, f"{what} value".replace(" ", "_"))
    return None


def _top_logprobs(path: str, value: object) -> Refusal | None:
    if isinstance(value, int) and value > _TOP_LOGPROBS:  # the one limit that the API words differently
        text = f"Invalid value for '{path}': must be less than or equal to {_TOP_LOGPROBS}."
        return Refusal(400, text, path)
    return _number("an integer", 0, inf, path, value)


def _choice(values: tuple[str, ...], path: str, value: object) -> Refusal | None:
    if not isinstance(value, str):
        return wrong_type(path, f"one of {quoted(values, 'or')}", value)
    if value in values:
        return None
    shown = value if len(value) <= WHOLE else f"{value[:3]}...{value[-3:]}"
    text = f"Invalid value: '{clipped(shown)}'. Supported values are: {quoted(values, 'and')}."
    return Refusal(400, text, path, "invalid_value")


def _objects(path: str, value: object) -> Refusal | None:
    if not isinstance(value, list):
        return wrong_type(path, "an array of objects", value)
    rule = "Expected an array with minimum length 1, but got an empty array instead."
    return None if value else Refusal(400, f"Invalid '{path}': empty array. {rule}", path, "empty_array")


def _array(expected: str, rule: Rule, path: str, value: object) -> Refusal | None:
    if not isinstance(value, list):
        return wrong_type(path, expected, value)
    return first(rule(f"{path}[{index}]", item) for index, item in enumerate(value))


def _messages(path: str, value: object) -> Refusal | None:
    return _objects(path, value) or _array("an array of objects", _message, path, value)


def _message(path: str, value: object) -> Refusal | None:
    return first(_message_faults(path, value)) if isinstance(value, dict) else _object(path, value)


def _message_faults(path: str, message: Body) -> Faults:
    if "role" not in message:
        yield missing(f"{path}.role")
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
    return missing(f"{path}.type") if typeless else _object(path, value)


def _stop(path: str, value: object) -> Refusal | None:
    if isinstance(value, list) and len(value) > _STOPS:
        rule = f"with maximum length {_STOPS}, but got an array with length {len(value)} instead."
        text = f"Invalid '{path}': array too long. Expected an array {rule}"
        return Refusal(400, text, path, "array_above_max_length")
    return None if isinstance(value, str) else _array(_TEXT_OR_TEXTS, _text, path, value)


def _response_format(path: str, value: object) -> Refusal | None:
    if not isinstance(value, dict):
        return wrong_type(path, "an object", value)
    kind, schema = value.get("type"), value.get("json_schema")
    if kind is None:
        return missing(f"{path}.type")
    if kind == "json_schema" and not isinstance(schema, dict):
        return missing(f"{path}.json_schema")
    return _choice(_FORMATS, f"{path}.type", kind)


def _metadata(path: str, value: object) -> Refusal | None:
    if not isinstance(value, dict):
        return wrong_type(path, "a metadata object", value)
    return first(_text(f"{path}.{clipped(name)}", item) for name, item in value.items())


def _anything(_path: str, _value: object) -> None:
    """Accept a parameter that no lesson uses, or that each model treats in its own way."""


_SIMILAR: Final = 0.8
_TOP_LOGPROBS: Final = 20
_STOPS: Final = 4
_ROLES: Final = ("system", "assistant", "user", "function", "tool", "developer")
_FORMATS: Final = ("json_object", "json_schema", "text")
_NAME: Final = re.compile(r"[^\s<|\\/>]+")
_TIERS: Final = ("auto", "default", "fast", "flex", "priority", "scale")
_INSTEAD_OF_CONTENT: Final = ("tool_calls", "function_call", "refusal", "audio")
_TEXT_OR_PARTS: Final = "one of a string or array of objects"
_TEXT_OR_TEXTS: Final = "one of a string or array of strings"
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
