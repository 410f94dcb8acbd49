"""Contracts with other clients: each one's real library, in a real cell, gets the recorded text of ex13.

Sync, async and streamed, by the library's own calls, and nothing of it reaches the network by itself. What is
installed here is tested here; `-m full` makes environments that have the others, and runs this file in each.
"""

import json
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.cell.protocol import Call, Reply, Start
from grader.cell.supervisor import Cell
from grader.cell.values import Items, Pairs, unpack
from grader.judge.allowance import SECONDS, allowance
from grader.replay import cassettes, matching, providers
from grader.replay.log import LoggedReply
from grader.replay.player import Player
from grader.replay.traffic import Incoming
from grader.settings import student_environment

ROOT = Path(__file__).resolve().parents[2]
TAKES = cassettes.takes(sorted((ROOT / "cassettes" / "lesson1" / "ex13_providers").glob("*.yaml")), ROOT)
KEY = "sk-proj-" + "0" * 32 + "-k7Xq2Vw9"
KEYS = providers.keys(KEY)
ENVIRONMENT = {f"{name.upper()}_API_KEY": key for name, key in KEYS.items()}
HOSTS = {one.name: one.host for one in providers.PROVIDERS}
# What each client is asked to do: whole() and later() give the text, parts() and later_parts() its pieces.
OF_OPENAI = """
    BASES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com/v1/",
             "gemini": "https://generativelanguage.googleapis.com/v1beta/openai/",
             "ollama": "http://localhost:11434/v1"}
    MODELS = {"openai": "gpt-4o-mini", "anthropic": "claude-haiku-4-5", "gemini": "gemini-2.5-flash",
              "ollama": "qwen3:0.6b"}
    import json, os
    MESSAGES = [{"role": "user", "content": "Hello!"}]
    def key(name):
        return os.environ.get(f"{name.upper()}_API_KEY", "none")
    def sent(name, stream=False):
        body = {"model": MODELS[name], "messages": MESSAGES}
        return body | ({"stream": True, "stream_options": {"include_usage": True}} if stream else {})
    def http(name):
        return BASES[name].rstrip("/") + "/chat/completions", {"Authorization": f"Bearer {key(name)}"}
    def text(reply):
        return reply["choices"][0]["message"]["content"]
    def pieces(lines):
        lines = [line.decode() if isinstance(line, bytes) else line for line in lines]
        chunks = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
        found = [chunk["choices"][0]["delta"].get("content") for chunk in chunks if chunk["choices"]]
        return [piece for piece in found if piece]
"""
CLIENTS = {
    "openai": """
        import openai
        def client(name, kind=openai.OpenAI): return kind(api_key=key(name), base_url=BASES[name])
        def got(chunks): return [one.choices[0].delta.content for one in chunks
                                 if one.choices and one.choices[0].delta.content]
        def whole(name): return client(name).chat.completions.create(**sent(name)).choices[0].message.content
        def parts(name): return got(client(name).chat.completions.create(**sent(name, True)))
        async def later(name):
            reply = await client(name, openai.AsyncOpenAI).chat.completions.create(**sent(name))
            return reply.choices[0].message.content
        async def later_parts(name):
            stream = await client(name, openai.AsyncOpenAI).chat.completions.create(**sent(name, True))
            return got([one async for one in stream])
    """,
    "httpx": """
        import httpx
        def whole(name):
            url, headers = http(name)
            return text(httpx.post(url, headers=headers, json=sent(name)).raise_for_status().json())
        def parts(name):
            url, headers = http(name)
            with httpx.stream("POST", url, headers=headers, json=sent(name, True)) as reply:
                return pieces(reply.iter_lines())
        async def later(name):
            url, headers = http(name)
            async with httpx.AsyncClient() as client:
                return text((await client.post(url, headers=headers, json=sent(name))).json())
        async def later_parts(name):
            url, headers = http(name)
            async with httpx.AsyncClient() as client:
                async with client.stream("POST", url, headers=headers, json=sent(name, True)) as reply:
                    return pieces([line async for line in reply.aiter_lines()])
    """,
    "requests": """
        import requests
        def whole(name):
            url, headers = http(name)
            with requests.Session() as session:
                session.post(url, headers=headers, json=sent(name))  # a second one on the same pool of connections
                reply = session.post(url, headers=headers, json=sent(name))
            reply.raise_for_status()
            return text(reply.json())
        def parts(name):
            url, headers = http(name)
            return pieces(requests.post(url, headers=headers, json=sent(name, True), stream=True).iter_lines())
    """,
    "urllib3": """
        import urllib3
        def whole(name):
            url, headers = http(name)
            return text(urllib3.request("POST", url, headers=headers, json=sent(name)).json())
        def parts(name):
            url, headers = http(name)
            with urllib3.PoolManager() as pool:
                reply = pool.request("POST", url, headers=headers, json=sent(name, True), preload_content=False)
                return pieces(line for chunk in reply.stream() for line in chunk.splitlines())
    """,
    "aiohttp": """
        import aiohttp
        async def later(name):
            url, headers = http(name)
            async with aiohttp.ClientSession(raise_for_status=True) as session:
                async with session.post(url, headers=headers, json=sent(name)) as reply:
                    await reply.json()
                async with session.post(url, headers=headers, json=sent(name)) as reply:
                    return text(await reply.json())
        async def later_parts(name):
            url, headers = http(name)
            async with aiohttp.ClientSession() as session:
                async with session.post(url, headers=headers, json=sent(name, True)) as reply:
                    return pieces([line async for line in reply.content])
    """,
    "anthropic": """
        import anthropic
        ASK = {"model": MODELS["anthropic"], "max_tokens": 500, "messages": MESSAGES}
        def whole(name): return anthropic.Anthropic().messages.create(**ASK).content[0].text
        def parts(name):
            with anthropic.Anthropic().messages.stream(**ASK) as stream:
                return list(stream.text_stream)
        async def later(name):
            return (await anthropic.AsyncAnthropic().messages.create(system="Be brief.", **ASK)).content[0].text
        async def later_parts(name):
            stream = await anthropic.AsyncAnthropic().messages.create(stream=True, **ASK)
            return [one.delta.text async for one in stream if one.type == "content_block_delta"]
    """,
    "google.genai": """
        from google import genai
        ASK = {"model": MODELS["gemini"], "contents": "Hello!"}
        def whole(name):
            with genai.Client() as client:
                return client.models.generate_content(**ASK).text
        def parts(name):
            with genai.Client() as client:
                return [one.text for one in client.models.generate_content_stream(**ASK)]
        async def later(name):
            config = {"system_instruction": "Be brief."}
            async with genai.Client().aio as client:
                return (await client.models.generate_content(config=config, **ASK)).text
        async def later_parts(name):
            async with genai.Client().aio as client:
                return [one.text async for one in await client.models.generate_content_stream(**ASK)]
    """,
    "ollama": """
        import ollama
        ASK = {"model": MODELS["ollama"], "messages": MESSAGES}
        def whole(name): return ollama.chat(**ASK).message.content
        def parts(name): return [one.message.content for one in ollama.chat(stream=True, **ASK) if not one.done]
        async def later(name): return (await ollama.AsyncClient().generate(MODELS["ollama"], "Hello!")).response
        async def later_parts(name):
            stream = await ollama.AsyncClient().chat(stream=True, **ASK)
            return [one.message.content async for one in stream if not one.done]
    """,
    "any_llm": """
        import any_llm
        def ask(name): return {"model": MODELS[name], "provider": name, "messages": MESSAGES}
        def got(chunks): return [one.choices[0].delta.content for one in chunks
                                 if one.choices and one.choices[0].delta.content]
        def whole(name): return any_llm.completion(**ask(name)).choices[0].message.content
        def parts(name): return got(any_llm.completion(stream=True, **ask(name)))
        async def later(name): return (await any_llm.acompletion(**ask(name))).choices[0].message.content
        async def later_parts(name):
            return got([one async for one in await any_llm.acompletion(stream=True, **ask(name))])
    """,
    "langchain_openai": """
        from langchain_openai import ChatOpenAI
        def chat(name): return ChatOpenAI(model=MODELS[name], api_key=key(name), base_url=BASES[name])
        def got(chunks): return [one.content for one in chunks if one.content]
        def whole(name): return chat(name).invoke("Hello!").content
        def parts(name): return got(chat(name).stream("Hello!"))
        async def later(name): return (await chat(name).ainvoke("Hello!")).content
        async def later_parts(name): return got([one async for one in chat(name).astream("Hello!")])
    """,
    "litellm": """
        import litellm
        PREFIXES = {"ollama": "ollama_chat"}
        def ask(name): return {"model": f"{PREFIXES.get(name, name)}/{MODELS[name]}", "messages": MESSAGES}
        def got(chunks): return [one.choices[0].delta.content for one in chunks
                                 if one.choices and one.choices[0].delta.content]
        def whole(name): return litellm.completion(**ask(name)).choices[0].message.content
        def parts(name): return got(litellm.completion(stream=True, **ask(name)))
        async def later(name): return (await litellm.acompletion(**ask(name))).choices[0].message.content
        async def later_parts(name):
            return got([one async for one in await litellm.acompletion(stream=True, **ask(name))])
    """,
}
OWN = {"anthropic": "anthropic", "google.genai": "gemini", "ollama": "ollama"}  # libraries of one provider
NEEDS = {"any_llm": ("anthropic", "google.genai", "ollama")}
CASES = [(client, provider) for client in CLIENTS for provider in HOSTS if OWN.get(client, provider) == provider]


