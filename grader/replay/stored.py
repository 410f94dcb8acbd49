"""Stored completions: the recorded list, in the order, from the place and in the number that a request asks."""

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from grader.replay.api_errors import Refusal
from grader.replay.cassettes import Exchange

BY_ID: Final = ("retrieve", "messages")  # operations whose path names a completion
PAGE: Final = 20  # completions on a page, where a request names no limit
NUMBER: Final = re.compile(r"[0-9]{1,3}")
METADATA: Final = re.compile(r"metadata\[(.+)\]")


def lists(candidates: Sequence[Exchange], *, empty: bool) -> list[Exchange]:
    """The recorded lists of an account that holds something, or of one that holds nothing."""
    return [one for one in candidates if (not one.answer["data"]) == empty]


def page(recorded: dict[str, Any], url: str) -> dict[str, Any]:
    """The page of a recorded list, oldest first, that a request's address asks for."""
    asked = dict(parse_qsl(urlsplit(url).query))
    found = [one for one in recorded["data"] if _fits(one, asked)]
    if asked.get("order") == "desc":
        found.reverse()
    ids = [one["id"] for one in found]
    begin = ids.index(asked["after"]) + 1 if asked.get("after") in ids else 0
    limit = asked.get("limit", "")
    end = begin + (int(limit) if NUMBER.fullmatch(limit) else PAGE)
    first, last = (ids[begin:end][place] if ids[begin:end] else None for place in (0, -1))
    return recorded | {"data": found[begin:end], "first_id": first, "last_id": last, "has_more": end < len(ids)}


def not_found(path: str) -> Refusal:
    """Return the 404 for an id under which nothing is stored."""
    name = path.partition("/chat/completions/")[2].partition("/")[0][:60]
    return Refusal(404, f"No chat completion is stored with the id '{name}'.", "completion_id")


def _fits(completion: dict[str, Any], asked: dict[str, str]) -> bool:
    """Whether a completion is of the model and has the metadata that a list is limited to."""
    metadata = completion.get("metadata") or {}
    wanted = {match[1]: text for name, text in asked.items() if (match := METADATA.fullmatch(name))}
    return asked.get("model") in (None, completion["model"]) and wanted.items() <= metadata.items()
