"""Every cassette in the repository: honest about its origin, valid for the SDK, free of secrets, replayable."""

import json
import re
import socket
import tomllib
import typing
from functools import partial
from pathlib import Path

import httpx2
import openai
import pytest
import vcr
import yaml
from openai.types import ModerationCreateResponse, chat_model, moderation_model
from openai.types.audio import speech_model
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionStoreMessage

from grader.authoring import validate
from grader.replay import cassettes, matching, models, providers
from grader.replay.matching import operation_of, route_of
from grader.replay.player import KEPT_HEADERS, Player
from grader.replay.traffic import Incoming

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "cassettes").rglob("*.yaml"))
EXERCISES = sorted({path.parent for path in FILES})
EXCHANGES = [
    pytest.param(exchange, id=f"{path.parent.name}/{path.name}#{number}")
    for path in FILES
    for number, exchange in enumerate(cassettes.load(path, path.name).interactions)
]
KEY = "sk-of-this-run"
KEYS = {one.host: providers.keys(KEY).get(one.name, "none") for one in providers.PROVIDERS}
MODELS = {
    "chat": ChatCompletion,
    "moderation": ModerationCreateResponse,
    "retrieve": ChatCompletion,
    "list": validate.page(ChatCompletion),
    "messages": validate.page(ChatCompletionStoreMessage, role=str),
}
BAD_REQUEST = 400
SECRETS = {
    "an OpenAI key": r"\b(sk|pk|rk)-[A-Za-z0-9_-]{12,}",
    "a bearer token": r"(?i)bearer\s+[A-Za-z0-9._-]{8,}",
    "an authorization header": r"(?i)authorization\s*:",
    "another key": r"(?i)\b(x-)?api-key\s*:|\bAKIA[0-9A-Z]{12,}|\bAIza[\w-]{20,}|\bgh[oprsu]_\w{20,}|\bhf_\w{20,}",
    "a cookie": r"(?i)(set-)?cookie\s*:|__cf_bm|_cfuvid",
    "an organisation": r"(?i)openai-organization|\borg-[A-Za-z0-9]{8,}",
    "a project": r"(?i)openai-project|\bproj_[A-Za-z0-9]{8,}",
    "somebody's folder": r"/home/\w|/Users/\w|/root/|[A-Z]:\\\\Users",
    "somebody's address": r"[\w.+-]+@(?!example\.)[\w-]+\.(com|org|net|edu)",
}


def shown(path):
    """A path as it is shown."""
    return path.relative_to(ROOT).as_posix()


def extras(model, path="$"):
    """The paths of all fields, at any depth, that the SDK's model does not know."""
    for name in getattr(model, "model_extra", None) or {}:
        yield f"{path}.{name}"
    if isinstance(model, list):
        for number, item in enumerate(model):
            yield from extras(item, f"{path}[{number}]")
    elif hasattr(type(model), "model_fields"):
        for name in type(model).model_fields:
            yield from extras(getattr(model, name), f"{path}.{name}")


def known(model, content):
    """Validate strictly, and accept no field beyond the model's."""
    assert list(extras(model.model_validate_json(content, strict=True))) == []


def names(alias):
    """The strings of a Literal, or of a union with one."""
    found = {value for value in typing.get_args(alias) if isinstance(value, str)}
    return found.union(*(names(part) for part in typing.get_args(alias) if not isinstance(part, str)))


def test_there_are_cassettes():
    """The tests below look at something."""
    assert FILES


def test_nothing_else_lies_among_the_cassettes():
    """Each file is a cassette of an exercise that its lesson names, and in that exercise's folder."""
    for path in (ROOT / "cassettes").rglob("*"):
        if path.is_file():
            lesson, exercise = path.relative_to(ROOT / "cassettes").parts[:2]
            toml = tomllib.loads((ROOT / "assignments" / lesson / "lesson.toml").read_text("utf-8"))
            assert path.suffix == ".yaml", shown(path)
            assert exercise in {one["name"] for one in toml["exercise"]}, shown(path)


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_an_origin_is_stated(path):
    """Each cassette says where it comes from, with what a reader needs to judge that."""
    metadata = yaml.safe_load(path.read_text("utf-8"))["metadata"]
    assert metadata["origin"] in ("live", "local-model", "documented", "authored")
    if metadata["origin"] == "local-model":
        words = json.dumps(metadata, default=str)
        assert re.search(r"\b[0-9a-f]{64}\b", words), "the weights' sha256"
    else:
        assert len(metadata) > 1, "a note, or the address of the source"