def installed(library):
    """Whether a library can be imported here."""
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False


def source(client):
    """A student's file that uses this client."""
    lines = [line[4:] for line in OF_OPENAI.splitlines()] + [line[8:] for line in CLIENTS[client].splitlines()]
    return "\n".join(lines).encode()


def usable(client):
    """Whether a client, and all that it needs, is installed here."""
    return all(map(installed, (client, *NEEDS.get(client, ()))))


@pytest.mark.parametrize(("client", "provider"), [case for case in CASES if usable(case[0])])
def test_a_client_gets_the_recorded_text(isolated, client, provider):
    """Whole and in pieces, sync and async, with the provider's own key, at each tier that the kernel holds."""
    cell = Cell(isolated.launcher.spawn(), 5.0)  # as a student's
    cell.lent = allowance(source(client))
    try:
        for take in TAKES:
            replay(cell, client, provider, take)
    finally:
        cell.close()


def replay(cell, client, provider, take):
    """Do all that a client can do, and compare it with a take."""
    world = student_environment(cell.folder) | ENVIRONMENT
    cell.do(Start("ex", world, {"ex.py": source(client)}), None, None)
    for function in ("whole", "later", "parts", "later_parts"):
        if f"def {function}(" not in CLIENTS[client]:
            continue
        player, refused = Player(take, KEY), []

        def answer(request, player=player):
            incoming = Incoming(request.method, request.url, request.headers, request.body, request.line)
            reply = player.answer(incoming)
            return Reply(reply.status, reply.headers, reply.pieces)

        call = Call(None, function, Items("list", [provider]), Pairs([]))
        outcome = cell.do(call, answer, refused.append)
        assert hasattr(outcome, "value"), outcome
        got = unpack(outcome.value, lambda reference: reference)
        assert (player.problems, player.refusals, refused) == ([], [], [])
        streamed = function.endswith("parts")
        assert "".join(got) == recorded(take, provider, stream=streamed)
        assert len(got) > 1
        (kind,) = {(one.operation, one.host, one.key) for one in player.requests}
        assert kind[:2] == ("chat", HOSTS[provider])
        assert kind[2] == KEYS.get(provider, kind[2])


