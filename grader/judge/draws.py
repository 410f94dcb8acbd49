"""Hypothesis for checks: inputs are drawn once, sent as one list, and kept for the next run.

A live property would cost a hundred round trips for each submission; the same examples sent together cost one.
Drawing them takes a tenth of a second a strategy, so they are kept in pytest's cache, where there is one.
"""

import base64
import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from grader import messages
from grader.cell.values import Items, Packer, Value, unpack

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Args = tuple[Any, ...]
_stored = msgspec.msgpack.Decoder(Value)


class Draws:
    """Remembers the inputs of each strategy."""

    def __init__(self) -> None:
        self._cache: pytest.Cache | None = None
        self._inputs: dict[str, list[Args]] = {}

    def keep_in(self, cache: pytest.Cache | None) -> None:
        """Keep inputs for the next run in pytest's cache; without one they are drawn each time."""
        self._cache = cache

    def inputs(self, strategy: "SearchStrategy[Args]") -> list[Args]:
        """Up to 100 inputs, the same in every run and on every Python; smallest first."""
        name = repr(strategy)
        if name not in self._inputs:
            self._inputs[name] = self._kept(name) or self._drawn(name, strategy)
        return self._inputs[name]

    def _kept(self, name: str) -> list[Args]:
        """The inputs of an earlier run; none where there was none, or where its file is broken."""
        kept = self._cache.get(_place(name), None) if self._cache else None
        try:
            inputs: list[Args] = unpack(_stored.decode(base64.b64decode(kept or "")), lambda _reference: None)
        except (ValueError, TypeError, msgspec.MsgspecError):
            return []
        return inputs

    def _drawn(self, name: str, strategy: "SearchStrategy[Args]") -> list[Args]:
        inputs = sorted(draw(strategy), key=lambda args: (len(repr(args)), repr(args)))
        if self._cache:
            packed = Items("list", [Packer(_plain).pack(args) for args in inputs])
            self._cache.set(_place(name), base64.b64encode(msgspec.msgpack.encode(packed)).decode())
        return inputs


def draw(strategy: "SearchStrategy[Args]") -> list[Args]:
    """Draw from a strategy without Hypothesis' database and clock."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - only some lessons need it

    inputs: list[Args] = []

    @settings(
        max_examples=100,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def note(args: Args) -> None:
        inputs.append(args)

    note()
    return inputs


def called(name: str, args: Args) -> str:
    """A call as a student would write it, in few words."""
    return f"{name}({', '.join(messages.shown(arg) for arg in args)})"


def _place(name: str) -> str:
    """Where the inputs of a strategy are kept; another release of Hypothesis may draw others."""
    return "grader/draws/" + hashlib.sha256(f"{version('hypothesis')} {name}".encode()).hexdigest()[:32]


def _plain(thing: object) -> Any:
    raise TypeError(f"a strategy drew a {type(thing).__name__}; plain data only")
