"""No frame, however hostile, reaches beyond the cell that sent it: the supervisor against bytes."""

import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.cell import protocol
from grader.cell.isolation import Isolation
from grader.cell.values import Items, Pairs
from tests.cell import peer

HERE = Path(__file__).parent
steady = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
TAGS = ["ready", "returned", "raised", "request", "refused", "start", "call", "reply", "", 5]
FIELDS = [
    "type",
    "call",
    "value",
    "kind",
    "bases",
    "message",
    "line",
    "own",
    "method",
    "url",
    "headers",
    "body",
    "host",
]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner)
    ),
    max_leaves=12,
)
NEARLY = st.builds(
    lambda tag, fields: fields | {"type": tag},
    st.sampled_from(TAGS),
    st.dictionaries(st.sampled_from(FIELDS), PLAIN),
)
HONEST = [
    protocol.Request("POST", "http://x/", {"a": "b"}, b"{}", 3),
    protocol.Refused("example.com", None),
    protocol.Returned(1, Items("list", [1, "two", Pairs([(3, None)])])),
    protocol.Raised(1, "ValueError", ["ValueError"], "no", 3, own=True),
    protocol.Ready({}, Isolation(4, "")),
]


def framed(body):
    """A frame around these bytes."""
    return struct.pack("!I", len(body)) + body


@steady
@given(st.binary(max_size=300))
def test_any_bytes(data):
    """Noise ends the cell; nothing else happens."""
    assert isinstance(peer.outcome(data), tuple)


@steady
@given(st.lists(NEARLY | PLAIN, min_size=1, max_size=3))
def test_frames_that_are_nearly_right(messages):
    """Well-formed MessagePack with the fields of real messages, of wrong types and in wrong places."""
    assert isinstance(peer.outcome(b"".join(framed(msgspec.msgpack.encode(one)) for one in messages)), tuple)
    for one in messages:
        peer.unpacked(msgspec.msgpack.encode(one))


@pytest.mark.parametrize("message", HONEST, ids=lambda message: type(message).__name__)
def test_a_cell_that_dies_at_any_byte(message):
    """However far a frame came before the end, it is a crash, or what the whole frame would be."""
    data = protocol.frame(message)
    for length in range(len(data)):
        assert peer.outcome(data[:length]) == ("crashed", "exit 0")


@pytest.mark.parametrize("claimed", [1, 2, 5, 10, 1000, protocol.MAX_FRAME])
@pytest.mark.parametrize("message", HONEST[:3], ids=lambda message: type(message).__name__)
def test_a_length_that_lies(message, claimed):
    """A frame that is shorter or longer than it says is unreadable, or never complete."""
    body = protocol.frame(message)[4:]
    verdict, _ = peer.outcome(struct.pack("!I", claimed) + body)
    assert verdict in ("tampered", "crashed", "output_limit")


@pytest.mark.parametrize("claimed", [0, protocol.MAX_FRAME + 1, 2**32 - 1])
def test_a_length_out_of_bounds(claimed):
    """Nothing is waited for that could not be taken."""
    found = peer.outcome(struct.pack("!I", claimed), closes=False)
    assert found == ("output_limit", f"a frame of {claimed} bytes")


def test_a_cell_that_stops_reading():
    """A command that nobody takes is waited for until the time is up."""
    command = protocol.Start("ex", {}, {"ex.py": bytes(4 << 20)})
    assert peer.outcome(b"", closes=False, seconds=0.2, command=command) == ("timeout", "0.2 seconds")


def test_a_cell_that_asks_and_never_takes_the_answers():
    """The answers fill the connection; then it is over by its time or by its number of requests."""
    request = protocol.frame(protocol.Request("GET", "http://x/", {}, b"", None))
    verdict, _ = peer.outcome(request * 500, closes=False, seconds=0.3)
    assert verdict == "timeout"


def test_a_flood_of_requests():
    """More requests than anybody needs are too much, also where they are small."""
    refused = protocol.frame(protocol.Refused("x", None))
    assert peer.outcome(refused * 1_001, closes=False) == ("output_limit", "more than 1000 requests")


CORPUS = sorted((HERE / "corpus").iterdir())


def test_the_kept_corpus():
    """What the fuzzer found worth keeping is tried in every run."""
    assert len(CORPUS) >= len(HONEST)
    for path in CORPUS:
        data = path.read_bytes()
        peer.outcome(data)
        peer.outcome(framed(data))
        peer.unpacked(data)


@pytest.mark.full
def test_fuzzing(tmp_path):
    """A coverage-guided fuzzer finds no bytes that harm the judge."""
    pytest.importorskip("atheris", reason="install the extra `fuzz`")
    command = [
        sys.executable,
        HERE / "fuzz_frames.py",
        tmp_path,
        HERE / "corpus",
        "-runs=100000",
        "-max_total_time=120",
    ]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
