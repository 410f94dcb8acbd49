"""What a cassette must show for its origin; a hand-written exchange that claims to be recorded fails."""

import json
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from grader.authoring import evidence, sdk, written
from grader.replay import cassettes
from grader.replay.matching import operation_of

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "cassettes").rglob("*.yaml"))
RECORDED = [path for path in FILES if written.metadata(path).get("origin") == "local-model"]
AUTHORED = {"id": "chatcmpl-xZKirpXbfwgYeBCr8kYKf8vh1Of7j", "object": "chat.completion", "created": 1762771102}
AUTHORED |= {"model": "gpt-4o-mini-2024-07-18", "choices": [], "usage": {}, "service_tier": "default"}


def shown(path):
    """A path as it is shown."""
    return path.relative_to(ROOT).as_posix()


def take_of(name):
    """A recorded take with chat, as exchanges and metadata."""
    path = next(path for path in RECORDED if path.parent.name.startswith(name))
    return cassettes.load(path, path.name).interactions, written.metadata(path)


def faults(tmp_path, take, metadata):
    """The faults of a cassette with a right hash."""
    path = tmp_path / "a.yaml"
    path.write_bytes(written.cassette(take, metadata))
    return evidence.faults(path, "a.yaml")


def changed(exchange, **fields):
    """The exchange with other fields in its reply; None takes one out."""
    body = {name: value for name, value in (json.loads(exchange.content) | fields).items() if value is not None}
    return sdk.with_body(exchange, json.dumps(body))


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_every_shipped_cassette_shows_what_it_claims(path):
    """Metadata, hashes, engine, ids, days and headers fit the origin of each cassette."""
    assert evidence.faults(path, shown(path)) == []


def test_chat_and_speech_are_recorded():
    """Whatever the local model can answer was recorded from it.

    A stored completion has the id of the one that was answered, and what Ollama says at one address belongs to
    what it says at the other. So chat is written by hand where one of these stands beside it.
    """
    takes = {path: cassettes.load(path, path.name).interactions for path in FILES}
    answered = {
        path
        for path, take in takes.items()
        if any(operation_of(one) in ("chat", "speech") and one.response.status.code == 200 for one in take)
        and not any(operation_of(one) in ("list", "ollama") for one in take)
    }
    assert answered == set(RECORDED)


def test_a_hand_written_exchange_marked_as_recorded_fails(tmp_path):
    """Somebody who writes a reply and copies the metadata of a recording is found out, more than once."""
    (exchange, *_), metadata = take_of("ex02")
    found = faults(tmp_path, (sdk.with_body(exchange, json.dumps(AUTHORED)),), metadata)
    for fault in ("not from the local model", "no id such as", "other keys than", "not created on the day"):
        assert any(fault in one for one in found), fault


def test_a_changed_word_is_noticed_by_the_hash(tmp_path):
    """A recorded file that was edited afterwards does not load any more."""
    take, metadata = take_of("ex02")
    path = tmp_path / "a.yaml"
    content = written.cassette(take, metadata)
    path.write_bytes(content.replace(b"Hello", b"Howdy"))
    assert "was changed after it was checked" in evidence.faults(path, "a.yaml")[0]
    path.write_bytes(b"\n".join(line for line in content.split(b"\n") if b"checked:" not in line))
    assert "metadata.checked is missing" in evidence.faults(path, "a.yaml")[0]


