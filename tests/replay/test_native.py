"""Other protocols than OpenAI's: a request means a chat request, and its reply is told in that protocol."""

import json
from pathlib import Path

import pytest
import yaml

from grader.replay import matching, native, providers, streams
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.player import Player
from grader.replay.traffic import Incoming

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real_cassettes"
KEY = "sk-test"
KEYS = providers.keys(KEY)
JSON = {"content-type": ["application/json"]}
TEXT = "Blue, mostly."
REPLY = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_790_000_000,
    "model": "m-1",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": TEXT}}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
}
CHATS = {
    "openai": "https://api.openai.com/v1/chat/completions",
    "anthropic": "https://api.anthropic.com/v1/chat/completions",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
    "ollama": "http://localhost:11434/v1/chat/completions",
}
ANTHROPIC = "https://api.anthropic.com/v1/messages"
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash"
OLLAMA = "http://127.0.0.1:11434/api"
HI = [{"role": "user", "content": "Hi"}]


def chunk(text=None, finish=None, usage=None):
    """A chunk of a streamed completion."""
    choices = [] if usage else [{"index": 0, "finish_reason": finish, "delta": {"content": text} if text else {}}]
    body = {name: REPLY[name] for name in ("id", "created", "model")} | {"choices": choices, "usage": usage}
    return f"data: {json.dumps(body | {'object': 'chat.completion.chunk'})}\n\n"


STREAM = "".join([chunk("Blue,"), chunk(" mostly."), chunk(finish="stop"), chunk(usage=REPLY["usage"])])


def exchange(url, *, stream=False):
    """A chat exchange at this address."""
    sent = RecordedRequest("POST", url, json.dumps({"model": "m", "messages": HI, "stream": stream}))
    headers = {"content-type": ["text/event-stream"]} if stream else JSON
    content = STREAM + "data: [DONE]\n\n" if stream else json.dumps(REPLY)
    return Exchange(sent, RecordedResponse(Status(200), headers, Body(content)))


TAKE = tuple(exchange(url, stream=stream) for url in CHATS.values() for stream in (False, True))


def asked(url, body, take=TAKE, **headers):
    """Ask a new player; the player, and its answer."""
    player = Player(take, KEY)
    return player, player.answer(Incoming("POST", url, headers, json.dumps(body).encode(), 3))


def body(answer):
    """The JSON object of an answer."""
    return json.loads(b"".join(answer.pieces))


REQUESTS = [
    pytest.param(
        ANTHROPIC,
        {"model": "claude-x", "max_tokens": 9, "system": "Be brief.", "messages": HI},
        {"x-api-key": KEYS["anthropic"]},
        "claude-x",
        lambda reply: reply["content"][0]["text"],
        id="anthropic",
    ),
    pytest.param(
        f"{GOOGLE}:generateContent",
        {
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"parts": [{"text": "H"}, {"text": "i"}]}],
        },
        {"x-goog-api-key": KEYS["gemini"]},
        "gemini-2.5-flash",
        lambda reply: reply["candidates"][0]["content"]["parts"][0]["text"],
        id="gemini",
    ),
    pytest.param(
        f"{GOOGLE}:generateContent?key={KEYS['gemini']}",
        {"system_instruction": {"parts": [{"text": "Be brief."}]}, "contents": [{"parts": [{"text": "Hi"}]}]},
        {},
        "gemini-2.5-flash",
        lambda reply: reply["candidates"][0]["content"]["parts"][0]["text"],
        id="gemini, with the key in the address",
    ),
    pytest.param(
        f"{OLLAMA}/chat",
        {"model": "qwen", "stream": False, "messages": [{"role": "system", "content": "Be brief."}, *HI]},
        {},
        "qwen",
        lambda reply: reply["message"]["content"],
        id="ollama chat",
    ),
    pytest.param(
        f"{OLLAMA}/generate",
        {"model": "qwen", "stream": False, "system": "Be brief.", "prompt": "Hi"},
        {},
        "qwen",
        lambda reply: reply["response"],
        id="ollama generate",
    ),
]


