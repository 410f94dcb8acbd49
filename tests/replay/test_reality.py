"""Exchanges that public projects recorded against real providers, replayed through the player with real clients.

The recordings lie outside the repository (`../shared/real_cassettes`); without them these tests skip.
"""

import gzip
import json
from pathlib import Path

import httpx2
import openai
import pytest
import yaml

from grader.replay import cassettes, matching, providers
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.player import Player
from grader.replay.streams import chunks
from grader.replay.traffic import Incoming

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real_cassettes"
KEY = "sk-test"
KINDS = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
SDK = {"chat", "moderation", "responses", "embeddings", "completions", "models"}


def recorded(path):
    """The exchanges of a file; one project keeps JSON bodies parsed."""
    found = []
    for one in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]:
        request, response = one["request"], one["response"]
        sent, got = text(request), text(response)
        status = Status(response["status_code"] if "status_code" in response else response["status"]["code"])
        headers = {name.lower(): values for name, values in response.get("headers", {}).items()}
        headers.setdefault(
            "content-type", ["text/event-stream" if got.startswith("data:") else "application/json"]
        )
        asked = RecordedRequest(request["method"], request["uri"], sent)
        found.append(Exchange(asked, RecordedResponse(status, headers, Body(got)), "live", path.name))
    return found


def text(message):
    """A body as text, whichever way and by whichever release of vcrpy it was kept."""
    if "parsed_body" in message:
        return json.dumps(message["parsed_body"])
    body = message.get("content", message.get("body"))
    body = body["string"] if isinstance(body, dict) else body
    if isinstance(body, bytes):
        return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()
    return body or ""


FILES = sorted(REAL.glob("*/*.yaml")) if REAL.is_dir() else []
ALL = [(path, number) for path in FILES for number in range(len(recorded(path)))]
needs_recordings = pytest.mark.skipif(not FILES, reason="../shared/real_cassettes is not here")


def played(exchange):
    """A player with this exchange alone, and a transport that asks it."""
    player = Player((exchange,), KEY)

    def answer(request):
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = player.answer(Incoming(request.method, str(request.url), headers, request.read(), None))
        return httpx2.Response(reply.status, headers=reply.headers, content=iter(reply.pieces))

    return player, httpx2.MockTransport(answer)


@needs_recordings
def test_all_files_are_here():
    """The recordings are the 57 files of their index, each with an exchange."""
    assert len(FILES) == 57
    assert {path for path, _ in ALL} == set(FILES)


@needs_recordings
@pytest.mark.parametrize(("path", "number"), ALL, ids=lambda value: getattr(value, "stem", value))
def test_a_client_sees_what_was_recorded(path, number):
    """The client that the exchange belongs to sees the recorded status and body, plain or in pieces."""
    exchange = recorded(path)[number]
    route = matching.route(exchange.request.method, exchange.request.uri)
    assert route is not None, exchange.request.uri
    player, transport = played(exchange)
    if route.operation in SDK and exchange.request.uri.startswith("http"):
        with_the_sdk(exchange, route, transport)
    else:
        plainly(exchange, transport)
    assert not player.problems
    assert not player.refusals


def plainly(exchange, transport):
    """Ask with an HTTP client alone: another provider's own format."""
    with httpx2.Client(transport=transport, headers={"x-api-key": key_for(exchange)}) as client:
        got = client.request(exchange.request.method, exchange.request.uri, content=exchange.request.body)
    assert got.status_code == exchange.response.status.code
    assert got.content == exchange.content


def key_for(exchange):
    """The made-up key of the provider that was asked."""
    host = matching.route(exchange.request.method, exchange.request.uri).host
    keys = providers.keys(KEY)
    return next((keys[one.name] for one in providers.PROVIDERS if one.host == host and one.name in keys), KEY)


