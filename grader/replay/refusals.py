"""Would the real API refuse this request? The answer, in OpenAI's words.

Nothing here was recorded by this project: statuses, codes and wording follow the error messages of the public
API as its users have published them (2024 to 2026), limits and names follow its documentation. Where a model
has limits of its own (`n` up to 8, no `stop`), the documented limit counts.
"""

from typing import Final

from grader.replay import chat_fields
from grader.replay.api_errors import UNREADABLE, Body, Faults, Refusal, first, listed, no_model


def refuse(operation: str, body: object) -> Refusal | None:
    """Return the API's refusal of a decoded JSON body, or None where the API would answer it.

    `operation` is "chat", "moderation", "speech" or "ollama"; any other is never refused. Of several faults one is
    reported: what is missing, then what is unknown, then the table's order. The caller knows the models.
    """
    faults = _OPERATIONS.get(operation)
    if faults is None:
        return None
    return first(faults(body)) if isinstance(body, dict) else Refusal(400, UNREADABLE)


def _moderation(body: Body) -> Faults:
    if "input" not in body:
        yield listed("missing", "input", "Field required")
    given, model = body["input"], body.get("model")
    if given == []:
        text = "List should have at least 1 item after validation, not 0"
        yield listed("too_short", "input", text, field_type="List", min_length=1, actual_length=0)
    kinds = {type(item) for item in given} if isinstance(given, list) else {type(given)} - {dict}
    if kinds not in ({str}, {dict}):
        yield listed("string_type", "input", "Input should be a valid string")
    if not isinstance(model, str | None):
        yield listed("string_type", "model", "Input should be a valid string")


def _speech(body: Body) -> Faults:
    yield no_model(body)
    yield from (listed("missing", name, "Field required") for name in ("input", "voice") if name not in body)
    text, voice = body["input"], body["voice"]
    if not isinstance(text, str):
        yield listed("string_type", "input", "Input should be a valid string")
    if not text:
        yield listed("string_too_short", "input", "String should have at least 1 character", min_length=1)
    if len(text) > _SPOKEN:
        what = f"String should have at most {_SPOKEN} characters"
        yield listed("string_too_long", "input", what, max_length=_SPOKEN)
    if voice not in SPEECH_VOICES and not (isinstance(voice, dict) and isinstance(voice.get("id"), str)):
        yield listed("enum", "voice", f"Input should be {_VOICES}", expected=_VOICES)
    yield _speed(body.get("speed"))
    if body.get("response_format") not in (None, *_AUDIO):
        yield Refusal(400, "Invalid response_format.", "response_format", "unsupported_value")


def _speed(speed: object) -> Refusal | None:
    if speed is None:
        return None
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        return listed("float_type", "speed", "Input should be a valid number")
    if not speed >= _SLOWEST:  # `not`, because NaN is on neither side
        what = f"Input should be greater than or equal to {_SLOWEST}"
        return listed("greater_than_equal", "speed", what, ge=_SLOWEST)
    what = f"Input should be less than or equal to {_FASTEST:g}"
    return listed("less_than_equal", "speed", what, le=_FASTEST) if speed > _FASTEST else None


def _ollama(body: Body) -> Faults:
    yield no_model(body)


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

_OPERATIONS: Final = {"chat": chat_fields.faults, "moderation": _moderation, "speech": _speech, "ollama": _ollama}
