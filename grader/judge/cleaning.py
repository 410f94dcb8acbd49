"""A result must not differ between runs: keys, temporary folders and addresses are taken out of messages."""

import re
from collections.abc import Iterable

from grader.messages import ADDRESS, HIDDEN_ADDRESS

YOUR_KEY = "<your key>"
REAL_KEY = "<a real key>"
MOST = 4_000  # characters of a text that are looked at: what a hostile cell sends must not keep the judge busy
PART = 6  # characters of a key that are too many to stand in a text by chance
# A cell's working folder, or the one above it, with the path that leads there.
FOLDER = re.compile(
    r"(?:[A-Za-z]:)?[\\/](?:[^\s'\"=<>(),;\\/]+[\\/])*grader-[a-z0-9_]{8}(?:[\\/]\d+)?(?:[\\/]|\b)"
)


def cleaned(text: str, key: str, others: Iterable[str] = ()) -> str:
    """The text without this run's key and others (also in part, or backwards), temporary folders and addresses."""
    text = masked(FOLDER.sub("", ADDRESS.sub(HIDDEN_ADDRESS, text[:MOST])), key, YOUR_KEY)
    for other in others:
        text = masked(text, other, REAL_KEY)
    return text


def masked(text: str, key: str, shown: str) -> str:
    """The text with `shown` in the place of a key, whole, in part, or backwards."""
    kept, at, wholes = [], 0, (key, key[::-1])
    parts = {whole[start : start + PART] for whole in wholes for start in range(len(key) - PART + 1)}
    while at < len(text):
        length = max(_common(text, at, whole) for whole in wholes) if text[at : at + PART] in parts else 0
        kept.append(shown if length else text[at])
        at += length or 1
    return re.sub(f"(?:{shown})+", shown, "".join(kept))


def _common(text: str, at: int, key: str) -> int:
    """How many characters of the text, from `at` on, stand in the key: PART or more, else 0."""
    end = at + PART
    if end > len(text) or text[at:end] not in key:
        return 0
    while end < len(text) and text[at : end + 1] in key:
        end += 1
    return end - at
