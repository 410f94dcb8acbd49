"""Plain data crosses between judge and cell unchanged; everything else stays where it is."""

import collections
import contextlib
import decimal
import enum
import fractions
import math
import struct
import time
from typing import NamedTuple
from unittest import mock

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.cell import protocol, values
from grader.cell.isolation import Isolation
from grader.cell.values import BigInt, Binary, Fields, Items, OddText, Packer, Pairs, Record, Reference, unpack

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)  # what the supervisor catches
UNUSABLE = (values.TooBigError, ValueError, TypeError)  # what unpack documents
HASH_PRIME = 2**61 - 1  # numbers that differ by a multiple of it have the same hash

# the same examples in every run, however busy the machine is
steady = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
TEXT = st.text(st.characters(codec=None))  # lone surrogates included
HASHABLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.binary(),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner, max_size=4),
    max_leaves=8,
)
PLAIN = st.recursive(
    HASHABLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(HASHABLE, max_size=4),
        st.dictionaries(HASHABLE, inner, max_size=4),
    ),
    max_leaves=20,
)


class Equal:
    """An object that equals everything."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


class EqualClass(type):
    """A class that equals every other class."""

    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


class OfEqualClass(metaclass=EqualClass):
    """An instance whose class equals int, list and whatever else it is compared with."""


class Liar:
    """An object that says it is a string."""

    __class__ = str


class Text(str):
    """A string that equals every other one."""

    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Number(int):
    """A subclass of int."""


class Row(list):
    """A subclass of list."""


class Table(dict):
    """A subclass of dict."""


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


class Colour(enum.IntEnum):
    """An int by inheritance."""

    RED = 1


NOT_PLAIN = [
    *(Equal(), OfEqualClass(), Liar(), Text("a"), Number(1), Row([1]), Table(a=1), Colour.RED, Point(1, 2)),
    *(mock.ANY, mock.MagicMock(), decimal.Decimal(1), fractions.Fraction(1, 2), 1j, range(3), iter([1])),
    *(collections.OrderedDict(a=1), collections.Counter("a"), {}.keys(), object(), len, int, NotImplemented, ...),
    (number for number in (1, 2)),
]


def sent(thing):
    """What arrives on the other side: the bytes of a frame, decoded and unpacked."""
    outcome = protocol.Returned(1, Packer(refer).pack(thing))
    body = protocol.frame(outcome)[protocol.LENGTH.size :]
    return unpack(protocol.to_judge.decode(body).value, lambda reference: reference)


def refer(thing):
    """Give every object the same number."""
    return Reference(7, type(thing).__name__)


def same(one, other):  # noqa: PLR0911 - one line a kind
    """Whether two values are alike in type and content, down to nan, -0.0, and the order of a dict."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, set | frozenset):
        left = list(other)
        for item in one:
            twin = next((place for place, other_item in enumerate(left) if same(item, other_item)), None)
            if twin is None:
                return False
            del left[twin]
        return not left
    return one == other


def nested(depth, outer=list):
    """One value inside another, `depth` deep."""
    value = 0
    for _ in range(depth):
        value = outer([value])
    return value


@steady
@given(PLAIN)
def test_plain_data_arrives_as_it_was_sent(thing):
    """Every nesting of builtin values arrives with the same types, items, order and bits."""
    assert same(sent(thing), thing)


@pytest.mark.parametrize(
    "thing",
    [2**63, -(2**63) - 1, 2**64, 10**4000, -(10**4000), 2**63 - 1, -(2**63), True, 1, 1.0, -0.0, math.inf],
    ids=str,
)
def test_numbers_keep_their_type_and_size(thing):
    """True, 1 and 1.0 stay apart, and an integer may be longer than 64 bits."""
    assert same(sent(thing), thing)


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "a\udfffb", "\ud83d\ude00", "\N{GRINNING FACE}"], ids=ascii)
def test_odd_texts_arrive(text):
    """A string arrives whatever it holds; surrogates that form a pair are not joined."""
    assert sent(text) == text