@pytest.mark.parametrize("folder", EXERCISES, ids=shown)
def test_there_are_two_takes(folder):
    """A hard-coded answer fails: there are at least two takes, of the same requests, with other answers."""
    takes = cassettes.takes(sorted(folder.glob("*.yaml")), ROOT)
    assert len(takes) >= 2
    shapes = [{(operation_of(one), matching.shape(one.sent)) for one in take} for take in takes]
    assert all(shape == shapes[0] for shape in shapes)
    contents = [tuple(one.content for one in take) for take in takes]
    assert len(set(contents)) == len(takes)


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_an_answer_is_what_the_sdk_knows(exchange):
    """Strictly valid for the SDK's models, without a field that they do not have; errors in OpenAI's form."""
    operation = operation_of(exchange)
    assert operation, exchange.request.uri
    if exchange.response.status.code >= BAD_REQUEST:
        error = json.loads(exchange.content)["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert isinstance(error["message"], str)
    elif operation == "speech":
        assert exchange.media.startswith("audio/")
        assert len(exchange.content) > 1000
    elif operation == "ollama":
        assert exchange.media == "application/x-ndjson"
        *pieces, last = map(json.loads, exchange.content.splitlines())
        assert {frozenset(piece) for piece in pieces} == {frozenset(["model", "created_at", "message", "done"])}
        durations = [last[f"{part}_duration"] for part in ("load", "prompt_eval", "eval")]
        assert (last["done"], last["done_reason"]) == (True, "stop")
        assert last["eval_count"] > 0 < sum(durations) <= last["total_duration"]
    elif exchange.sent.get("stream"):
        assert exchange.media == "text/event-stream"
        *events, last, rest = exchange.content.split(b"\n\n")
        assert (last, rest) == (b"data: [DONE]", b"")
        for event in events:
            known(ChatCompletionChunk, event.removeprefix(b"data: "))
    else:
        assert exchange.media == "application/json"
        known(MODELS[operation], exchange.content)


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_an_answer_fits_its_request(exchange):
    """As many choices as were asked for, a result for each text, and no more tokens than allowed."""
    if exchange.response.status.code >= BAD_REQUEST or exchange.sent.get("stream"):
        return
    operation, sent = operation_of(exchange), exchange.sent
    if operation == "chat":
        reply = json.loads(exchange.content)
        shape = matching.shape(sent)
        assert [choice["index"] for choice in reply["choices"]] == list(range(shape.n))
        if shape.cap is not None:
            assert reply["usage"]["completion_tokens"] <= shape.cap * shape.n
        usage = reply["usage"]
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    elif operation == "moderation":
        results = json.loads(exchange.content)["results"]
        assert len(results) == len(matching.texts(sent))
        for result in results:
            assert set(result["categories"]) == set(result["category_scores"])
            assert len(result["categories"]) == 13
            assert result["flagged"] == any(result["categories"].values())


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_there_is_no_secret(path):
    """No key, cookie, organisation or private folder stands in a cassette, not even in another spelling."""
    text = path.read_text("utf-8")
    folded = re.sub(r"\\?\n\s*", "", text)  # YAML may break a long string anywhere
    kinds = [what for what, pattern in SECRETS.items() if re.search(pattern, text) or re.search(pattern, folded)]
    assert kinds == []  # what was found is not shown


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_only_harmless_headers_are_stored(exchange):
    """Headers come from a short list."""
    request = {name.lower() for name in exchange.request.headers}
    response = {name.lower() for name in exchange.response.headers}
    assert request <= {"content-type", "accept"}
    assert response <= {*KEPT_HEADERS, "openai-processing-ms", "openai-version", "retry-after", "retry-after-ms"}
    assert "content-type" in response


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_plain_vcrpy_replays_it(path):
    """Without this project: vcrpy, which matches bodies and never records, and the SDK's own client."""
    with vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]) as tape:
        for exchange in cassettes.load(path, path.name).interactions:
            base, _, rest = exchange.request.uri.rpartition("/")
            client = openai.OpenAI(api_key="none", base_url=base, max_retries=0)
            try:
                ask = client.get if exchange.request.method == "GET" else partial(client.post, body=exchange.sent)
                response = ask(f"/{rest}", cast_to=httpx2.Response)
            except openai.APIStatusError as error:
                response = error.response
            assert response.status_code == exchange.response.status.code
            assert response.content == exchange.content
        assert tape.all_played


@pytest.mark.parametrize("folder", EXERCISES, ids=shown)
def test_our_player_gives_what_was_recorded(folder):
    """Each recorded request, sent again, gets a recorded answer, without a problem in the log."""
    for take in cassettes.takes(sorted(folder.glob("*.yaml")), ROOT):
        player = Player(take, KEY)
        for exchange in take:
            (host,) = {place.host for place in [route_of(exchange)] if place}
            headers = {"authorization": f"Bearer {KEYS.get(host, KEY)}"}
            sent = json.dumps(exchange.sent).encode()
            player.nothing_stored = b'"data":[]' in exchange.content
            answer = player.answer(Incoming(exchange.request.method, exchange.request.uri, headers, sent, None))
            if exchange.response.status.code >= BAD_REQUEST:
                continue
            assert (answer.status, player.problems, player.refusals) == (200, [], [])
            if operation_of(exchange) != "moderation" and not exchange.sent.get("stream"):
                assert b"".join(answer.pieces) == exchange.content


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (models.CHAT, chat_model.ChatModel),
        (models.MODERATION, moderation_model.ModerationModel),
        (models.SPEECH, speech_model.SpeechModel),
    ],
    ids=["chat", "moderation", "speech"],
)
def test_every_model_of_the_sdk_is_known(ours, theirs):
    """The list of models is the SDK's; an update of the SDK is noticed here."""
    assert names(theirs)
    assert names(theirs) <= ours
    assert ours - names(theirs) <= {"gpt-4o-mini-tts-2025-12-15", "omni-moderation-2024-09-26"}


def test_every_operation_has_its_models():
    """Each list of models belongs to an operation that has a route."""
    assert set(models.KNOWN) <= {operation for _, _, operation in matching.ROUTES}


def test_plain_vcrpy_refuses_what_was_not_recorded(monkeypatch):
    """A request that is not in the cassette ends in an error, and nobody tries to reach the network."""
    reached = []
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, address: reached.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_more: reached.append(address))
    path = next(path for path in FILES if "hello" in path.parent.name)
    client = openai.OpenAI(api_key="none", max_retries=0)
    with (
        vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]),
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException),
    ):
        client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "unheard of"}])
    assert reached == []
