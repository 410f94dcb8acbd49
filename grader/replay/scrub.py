"""What a cassette may hold: headers from a short list, and bodies in which no secret is found.

A secret is never cut out: whoever finds one in a recording must know where it came from.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from grader.errors import CassetteError
from grader.replay.cassettes import Exchange

REQUEST_HEADERS: Final = frozenset(["accept", "content-type"])
RESPONSE_HEADERS: Final = frozenset(["content-type", "openai-processing-ms", "openai-version", "x-request-id"])
LEAST: Final = 8  # characters of a user's own key that are looked for
PATTERNS: Final = {
    "an API key": re.compile(r"(?<![A-Za-z0-9])(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"),
    "a bearer token": re.compile(r"(?i)\bbearer\s+(?=\S*[0-9._~+/-])[A-Za-z0-9._~+/-]{12,}"),
    "an organisation": re.compile(r"(?<![A-Za-z0-9])org-[A-Za-z0-9]{12,}"),
    "a project": re.compile(r"(?<![A-Za-z0-9])proj_[A-Za-z0-9]{8,}"),
    "a token": re.compile(r"(?<![A-Za-z0-9])(gh[oprsu]_|hf_|xox[abprs]-|AKIA|AIza)[A-Za-z0-9_-]{12,}"),
    "a signed token": re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}"),
    "a cookie": re.compile(r"(?i)(set-cookie|\bcookie)\s*[:=]|__cf_bm=|_cfuvid="),
    "an email address": re.compile(r"[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9-]{2,}\.[A-Za-z]{2,}"),
}
ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{24,}")


def scrubbed(exchange: Exchange) -> Exchange:
    """The exchange with no other headers than the listed ones, their names in lower case."""
    request = msgspec.structs.replace(exchange.request, headers=kept(exchange.request.headers, REQUEST_HEADERS))
    response = msgspec.structs.replace(
        exchange.response, headers=kept(exchange.response.headers, RESPONSE_HEADERS)
    )
    return msgspec.structs.replace(exchange, request=request, response=response)


def kept(headers: dict[str, list[str]], names: Iterable[str]) -> dict[str, list[str]]:
    """The headers of these names, whatever their case."""
    return {name.lower(): values for name, values in sorted(headers.items()) if name.lower() in names}


def prove(exchanges: Iterable[Exchange], shown: str, own: Iterable[str] = ()) -> None:
    """Raise CassetteError if a secret is found; `own` are keys of the user, `shown` names the recording.

    The message says what kind of secret and where, and never the secret itself.
    """
    keys = [key for key in own if len(key) >= LEAST]
    for number, exchange in enumerate(exchanges, start=1):
        for part, content in parts(exchange):
            what = secret(content, keys)
            if what:
                raise CassetteError(
                    f"{shown}: a secret was found in the {part} of exchange {number}: {what}. "
                    "Nothing was stored.\n"
                    "Next: find out why it is there; another --seeds helps where a model made it up."
                )


def prove_beside(content: bytes, metadata: Mapping[str, object], shown: str) -> None:
    """The same for what a cassette's file holds beside its exchanges: its metadata, comments, unknown keys."""
    places: list[tuple[str, str | bytes]] = [("metadata", text) for text in strings(metadata)]
    for part, text in [*places, ("file", content)]:
        what = secret(text)
        if what:
            raise CassetteError(f"{shown}: a secret was found in the {part}: {what}.")


def parts(exchange: Exchange) -> Iterator[tuple[str, str | bytes]]:
    """All that a cassette stores of an exchange, with the words for where it is."""
    yield "address", exchange.request.uri
    yield "request's headers", headers_text(exchange.request.headers)
    yield "request's body", exchange.request.body or ""
    yield "response's headers", headers_text(exchange.response.headers)
    yield "response's body", exchange.response.body.string


def headers_text(headers: dict[str, list[str]]) -> str:
    """The headers as they stand in a request."""
    return "\n".join(f"{name}: {value}" for name, values in headers.items() for value in values)


def secret(content: str | bytes, own: Iterable[str] = ()) -> str | None:
    """What kind of secret a text holds; None for none. Sound and pictures are searched for keys only."""
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    binary = isinstance(content, bytes) and "\N{REPLACEMENT CHARACTER}" in text
    for form in forms(text):
        if any(key in form for key in own):
            return "your own key"
        for what, pattern in PATTERNS.items():
            if pattern.search(form) and not (binary and what == "an email address"):
                return what
    return "your own key" if any(encoded(key, text) for key in own) else None


def forms(text: str) -> Iterator[str]:
    """The text, and what it means where it is percent-encoded, escaped as JSON, or base64."""
    yield text
    yield unquote(text)
    for part in (text, *text.splitlines()):
        found = part.removeprefix("data:").strip()
        if found.startswith(("{", "[")):
            yield from strings(decoded(found))
    if ESCAPED.search(text):
        yield ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    for match in BASE64.finditer(text):
        padded = match[0].replace("-", "+").replace("_", "/")
        padded = padded[: len(padded) // 4 * 4]
        plain = base64.b64decode(padded)
        if plain.isascii():
            yield plain.decode()


def decoded(text: str) -> Any:
    """The JSON value of a text, or None."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def strings(value: Any) -> Iterator[str]:
    """All texts in a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings(item)


def encoded(key: str, text: str) -> bool:
    """Whether a text holds the key in base64, wherever in a longer text it stood."""
    text = text.replace("\n", "").replace("-", "+").replace("_", "/")
    for before, begin in enumerate((0, 2, 3)):  # bytes before the key, and the characters that they change
        whole = b"\0" * before + key.encode()
        if base64.b64encode(whole).decode()[begin : len(whole) * 8 // 6] in text:
            return True
    return False