def test_a_bytearray_arrives_as_bytes():
    """A check compares bytes, so the two kinds of bytes are one."""
    assert same(sent([bytearray(b"\xff")]), [b"\xff"])


@pytest.mark.parametrize("thing", NOT_PLAIN, ids=lambda thing: type(thing).__name__)
def test_what_is_not_plain_becomes_a_reference(thing):
    """A subclass, a look-alike or an object that equals everything crosses as a number and a class name."""
    assert sent([thing]) == [Reference(7, type(thing).__name__)]


@steady
@given(PLAIN, st.lists(st.sampled_from(["list", "tuple", "dict"]), max_size=5))
def test_a_reference_is_found_inside_plain_data(thing, wraps):
    """However deep an object sits, it alone is replaced."""
    value = inside = (Equal(), thing)
    expected = (Reference(7, "Equal"), thing)
    for wrap in wraps:
        value, expected = (
            {"list": [inner], "tuple": (inner,), "dict": {1: inner}}[wrap] for inner in (value, expected)
        )
    assert inside[0] == 1
    assert same(sent(value), expected)


def test_a_model_arrives_as_a_record():
    """A pydantic model is its class name and its fields, without methods."""
    record = unpack(Packer(lambda _thing: Fields("Choice", {"index": 0, "more": (1,)})).pack(object()), None)
    assert record == Record("Choice", {"index": 0, "more": (1,)})


@pytest.mark.parametrize("outer", [list, tuple, frozenset, lambda inner: {1: inner[0]}], ids=range(4))
def test_depth_is_capped(outer):
    """MAX_DEPTH levels cross, one more does not."""
    assert same(sent(nested(values.MAX_DEPTH, outer)), nested(values.MAX_DEPTH, outer))
    with pytest.raises(values.TooBigError, match="too deep"):
        sent(nested(values.MAX_DEPTH + 1, outer))


def test_a_list_in_itself_is_too_deep():
    """A value without an end is refused, not followed."""
    endless = []
    endless.append(endless)
    with pytest.raises(values.TooBigError, match="too deep"):
        sent(endless)