@pytest.mark.parametrize(("url", "sent", "headers", "model", "text"), REQUESTS)
def test_a_request_counts_as_the_chat_that_it_means(url, sent, headers, model, text):
    """The log holds a chat request with its model, messages and line; the reply's text is the recorded one."""
    player, answer = asked(url, sent, **headers)
    assert (answer.status, player.problems, player.refusals) == (200, [], [])
    (request,) = player.requests
    assert (request.operation, request.body["model"], request.line) == ("chat", model, 3)
    assert request.messages == [("system", "Be brief."), ("user", "Hi")]
    assert text(body(answer)) == player.replies[0].text == TEXT


def pieces_of(answer):
    """The text of each piece of a streamed answer in any of the protocols."""
    for piece in answer.pieces:
        line = piece.decode().strip().split("data: ")[-1]
        found = json.loads(line)
        yield (
            found.get("response")
            or found.get("delta", {}).get("text")
            or found.get("message", {}).get("content")
            or "".join(part["text"] for one in found.get("candidates", []) for part in one["content"]["parts"])
        )


@pytest.mark.parametrize(
    ("url", "sent", "headers", "media"),
    [
        (
            ANTHROPIC,
            {"model": "claude-x", "max_tokens": 9, "stream": True, "messages": HI},
            {"x-api-key": KEYS["anthropic"]},
            "text/event-stream",
        ),
        (
            f"{GOOGLE}:streamGenerateContent?alt=sse",
            {"contents": [{"parts": [{"text": "Hi"}]}]},
            {"x-goog-api-key": KEYS["gemini"]},
            "text/event-stream",
        ),
        (f"{OLLAMA}/chat", {"model": "qwen", "messages": HI}, {}, "application/x-ndjson"),
        (f"{OLLAMA}/generate", {"model": "qwen", "prompt": "Hi"}, {}, "application/x-ndjson"),
    ],
    ids=["anthropic", "gemini", "ollama chat", "ollama generate"],
)
def test_a_stream_comes_in_the_recorded_pieces(url, sent, headers, media):
    """Each piece of the text is one event, or one line; Ollama streams unless it is told not to."""
    player, answer = asked(url, sent, **headers)
    assert (answer.status, answer.headers["content-type"], player.problems) == (200, media, [])
    assert [piece for piece in pieces_of(answer) if piece] == ["Blue,", " mostly."]
    assert player.requests[0].body["stream"] is True


@pytest.mark.parametrize(
    ("url", "sent", "headers", "message"),
    [
        (
            ANTHROPIC,
            {"model": "claude-x", "messages": HI},
            {"x-api-key": KEYS["anthropic"]},
            lambda error: (error["type"], error["error"]["type"], error["error"]["message"]),
        ),
        (
            f"{GOOGLE}:generateContent",
            {},
            {"x-goog-api-key": KEYS["gemini"]},
            lambda error: (error["error"]["code"], error["error"]["status"], error["error"]["message"]),
        ),
        (f"{OLLAMA}/chat", {"messages": HI}, {}, lambda error: ("", "", error["error"])),
    ],
    ids=["anthropic", "gemini", "ollama"],
)
def test_a_refusal_is_told_in_the_protocol(url, sent, headers, message):
    """What the protocol demands and the request lacks is refused, in the protocol's own form, and logged."""
    player, answer = asked(url, sent, **headers)
    assert answer.status == 400
    assert len(player.refusals) == 1
    kinds = {ANTHROPIC: ("error", "invalid_request_error"), f"{OLLAMA}/chat": ("", "")}
    assert message(body(answer))[:2] == kinds.get(url, (400, "INVALID_ARGUMENT"))
    assert message(body(answer))[2]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 10**5, b'{"messages": 3, "contents": {"a": [1]}}'])