def recorded(take, provider, *, stream):
    """The text that a take holds for a provider."""
    exchange = next(
        one
        for one in take
        if matching.route("POST", one.request.uri).host == HOSTS[provider]
        and bool(one.sent.get("stream")) is stream
    )
    body = None if stream else json.loads(exchange.content)
    return LoggedReply(200, body, exchange.content).text


def test_every_library_is_lent_time():
    """The judge knows how long each of them takes to import, but for those that are there anyway."""
    assert {client.partition(".")[0] for client in CLIENTS} - {"openai"} == set(SECONDS)


ABSENT = {name: f"import {name}" for name in sorted({*SECONDS} - {"google"}) if not installed(name)}
if not installed("google.genai"):  # it fails in two ways, with and without other libraries of the name google
    ABSENT["google"] = "from google import genai"


@pytest.mark.parametrize("library", ABSENT)
def test_a_library_that_is_not_installed_blocks(grade, submit, library):
    """A student who uses it reads its name, and the mentor is told; it is not a wrong answer."""
    source = f"{ABSENT[library]}\ndef ask(provider, prompt): pass\n"
    exercise = grade(submit({"ex13_providers.py": source}), "-k", "ex13").exercise("ex13")
    assert {check["verdict"] for check in exercise["checks"]} == {"blocked"}
    assert library in exercise["checks"][0]["message"]


def constraints(folder, *without):
    """The exact versions, but for these libraries."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text("utf-8").splitlines()
    path = folder / f"without-{len(without)}.txt"
    path.write_text("\n".join(line for line in lines if line.partition("==")[0] not in without))
    return path


def without_openai():
    """What the project itself wants, but for openai, which other clients may want in another release."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return [one for one in wanted if not one.startswith("openai")]


@pytest.mark.full
@pytest.mark.parametrize("name", ["clients", "litellm"])
def test_each_client_where_it_is_installed(tmp_path, name):
    """In an environment with all others, and in litellm's, with openai 2, no contract of theirs is skipped."""
    free = constraints(tmp_path, "openai", "python-dateutil")
    wanted, clients = {
        "clients": (["-c", constraints(tmp_path), "-e", f"{ROOT}[clients]"], {*CLIENTS} - {"litellm"}),
        "litellm": (["-c", free, "litellm", *without_openai()], {"litellm", "aiohttp"}),
    }[name]
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    installing = subprocess.run([python, "-m", "pip", "install", "-q", *wanted], capture_output=True, check=False)
    if installing.returncode:
        pytest.skip(f"pip could not install them: {installing.stderr.decode().strip().splitlines()[-1]}")
    done = subprocess.run(
        [python, "-m", "pytest", "-v", __file__, "-k", "recorded_text"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = [line for line in done.stdout.splitlines() if "PASSED" in line]
    cases = [f"-{client}-{provider}]" for client, provider in CASES if client in clients]
    assert [case for case in cases if not any(case in line for line in passed)] == []
