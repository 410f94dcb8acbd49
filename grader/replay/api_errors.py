"""The errors of the API, in its own words.

Chat names a parameter and a code; moderation and speech pass on their validator's list of errors.

Nothing here was recorded by this project: statuses, codes and wording follow the error messages of the public
API as its users have published them (2024 to 2026).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

Body = dict[str, Any]
# What is wrong with a body, in order and lazily: what follows a fault can rely on its absence.
Faults = Iterator["Refusal | None"]


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


def first(faults: Faults) -> Refusal | None:
    """Return the fault that the API reports."""
    return next((fault for fault in faults if fault), None)


def wrong_key(key: str | None) -> Refusal:
    """Return the 401 for a missing key (None) or an incorrect one, shown by its ends."""
    if key is None:
        return Refusal(401, _NO_KEY)
    stars = "*" * min(len(key) - WHOLE, _SHOWN - WHOLE)
    shown = f"{clipped(key[:8])}{stars}{clipped(key[-4:])}" if stars else clipped(key) or "''"
    text = f"Incorrect API key provided: {shown}. You can find your API key at {_KEYS_PAGE}."
    return Refusal(401, text, code=NO_KEY)


def unknown_model(name: str) -> Refusal:
    """Return the 404 for a model that does not exist."""
    text = f"The model `{clipped(name)}` does not exist or you do not have access to it."
    return Refusal(404, text, code=NO_MODEL)


def no_model(body: Body) -> Refusal | None:
    """Return the 400 for a body that names no model."""
    if body.get("model") in (None, ""):
        return Refusal(400, "you must provide a model parameter")
    return None if isinstance(body["model"], str) else Refusal(400, UNREADABLE)


def missing(path: str) -> Refusal:
    """Return the 400 for a parameter that is required."""
    return Refusal(400, f"Missing required parameter: '{path}'.", path, "missing_required_parameter")


def wrong_type(path: str, expected: str, value: object) -> Refusal:
    """Return the 400 for a value of another type than `expected`, as in "an integer"."""
    got = next((name for kind, name in _KINDS.items() if isinstance(value, kind)), "an object")
    text = f"Invalid type for '{path}': expected {expected}, but got {got} instead."
    return Refusal(400, text, path, "invalid_type")


def listed(kind: str, field: str, text: str, **context: object) -> Refusal:
    """Return the 400 of a validator, with what it says of a field."""
    error = {"type": kind, "loc": ("body", field), "msg": text}
    return Refusal(400, str([error | {"ctx": context} if context else error]))


def quoted(values: Sequence[str], word: str) -> str:
    """Return the values as a list in words: 'a', 'b', and 'c'."""
    *others, last = [f"'{value}'" for value in values]
    comma = "," if len(others) > 1 else ""
    return f"{', '.join(others)}{comma} {word} {last}" if others else last


def clipped(value: str | float) -> str:
    """Return a value as a message shows it: at most 60 characters, and encodable whatever was sent."""
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return f"a number of more than {_SHOWN} digits"  # Python refuses to print the longest ones
    return str(value)[:_SHOWN].encode("utf-8", "replace").decode()


NO_KEY: Final = "invalid_api_key"
NO_MODEL: Final = "model_not_found"
WHOLE: Final = 12  # the API shows longer keys and choices by their ends
# The API goes on with a hint about HTTP libraries and its help centre, which would mislead here.
UNREADABLE: Final = "We could not parse the JSON body of your request."
_SHOWN: Final = 60
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