@pytest.mark.parametrize("url", [ANTHROPIC, f"{GOOGLE}:generateContent", f"{OLLAMA}/generate", f"{OLLAMA}/chat"])
def test_odd_bodies_are_refused(url, content):
    """No body stops the judge."""
    player = Player(TAKE, KEY)
    headers = {"x-api-key": KEYS["anthropic"]} if url == ANTHROPIC else {"x-goog-api-key": KEYS["gemini"]}
    if "11434" in url:
        headers = {}
    assert player.answer(Incoming("POST", url, headers, content, None)).status == 400
    assert player.refusals


def test_a_take_without_chats_there_knows_no_other_protocol():
    """Where nothing was recorded at that provider, its protocol is an unknown path, as any other."""
    sent = {"model": "qwen", "messages": HI}
    player, answer = asked(f"{OLLAMA}/chat", sent, take=TAKE[:2], authorization=f"Bearer {KEY}")
    assert answer.status == 400
    assert "/api/chat" in player.problems[0].message


def test_recorded_exchanges_of_the_protocol_itself_come_first():
    """A take that holds Ollama's own exchanges answers with them."""
    own = Exchange(
        RecordedRequest("POST", f"{OLLAMA}/chat", json.dumps({"model": "qwen", "messages": HI})),
        RecordedResponse(Status(200), JSON, Body('{"message": {"content": "own"}}')),
    )
    player, answer = asked(f"{OLLAMA}/chat", {"model": "qwen", "messages": HI}, take=(*TAKE, own))
    assert body(answer) == {"message": {"content": "own"}}
    assert player.requests[0].operation == "ollama"


def test_what_a_library_asks_beside_a_chat_is_no_request_of_the_student():
    """Litellm asks Ollama what a model can do; it is answered, and not logged."""
    player, answer = asked(f"{OLLAMA}/show", {"name": "qwen"})
    assert body(answer)["capabilities"] == ["completion"]
    assert (player.requests, player.problems) == ([], [])


# --- the same shapes as the real ones


def real(folder):
    """The successful JSON bodies and stream pieces that other projects recorded."""
    for path in sorted((REAL / folder).glob("*.yaml")):
        for one in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]:
            response = one["response"]
            if "parsed_body" in response:
                yield response["parsed_body"]
                continue
            content = response.get("content", response.get("body"))
            content = content["string"] if isinstance(content, dict) else content
            if isinstance(content, bytes):
                import gzip  # noqa: PLC0415

                content = (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()
            if content.lstrip().startswith("{") and "\n{" not in content.strip():
                yield json.loads(content)
            else:
                yield from streams.chunks(content.encode().replace(b"\r\n", b"\n"))


def paths(value, at=""):
    """The paths of a JSON value with the kinds of what stands there."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, f"{at}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, f"{at}[]")
    else:
        yield at, "number" if type(value) in (int, float) else type(value).__name__


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/real_cassettes is not here")
@pytest.mark.parametrize(
    ("folders", "url", "sent", "headers"),
    [
        (["anthropic-messages", "anthropic-stream"], *REQUESTS[0].values[:3]),
        (
            ["gemini-generate", "gemini-stream"],
            REQUESTS[1].values[0],
            REQUESTS[1].values[1],
            REQUESTS[1].values[2],
        ),
        (["ollama-native"], *REQUESTS[3].values[:3]),
    ],
    ids=["anthropic", "gemini", "ollama"],
)
def test_nothing_is_told_that_the_real_ones_do_not_tell(folders, url, sent, headers):
    """Every key, with the kind of its value, stands in a recorded reply of the real provider as well."""
    theirs = {path for folder in folders for one in real(folder) for path in paths(one)}
    theirs |= {(path.removeprefix(".message"), kind) for path, kind in theirs if path.startswith(".message.")}
    player, answer = asked(url, sent, **headers)
    assert not player.problems
    ours = set(paths(body(answer)))
    assert len(ours) > 5
    assert ours - theirs == set()


def test_routes_of_all_protocols_are_known():
    """Each protocol has a route, and its chat address is one, too."""
    assert set(native.NATIVES) <= {operation for _, _, operation in matching.ROUTES}
    for url in CHATS.values():
        assert matching.route("POST", url).operation == "chat"