def with_the_sdk(exchange, route, transport):
    """Ask with the openai SDK: what it parses has every field that was recorded, and nothing else."""
    base = exchange.request.uri.partition("?")[0].removesuffix(endings(route.operation, route.path))
    client = openai.OpenAI(
        api_key=key_for(exchange), base_url=base, http_client=httpx2.Client(transport=transport), max_retries=0
    )
    ask = {
        "chat": client.chat.completions.create,
        "moderation": client.moderations.create,
        "responses": client.responses.create,
        "embeddings": client.embeddings.create,
        "completions": client.completions.create,
        "models": client.models.list,
    }[route.operation]
    sent = exchange.sent
    if exchange.response.status.code >= 400:
        with pytest.raises(openai.APIStatusError) as error:
            ask(**sent)
        assert error.value.status_code == exchange.response.status.code
        recorded_error = json.loads(exchange.content)
        assert error.value.body == recorded_error.get("error", recorded_error)
        return
    answer = ask(**sent)
    if sent.get("stream"):
        asked_usage = (sent.get("stream_options") or {}).get("include_usage")
        expected = [chunk for chunk in chunks(exchange.content) if chunk.get("choices", True) or asked_usage]
        assert [chunk.model_dump(mode="json", exclude_unset=True) for chunk in answer] == expected
        return
    seen = answer.model_dump(mode="json", exclude_unset=True)
    if route.operation == "moderation":  # the SDK's categories carry a second spelling, hate_threatening
        seen = without_second_spelling(seen)
    assert seen == json.loads(exchange.content)


def without_second_spelling(body):
    """A moderation reply without the names that the SDK added to its categories."""
    for result in body["results"]:
        for part in (result["categories"], result["category_scores"]):
            for name in [name for name in part if "_" in name]:
                del part[name]
    return body


def endings(operation, path):
    """The end of the path that the SDK adds to its base URL."""
    ends = {"chat": "/chat/completions", "moderation": "/moderations", "models": "/models"}
    return ends.get(operation, "/" + path.rsplit("/", 1)[-1])


# --- the shapes of our own cassettes


def shapes(value, at=""):
    """Every path of a JSON value with the type that stands there; lists count as one."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from shapes(item, f"{at}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from shapes(item, f"{at}[]")
    else:
        yield at.removeprefix("."), KINDS[type(value)]


def collected(exchanges, operation, *, stream):
    """All shapes of an operation's successful JSON bodies or chunks, and in how many bodies each path stands."""
    found, count = {}, 0
    for exchange in exchanges:
        route = matching.route(exchange.request.method, exchange.request.uri)
        if not route or route.operation != operation or exchange.response.status.code != 200:
            continue
        if bool(exchange.sent.get("stream")) != stream or "tools" in exchange.sent or "functions" in exchange.sent:
            continue
        count += 1
        bodies = chunks(exchange.content) if stream else [json.loads(exchange.content)]
        for path in {pair for body in bodies for pair in shapes(body)}:
            found[path] = found.get(path, 0) + 1
    return found, count


def differences(operation, *, stream):
    """What our cassettes have that no real one has, and what every real one of OpenAI has and ours lack."""
    real = [one for path in FILES for one in recorded(path) if "api.openai.com" in one.request.uri]
    ours = [
        one
        for path in sorted((ROOT / "cassettes").rglob("*.yaml"))
        for one in cassettes.load(path, path.name).interactions
    ]
    theirs, count = collected(real, operation, stream=stream)
    mine, _ = collected(ours, operation, stream=stream)
    known = {path for path, _ in theirs}
    added = {f"{path} ({kind})" if path in known else path for path, kind in mine if (path, kind) not in theirs}
    always = {path for (path, _), times in theirs.items() if times == count}
    return added, always - {path for path, _ in mine}


@needs_recordings
@pytest.mark.parametrize(
    ("operation", "stream", "name"),
    [("chat", False, "chat"), ("chat", True, "chat, streamed"), ("moderation", False, "moderation")],
)
def test_differences_from_real_replies_are_listed(operation, stream, name):
    """README.md lists where keys and types of our replies differ from those of the real API, and nothing else."""
    added, lacking = differences(operation, stream=stream)
    row = f"| {name} | {listed(added)} | {listed(lacking)} |"
    assert row in (ROOT / "README.md").read_text("utf-8"), row


def listed(paths):
    """Paths as README.md shows them; what stands under one name is named together."""
    groups = {}
    for path in sorted(paths):
        parent, _, name = path.rpartition(".")
        groups.setdefault(parent, []).append(name)
    shown = []
    for parent, names in groups.items():
        ends = f"{{{', '.join(names)}}}" if len(names) > 1 else names[0]
        shown.append(f"{parent}.{ends}".removeprefix("."))
    return ", ".join(f"`{path}`" for path in shown) or "nothing"
