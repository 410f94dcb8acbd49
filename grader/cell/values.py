"""The values that may cross between judge and cell: plain data, models as data, all else as handles.

Both sides use this module. Only exact builtin types cross as themselves; a subclass with an `__eq__` of its own
would arrive as a handle. Nothing is ever unpickled. Depth and size are capped.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

MAX_DEPTH = 64
MAX_ITEMS = 100_000
MAX_TEXT = 1 << 20  # characters of one string, bytes of one bytes object
MAX_TOTAL = 4 << 20  # of all strings and bytes of a value together
MAX_DIGITS = 3_500  # hexadecimal ones of an integer; Python refuses to print much longer ones
MAX_COLLIDING = 64  # keys of one set or dict that share a hash
T = TypeVar("T", str, bytes, bytearray)
SMALL_INT = range(-(2**63), 2**63)


class TooBigError(Exception):
    """A value is too deep, has too many items, or holds too long a string."""


class Items(msgspec.Struct, tag="items", array_like=True):
    """A list, tuple, set or frozenset."""

    kind: str
    items: "list[Value]"


class Pairs(msgspec.Struct, tag="pairs", array_like=True):
    """A dict, in its order."""

    items: "list[tuple[Value, Value]]"


class Binary(msgspec.Struct, tag="bytes", array_like=True):
    """Bytes."""

    data: bytes


class BigInt(msgspec.Struct, tag="int", array_like=True):
    """An integer beyond 64 bits, in hexadecimal."""

    digits: str


class OddText(msgspec.Struct, tag="text", array_like=True):
    """A string with lone surrogates, which UTF-8 refuses."""

    data: bytes


class Fields(msgspec.Struct, tag="record", array_like=True):
    """A pydantic model: its class name and its fields."""

    name: str
    fields: "Value"


class Reference(msgspec.Struct, tag="handle", array_like=True):
    """An object that stays in the cell: its number there and its class name."""

    number: int
    name: str


Value = None | bool | int | float | str | Items | Pairs | Binary | BigInt | OddText | Fields | Reference
SEQUENCES: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class Record(msgspec.Struct, frozen=True):
    """A pydantic model that a student's function returned, as data. It has no methods of the model."""

    type: str
    data: Any

    def __repr__(self) -> str:
        return f"a value of type {self.type}"


class Packer:
    """Turns objects into values. `refer` makes the reference for whatever is not plain data.

    Types are compared by identity: a metaclass may claim to equal any of them.
    """

    def __init__(self, refer: Callable[[Any], Reference | Fields]) -> None:
        self._refer = refer
        self._left = MAX_ITEMS
        self._room = MAX_TOTAL

    def pack(self, thing: Any, depth: int = 0) -> Value:  # noqa: PLR0911 - one line a kind
        """The value for `thing`. Raises TooBigError."""
        self._left -= 1
        within(depth, self._left)
        kind = type(thing)
        if thing is None or kind is bool or kind is float:
            return thing  # type: ignore[no-any-return]
        if kind is int:
            return thing if thing in SMALL_INT else BigInt(_hexadecimal(thing))
        if kind is str:
            return _text(self._short(thing))
        if kind is bytes or kind is bytearray:
            return Binary(bytes(self._short(thing)))
        if any(kind is sequence for sequence in SEQUENCES.values()):
            return Items(kind.__name__, [self.pack(item, depth + 1) for item in thing])
        if kind is dict:
            return Pairs([(self.pack(k, depth + 1), self.pack(v, depth + 1)) for k, v in thing.items()])
        reference = self._refer(thing)
        if isinstance(reference, Fields):  # its fields count as well
            return Fields(reference.name, self.pack(reference.fields, depth + 1))
        return reference

    def _short(self, text: T) -> T:
        self._room -= len(text)
        if len(text) > MAX_TEXT or self._room < 0:
            raise TooBigError(f"{len(text)} characters" if self._room >= 0 else "too much text together")
        return text


class Unpacker:
    """Turns values into objects. `resolve` gives what stands for a reference."""

    def __init__(self, resolve: Callable[[Reference], Any]) -> None:
        self._resolve = resolve
        self._left = MAX_ITEMS

    def unpack(self, value: Value, depth: int = 0) -> Any:  # noqa: PLR0911 - one line a kind
        """The object for `value`.

        Raises TooBigError and, for values that no Packer wrote, ValueError or TypeError.
        """
        self._left -= 1
        within(depth, self._left)
        match value:
            case Items(kind, items):
                parts = [self.unpack(item, depth + 1) for item in items]
                return SEQUENCES[_known(kind)](parts if kind in ("list", "tuple") else spread(parts))
            case Pairs(items):
                keys = spread([self.unpack(key, depth + 1) for key, _ in items])
                return dict(zip(keys, [self.unpack(item, depth + 1) for _, item in items], strict=True))
            case Binary(data):
                return data
            case BigInt(digits):
                return int(_within_digits(digits), 16)
            case OddText(data):
                return data.decode("utf-8", "surrogatepass")
            case Fields(name, fields):
                return Record(name[:200], self.unpack(fields, depth + 1))
            case Reference():
                return self._resolve(value)
        return value


def unpack(value: Value, resolve: Callable[[Reference], Any]) -> Any:
    """The object for one value; see Unpacker."""
    return Unpacker(resolve).unpack(value)


def within(depth: int, left: int) -> None:
    """Raise TooBigError for a value that is too deep or has too many items."""
    if depth > MAX_DEPTH:
        raise TooBigError("too deep")
    if left < 0:
        raise TooBigError("too many items")


def spread(keys: list[Any]) -> list[Any]:
    """The keys, if few of them share a hash: a set of keys that all collide takes quadratic time to build."""
    hashes = sorted(map(hash, keys))
    if any(first == later for first, later in zip(hashes, hashes[MAX_COLLIDING:], strict=False)):
        raise TooBigError("keys that collide")
    return keys


def _known(kind: str) -> str:
    if kind not in SEQUENCES:
        raise ValueError(f"no sequence type is called {kind[:40]!r}")
    return kind


def _hexadecimal(number: int) -> str:
    if number.bit_length() > 4 * MAX_DIGITS:
        raise TooBigError("an integer of too many digits")
    return hex(number)


def _within_digits(digits: str) -> str:
    if len(digits) > MAX_DIGITS + len("-0x"):
        raise TooBigError("an integer of too many digits")
    return digits


def _text(text: str) -> str | OddText:
    try:
        text.encode()
    except UnicodeEncodeError:
        return OddText(text.encode("utf-8", "surrogatepass"))
    return text
