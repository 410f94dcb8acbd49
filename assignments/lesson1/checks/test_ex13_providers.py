"""Checks of ex13: where each request went, with which key and model. Any client library will do."""

import contextlib
import reprlib

import pytest

KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "gemini": "GEMINI_API_KEY"}
MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-haiku-4-5",
    "gemini": "gemini-2.5-flash",
    "ollama": "qwen3:0.6b",
}
HOSTS = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "gemini": "generativelanguage.googleapis.com",
    "ollama": "localhost:11434",
}
PROMPTS = {
    "openai": "Which planet is the largest?",
    "anthropic": "Why do cats purr?",
    "gemini": "Which river is the longest?",
    "ollama": "Why is the sea salty?",
}
UNKNOWN = "skynet"
RECORDED = "one key opens one provider, and this check needs the answers of four"


@pytest.mark.points(1)
@pytest.mark.replay(RECORDED)
@pytest.mark.parametrize(
    "provider",
    [
        pytest.param("openai", marks=pytest.mark.title("ask() returns the reply of OpenAI")),
        pytest.param("anthropic", marks=pytest.mark.title("ask() returns the reply of Anthropic")),
        pytest.param("gemini", marks=pytest.mark.title("ask() returns the reply of Gemini")),
        pytest.param("ollama", marks=pytest.mark.title("ask() returns the reply of Ollama")),
    ],
)
def test_reply(student, api, provider):
    """ask() returns the reply of a provider"""
    give_keys(student, api)
    api.expect("chat", times=1)
    prompt = PROMPTS[provider]
    got = student.ask(provider, prompt)
    request, text = api.requests[0], api.replies[0].text
    assert request.host == HOSTS[provider], (
        f"Line: {request.line}\nask({provider!r}, ...) sent its request to {request.host}; expected {HOSTS[provider]}.\n"
        f"Next: compare base_url with the row {provider} of the table, letter by letter"
    )
    model = request.body["model"]
    assert model == MODELS[provider], (
        f"Line: {request.line}\nask({provider!r}, ...) asked for the model {model!r}; the table says {MODELS[provider]!r}.\n"
        "Next: take the model from the same row of the table as base_url"
    )
    said = [words for role, words in request.messages if role == "user"]
    assert said == [prompt], (
        f"Line: {request.line}\nThe prompt is {prompt!r}. The user messages of your request: {reprlib.repr(said)}.\n"
        "Next: send the prompt as it is, as the content of one user message"
    )
    assert got is not None, (
        f"ask({provider!r}, ...) returned None; the reply says {reprlib.repr(text)}.\n"
        "Next: hand that text back with return; print() only shows it"
    )
    assert got == text, (
        f"ask({provider!r}, ...) returned {shown(got)}; the reply says {reprlib.repr(text)}.\n"
        "Next: return that text, the content of the message"
    )


@pytest.mark.points(1)
def test_unknown(student, api):
    """ask() refuses a provider that it does not know"""
    give_keys(student, api)
    said = refused(student)
    assert not api.requests, (
        f"ask({UNKNOWN!r}, ...) raised a ValueError, but sent a request to {api.requests[0].host} before it.\n"
        "Next: look the provider up first, and build the client after that"
    )
    missing = [name for name in MODELS if name not in said.lower()]
    assert not missing, (
        f"The error for {UNKNOWN!r} says {reprlib.repr(said)}. It does not name {', '.join(missing)}.\n"
        "Next: put the names of all four providers into the text of the error"
    )
    with contextlib.suppress(Exception):  # test_reply and test_keys tell about it
        student.ask("openai", PROMPTS["openai"])
    assert api.requests, (
        "ask() makes no request for the provider 'openai' either.\n"
        "Next: raise the ValueError only if the provider is none of the four"
    )


@pytest.mark.points(1)
@pytest.mark.replay(RECORDED)
def test_keys(student, api):
    """each key goes to its own provider and to no other"""
    give_keys(student, api)
    errors = {}
    for provider in MODELS:
        try:
            student.ask(provider, PROMPTS[provider])
        except Exception as error:
            errors[provider] = error
    for provider, name in KEYS.items():
        sent = [request.key for request in api.requests if request.host == HOSTS[provider]]
        if not sent and provider in errors:
            raise errors[provider]
        assert sent, (
            f"ask({provider!r}, ...) sent no request to {HOSTS[provider]}.\n"
            f"Next: compare base_url with the row {provider} of the table, letter by letter"
        )
        assert set(sent) == {api.keys[provider]}, (
            f"The request to {HOSTS[provider]} does not carry the key that {name} holds.\n"
            f"Next: give the client of {provider} the key with the name {name}, read from the environment"
        )
    asked = any(request.host == HOSTS["ollama"] for request in api.requests)
    if not asked and "ollama" in errors:
        raise errors["ollama"]
    assert asked, (
        f"ask('ollama', ...) sent no request to {HOSTS['ollama']}.\n"
        "Next: compare base_url with the row ollama of the table, letter by letter"
    )


def give_keys(student, api):
    """Put all keys into the environment, and into .env."""
    keys = {name: api.keys[provider] for provider, name in KEYS.items()}
    student.prepare(env=keys, files={".env": "".join(f"{name}={key}\n" for name, key in keys.items())})


def refused(student):
    """Ask a provider that nobody knows; return the words of the ValueError."""
    try:
        got = student.ask(UNKNOWN, "Hello!")
    except ValueError as error:
        return str(error)
    except Exception as error:
        pytest.fail(
            f"ask({UNKNOWN!r}, ...) stopped with {error.type}; expected a ValueError.\n"
            "Next: write  if provider not in ...: raise ValueError(...)  before you use the provider"
        )
    pytest.fail(
        f"There is no provider {UNKNOWN!r}. ask() returned {shown(got)}; expected a ValueError.\n"
        "Next: raise a ValueError where the provider is none of the four"
    )


def shown(value):
    """Show a value in a few words."""
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
