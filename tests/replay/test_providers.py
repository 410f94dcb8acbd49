"""Providers, their made-up keys, and keys that travel to the wrong one."""

import json

import pytest

from grader.replay import providers
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.log import LoggedRequest
from grader.replay.player import Player
from grader.replay.providers import Served
from grader.replay.scrub import PATTERNS
from grader.replay.traffic import Incoming

KEY = "sk-proj-" + "ab" * 16 + "-k7Xq2Vw9"
KEYS = providers.keys(KEY)
HOSTS = {one.name: one.host for one in providers.PROVIDERS}
SCHEMES = {name: "http" if host.startswith("localhost") else "https" for name, host in HOSTS.items()}
URLS = {name: f"{SCHEMES[name]}://{host}/v1/chat/completions" for name, host in HOSTS.items()}
HI = [{"role": "user", "content": "Hi"}]


def take(*names):
    """A take with an exchange for each of these providers."""
    found = []
    for name in names:
        body = {"model": f"{name}-model", "messages": HI}
        reply = RecordedResponse(Status(200), {"content-type": ["application/json"]}, Body('{"choices": []}'))
        found.append(Exchange(RecordedRequest("POST", URLS[name], json.dumps(body)), reply))
    return tuple(found)


def asked(provider, key, model, names=tuple(HOSTS), **headers):
    """Ask a provider with a key for a model; the player and the status."""
    player = Player(take(*names), KEY)
    body = json.dumps({"model": model, "messages": HI}).encode()
    headers = {"authorization": f"Bearer {key}"} | headers
    return player, player.answer(Incoming("POST", URLS[provider], headers, body, 5)).status


def test_each_provider_has_a_key_of_its_own():
    """They differ, look real, and follow from the run's key alone; Ollama has none."""
    assert set(KEYS) == {"openai", "anthropic", "gemini"}
    assert len(set(KEYS.values())) == 3
    assert all(any(pattern.search(key) for pattern in PATTERNS.values()) for key in KEYS.values())
    assert providers.keys(KEY) == KEYS
    other = providers.keys(KEY.replace("a", "c"))
    assert not set(other.values()) & set(KEYS.values())
    assert {key[:8] + key[-4:] for key in other.values()} == {key[:8] + key[-4:] for key in KEYS.values()}


@pytest.mark.parametrize("provider", HOSTS)
def test_the_right_key_is_accepted(provider):
    """Each provider takes its own key; Ollama takes any word."""
    model = {"openai": "gpt-4o-mini", "anthropic": "claude-haiku-4-5", "gemini": "gemini-2.5-flash"}
    player, status = asked(provider, KEYS.get(provider, "any word"), model.get(provider, "qwen3:0.6b"))
    assert (status, player.problems, player.refusals) == (200, [], [])


@pytest.mark.parametrize("provider", HOSTS)
@pytest.mark.parametrize("owner", KEYS)
def test_a_key_that_goes_astray_is_a_problem(provider, owner):
    """Another provider's key in any header fails the check, even where the request is right otherwise."""
    if owner == provider:
        return
    player, status = asked(provider, KEYS.get(provider, "any"), "m", **{"x-note": f"<{KEYS[owner]}>"})
    (problem,) = player.problems
    assert status == 401
    assert HOSTS[provider] in problem.message
    assert owner in problem.message
    assert KEYS[owner] not in problem.message
    assert problem.line == 5


def test_a_key_in_the_address_or_the_body_goes_astray_too():
    """Wherever in the request it stands."""
    served = Served(HOSTS.values(), KEY)
    request = LoggedRequest("chat", HOSTS["anthropic"], {}, None, None)
    for url, content in (("https://h/?k=" + KEYS["gemini"], b""), ("https://h/", KEYS["gemini"].encode())):
        assert served.stray_key(request, Incoming("POST", url, {}, content, None)) == "gemini"
    assert served.stray_key(request, Incoming("POST", "\ud800", {"a": "\ud800"}, b"", None)) is None


def test_a_take_of_one_provider_is_judged_as_ever():
    """Where the take holds OpenAI alone, its key at another host is a wrong address, and no stray key."""
    player, status = asked("anthropic", KEY, "gpt-4o-mini", names=("openai",))
    assert status == 400
    assert "api.anthropic.com" in player.problems[0].message
    assert "key" not in player.problems[0].message


@pytest.mark.parametrize(
    ("provider", "model", "whose"),
    [
        ("openai", "claude-haiku-4-5", "anthropic"),
        ("anthropic", "gpt-4o-mini", "openai"),
        ("anthropic", "gemini-2.5-flash", "gemini"),
        ("gemini", "gpt-4o-mini", "openai"),
    ],
)
def test_a_model_of_another_provider(provider, model, whose):
    """It is refused, and the student reads whose it is."""
    player, status = asked(provider, KEYS[provider], model)
    assert status == 404
    (refusal,) = player.refusals
    assert repr(model) in refusal.message
    assert whose in refusal.message


def test_a_wrong_key_names_the_host():
    """Of several providers the student reads which one refused."""
    player, status = asked("gemini", "wrong", "gemini-2.5-flash")
    assert status == 401
    assert player.refusals[0].message.startswith(HOSTS["gemini"])


def test_a_host_of_nobody_is_a_wrong_address():
    """Beside several providers it is the address that is told, whatever key and model the request has."""
    player = Player(take(*HOSTS), KEY)
    body = json.dumps({"model": "qwen3:0.6b", "messages": HI}).encode()
    url = "http://localhost:8080/v1/chat/completions"
    answer = player.answer(Incoming("POST", url, {"authorization": "Bearer ollama"}, body, 5))
    assert (answer.status, player.refusals) == (400, [])
    assert "'localhost:8080/v1/chat/completions'" in player.problems[0].message
