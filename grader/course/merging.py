"""Merging by lines: what two sides made of one text. Where both changed the same lines, the first side's stay.

The library for it, merge3, is under the GPL, which this project's licence does not fit; `git merge-file` is not on
every student's computer.
"""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import msgspec


class Merged(msgspec.Struct, frozen=True):
    """The text, and the lines in it (from 1) at which both sides had changed the same place."""

    content: bytes
    conflicts: tuple[int, ...]


class _Change(msgspec.Struct, frozen=True, order=True):
    """The lines from `start` to before `end` of the old text became `lines`."""

    start: int
    end: int
    lines: tuple[bytes, ...]


def merge(old: bytes, mine: bytes, theirs: bytes) -> Merged:
    """Both sides' changes of `old`. Changes that touch count as changes of the same place."""
    before, own, other = (text.splitlines(keepends=True) for text in (old, mine, theirs))
    my_changes, their_changes = list(_changes(before, own)), list(_changes(before, other))
    lines: list[bytes] = []
    conflicts, at = [], 0
    for start, end in _places([*my_changes, *their_changes]):
        lines += before[at:start]
        was = before[start:end]
        kept, new = (_applied(before, start, end, side) for side in (my_changes, their_changes))
        if was != kept != new != was:
            conflicts.append(len(lines) + 1)
        lines += new if kept == was else kept
        at = end
    return Merged(b"".join([*lines, *before[at:]]), tuple(conflicts))


def _changes(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[_Change]:
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield _Change(start, end, tuple(after[first:last]))


def _places(changes: Iterable[_Change]) -> list[tuple[int, int]]:
    """The parts of the old text that changed; those that touch are one."""
    places: list[tuple[int, int]] = []
    for one in sorted(changes):
        if places and one.start <= places[-1][1]:
            places[-1] = places[-1][0], max(places[-1][1], one.end)
        else:
            places.append((one.start, one.end))
    return places


def _applied(before: Sequence[bytes], start: int, end: int, changes: Iterable[_Change]) -> list[bytes]:
    """What one side made of a part of the old text."""
    lines, at = [], start
    for one in changes:
        if start <= one.start and one.end <= end:
            lines += [*before[at : one.start], *one.lines]
            at = one.end
    return [*lines, *before[at:end]]