@pytest.mark.parametrize("name", ["engine", "weights", "sha256", "recorded", "seed", "dropped"])
def test_metadata_must_be_complete(tmp_path, name):
    """A recording that leaves out where it comes from is not believed."""
    take, metadata = take_of("ex02")
    del metadata[name]
    assert faults(tmp_path, take, metadata) == [f"a.yaml: metadata.{name} is missing, or is not what it must be"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sha256": "0" * 64}, "sha256 is not that of the weights"),
        ({"engine": "a pen"}, "the engine is not the one"),
        ({"dropped": []}, "does not list timings"),
        ({"recorded": date(2026, 1, 1)}, "not created on the day"),
        ({"origin": "live"}, "metadata.provider is missing"),
        ({"origin": "documented"}, "metadata.source is missing"),
    ],
)
def test_metadata_must_be_true(tmp_path, more, says):
    """A wrong hash, engine, day or origin is told."""
    take, metadata = take_of("ex02")
    assert says in "".join(faults(tmp_path, take, metadata | more))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"model": "gpt-4o-mini"}, "not from the local model"),
        ({"system_fingerprint": "fp_1"}, "not from the local model"),
        ({"id": "chatcmpl-1"}, 'no id such as "chatcmpl-1"'),
        ({"service_tier": "default"}, "sends other keys"),
        ({"usage": None}, "sends other keys"),
        ({"created": 1762771102}, "not created on the day"),
        ({"created": "today"}, "not created on the day"),
    ],
)
def test_replies_carry_the_marks_of_the_engine(tmp_path, fields, says):
    """Each mark of llama.cpp that is missing or different is told."""
    (exchange, *more), metadata = take_of("ex02")
    assert says in "".join(faults(tmp_path, (changed(exchange, **fields), *more), metadata))


def test_streams_carry_them_too(tmp_path):
    """A stream with another id, or without its end, is no recording."""
    take, metadata = take_of("ex03")
    index, stream = next((index, one) for index, one in enumerate(take) if one.sent.get("stream"))
    text = stream.response.body.string
    first_id = json.loads(text.splitlines()[0][5:])["id"]
    for broken, says in (
        (text.replace("data: [DONE]\n\n", ""), "does not end with [DONE]"),
        (text.replace(first_id, "chatcmpl-" + "x" * 32, 1), "not one id"),
    ):
        changed_take = (*take[:index], sdk.with_body(stream, broken), *take[index + 1 :])
        assert says in "".join(faults(tmp_path, changed_take, metadata))


def test_an_exchange_that_stands_twice(tmp_path):
    """No two replies of a recording have the same id."""
    (exchange, *_), metadata = take_of("ex02")
    assert "an id stands twice" in "".join(faults(tmp_path, (exchange, exchange), metadata))


def test_sound_must_be_sound(tmp_path):
    """A text in the place of MP3 is told, and so is a voice that is not ours."""
    (exchange, *_), metadata = take_of("ex12")
    assert "not MP3" in "".join(faults(tmp_path, (sdk.with_body(exchange, "silence"),), metadata))
    assert "sha256" in "".join(faults(tmp_path, (exchange,), metadata | {"sha256": "0" * 64}))


def test_a_stored_secret_or_header_is_a_fault(tmp_path):
    """Every cassette is looked at again, whatever its origin."""
    (exchange, *_), metadata = take_of("ex02")
    headers = {"set-cookie": ["a=b"], "content-type": ["application/json"]}
    request = msgspec.structs.replace(exchange.request, headers={"x-other": ["1"]})
    assert "not on the list" in "".join(
        faults(tmp_path, (msgspec.structs.replace(exchange, request=request),), metadata)
    )
    response = msgspec.structs.replace(exchange.response, headers=headers)
    assert "a secret was found" in "".join(
        faults(tmp_path, (msgspec.structs.replace(exchange, response=response),), metadata)
    )


def test_an_error_is_not_a_recording(tmp_path):
    """What the API refuses is authored or documented, and says so."""
    (exchange, *_), metadata = take_of("ex02")
    status = msgspec.structs.replace(exchange.response.status, code=429)
    response = msgspec.structs.replace(exchange.response, status=status)
    broken = (msgspec.structs.replace(exchange, response=response),)
    assert "an error is not recorded" in "".join(faults(tmp_path, broken, metadata))


def test_a_reply_may_come_a_moment_before_midnight(tmp_path):
    """The day of the recording may be the one after a reply's."""
    take, metadata = take_of("ex02")
    assert faults(tmp_path, take, metadata | {"recorded": metadata["recorded"] + timedelta(days=1)}) == []