def test_items_are_capped_over_the_whole_value():
    """MAX_ITEMS counts all items of all levels together."""
    assert len(sent([0] * (values.MAX_ITEMS - 1))) == values.MAX_ITEMS - 1
    for thing in ([0] * values.MAX_ITEMS, [[0] * 999] * 101, dict.fromkeys(range(values.MAX_ITEMS // 2 + 1))):
        with pytest.raises(values.TooBigError, match="too many items"):
            sent(thing)


@pytest.mark.parametrize("one", ["x", "\N{EURO SIGN}", "\ud800", b"x"], ids=ascii)
def test_strings_are_capped(one):
    """MAX_TEXT characters or bytes cross, one more does not."""
    assert len(sent(one * values.MAX_TEXT)) == values.MAX_TEXT
    with pytest.raises(values.TooBigError):
        sent(one * (values.MAX_TEXT + 1))


def test_integers_are_capped():
    """An integer has as many digits as Python can still print in decimal, and no more."""
    largest = (1 << (4 * values.MAX_DIGITS)) - 1
    assert str(sent(largest)) == str(largest)
    assert sent(-largest) == -largest
    with pytest.raises(values.TooBigError):
        sent(1 << (4 * values.MAX_DIGITS))


def test_a_frame_is_capped():
    """What is small piece by piece may still be too big together."""
    with pytest.raises(values.TooBigError):
        sent(["x" * values.MAX_TEXT] * 9)


def test_what_is_too_big_together_is_refused_before_it_is_built():
    """A hundred gigabytes of text by reference cost neither their memory nor their time."""
    begun = time.monotonic()
    with pytest.raises(values.TooBigError):
        Packer(refer).pack(["x" * values.MAX_TEXT] * (values.MAX_ITEMS - 1))
    assert time.monotonic() - begun < 5


@steady
@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_message_or_unreadable(body):
    """The judge's decoder raises nothing but what the supervisor expects."""
    with contextlib.suppress(*UNREADABLE):
        protocol.to_judge.decode(body)


MESSAGES = st.one_of(
    st.builds(protocol.Returned, st.integers(0, 9), PLAIN.map(lambda thing: Packer(refer).pack(thing))),
    st.builds(protocol.Refused, st.text(max_size=9), st.none() | st.integers(0, 99)),
    st.builds(protocol.Request, st.just("POST"), st.text(max_size=9), st.just({"a": "b"}), st.binary(), st.none()),
    st.builds(
        protocol.Ready, st.just({"openai": "3"}), st.builds(Isolation, st.integers(0, 4), st.text(max_size=9))
    ),
)


@settings(steady, max_examples=300)
@given(MESSAGES, st.data())
def test_a_spoilt_frame_is_a_message_or_unreadable(message, data):
    """The same for frames that are nearly right: bytes changed, cut off, doubled or put in."""
    body = bytearray(protocol.frame(message)[protocol.LENGTH.size :])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=6))
    try:
        decoded = protocol.to_judge.decode(bytes(body))
    except UNREADABLE:
        return
    if isinstance(decoded, protocol.Returned):
        with contextlib.suppress(*UNUSABLE):
            unpack(decoded.value, lambda reference: reference)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        b"\x91" * 1_000_000,
        b"\x81" * 1_000_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\x83\xa4type\xa8returned\xa4call\x01\xa5value\x93\xa5items\xa4list\xdd\xff\xff\xff\xff",
        b"\x83\xa4type\xa8returned\xa4call\x01\xa5value\x92\xa5pairs\xdd\xff\xff\xff\xff",
        b"\x82\xa4type\xa5ready\xa8versions\xdf\xff\xff\xff\xff",
        b"\x83\xa4type\xa8returned\xa4call\x01\xa5value" + b"\x93\xa5items\xa4list\x91" * 100_000,
        b"\x83\xa4type\xa8returned\xa4call\x01\xa5value\xa2\xff\xfe",
        b"\x83\xa4type\xa8returned\xa4call\x01\xa5value\xc7\x00\x05",
    ],
    ids=lambda body: body[-20:].hex() or "nothing",
)
def test_hostile_frames_are_unreadable(body):
    """Endless nesting, and lengths that promise gigabytes, end in an exception that the supervisor expects."""
    with pytest.raises(UNREADABLE):
        protocol.to_judge.decode(body)


@pytest.mark.parametrize(
    "value",
    [
        Items("deque", []),
        Items("", []),
        Items("set", [Items("list", [])]),
        Items("frozenset", [Pairs([])]),
        Pairs([(Items("list", []), 1)]),
        BigInt(""),
        BigInt("0x"),
        BigInt("1.5"),
        BigInt("f" * (values.MAX_TEXT + 1)),
        OddText(b"\xff"),
        Items("list", [None] * (values.MAX_ITEMS + 1)),
        Pairs([(number, None) for number in range(values.MAX_ITEMS)]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_values_that_no_packer_wrote_are_refused(value):
    """A forged value raises one of the documented exceptions."""
    with pytest.raises(UNUSABLE):
        unpack(value, lambda reference: reference)


def test_forged_depth_is_refused():
    """A value deeper than a packer makes is refused before Python's own limit."""
    value = Binary(b"")
    for _ in range(values.MAX_DEPTH * 3):
        value = Items("list", [value])
    with pytest.raises(values.TooBigError):
        unpack(value, lambda reference: reference)


def test_numbers_of_one_hash_do_not_cost_the_judges_time():
    """A forged set whose members all collide would take quadratic time to build."""
    forged = Items("set", [BigInt(hex(HASH_PRIME * number)) for number in range(2, 20_000)])
    begun = time.monotonic()
    with contextlib.suppress(*UNUSABLE):
        unpack(forged, lambda reference: reference)
    assert time.monotonic() - begun < 1


@steady
@given(st.integers(-(2**64), 2**64), st.text())
def test_a_reference_is_resolved_by_its_receiver(number, name):
    """The number of a reference is only looked up by who made it; nothing of it is trusted before."""
    seen = []
    assert unpack(Reference(number, name), seen.append) is None
    assert [(one.number, one.name) for one in seen] == [(number, name)]
