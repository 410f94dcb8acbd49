"""HTTP of student code becomes requests to the judge; every other way to the network is refused and reported."""

import importlib
import importlib.util
import json
import sys
import textwrap

import pytest

from grader.cell.interception.imports import OnImport
from grader.cell.protocol import NOBODY_LISTENS, MakeClient, Refused, Reply

URL = "https://api.openai.com/v1/chat/completions"
SSE = {"content-type": "text/event-stream"}
SPEECH = bytes(range(256)) * 1000
HTTP = [
    "httpx2",
    pytest.param("httpx", marks=pytest.mark.skipif(not importlib.util.find_spec("httpx"), reason="")),
]


def echo(request):
    """Answer with the request's own body."""
    return Reply(200, {"content-type": "application/json"}, [request.body])


def fixed(status, headers, *pieces):
    """Answer every request so."""
    return lambda _request: Reply(status, headers, list(pieces))


def event(text):
    """A piece of a streamed completion."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def test_a_request_of_the_sdk_is_answered_by_the_judge(cells):
    """Method, address, headers, body and the student's line arrive; the answer is a real completion object."""
    cells.start("""
        def hello(client):
            reply = client.chat.completions.create(
                model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello"}]
            )
            return type(reply).__name__, reply.choices[0].message.content
        """)
    client = cells.plain(cells.do(MakeClient("sk-test")))
    answer = lambda _request: cells.completion("Hi \N{EURO SIGN}")  # noqa: E731
    assert cells.value("hello", client, answer=answer) == ("ChatCompletion", "Hi \N{EURO SIGN}")
    (request,) = cells.requests
    assert (request.method, request.url, request.line) == ("POST", URL, 3)
    assert json.loads(request.body) == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "Hello"}],
    }
    assert request.headers["authorization"] == "Bearer sk-test"
    assert request.headers["content-type"] == "application/json"
    assert cells.refused == []


def test_a_client_of_the_students_own_is_carried_too(cells):
    """Clients with another address, key, transport or proxy still reach the judge only."""
    cells.start("""
        import httpx2, openai
        ASK = {"model": "m", "messages": []}
        def f():
            clients = [
                openai.OpenAI(api_key="a", base_url="http://localhost:11434/v1", max_retries=0),
                openai.OpenAI(api_key="b", http_client=httpx2.Client(transport=httpx2.HTTPTransport(retries=3))),
                openai.OpenAI(api_key="c", http_client=httpx2.Client(proxy="http://192.0.2.1:8080")),
                openai.OpenAI(api_key="d", http_client=openai.DefaultHttpxClient(verify=False)),
            ]
            return [client.chat.completions.create(**ASK).choices[0].message.content for client in clients]
        """)
    assert cells.value("f", answer=lambda _request: cells.completion("x")) == ["x"] * 4
    assert [request.headers["authorization"][-1] for request in cells.requests] == list("abcd")
    assert cells.requests[0].url == "http://localhost:11434/v1/chat/completions"
    assert cells.refused == []


def test_an_async_client_is_carried(cells):
    """The async SDK works, one request after another and together; each answer reaches its own question."""
    cells.start("""
        import asyncio, openai
        client = openai.AsyncOpenAI(api_key="k")
        async def ask(text):
            reply = await client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
            return reply.choices[0].message.content
        async def f(texts):
            return [await ask("first"), *await asyncio.gather(*map(ask, texts))]
        """)

    def answer(request):
        return cells.completion(json.loads(request.body)["messages"][0]["content"] + "!")

    texts = [str(number) for number in range(20)]
    assert cells.value("f", texts, answer=answer) == ["first!", *(f"{text}!" for text in texts)]
    assert cells.requests[0].line == 5


def test_threads_do_not_mix_up_their_answers(quick_cells):
    """A pool of threads asks at once, and each gets the answer to its own request."""
    quick_cells.start("""
        import concurrent.futures, openai
        client = openai.OpenAI(api_key="k")
        def ask(text):
            reply = client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
            return reply.choices[0].message.content
        def f(texts):
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                return list(pool.map(ask, texts))
        """)

    def answer(request):
        return quick_cells.completion(json.loads(request.body)["messages"][0]["content"] + "!")

    texts = [str(number) for number in range(40)]
    assert quick_cells.value("f", texts, answer=answer) == [f"{text}!" for text in texts]


@pytest.mark.parametrize("http", HTTP)
def test_the_pieces_of_a_stream_stay_apart(cells, http):
    """What the judge sends in pieces arrives in the same pieces, sync and async, also without any."""
    cells.start(f"""
        import asyncio, {http} as http
        def sync():
            with http.Client() as client, client.stream("POST", "http://x/y", content=b"?") as response:
                return list(response.iter_raw())
        async def later():
            async with http.AsyncClient() as client, client.stream("POST", "http://x/y") as response:
                return [piece async for piece in response.aiter_raw()]
        """)
    for pieces in ([b"a", b"bb", b"\xff\0"], [b"one"], []):
        for name in ("sync", "later"):
            assert cells.value(name, answer=fixed(200, SSE, *pieces)) == pieces


def test_a_streamed_completion_comes_word_by_word(cells):
    """The SDK's stream yields one chunk for each event, from sync and async clients."""
    cells.start("""
        import openai
        ASK = {"model": "m", "messages": [], "stream": True}
        def sync():
            stream = openai.OpenAI(api_key="k").chat.completions.create(**ASK)
            return [chunk.choices[0].delta.content for chunk in stream]
        async def later():
            stream = await openai.AsyncOpenAI(api_key="k").chat.completions.create(**ASK)
            return [chunk.choices[0].delta.content async for chunk in stream]
        """)
    pieces = [event("Hel"), event("lo \N{EURO SIGN}"), b"data: [DONE]\n\n"]
    for name in ("sync", "later"):
        assert cells.value(name, answer=fixed(200, SSE, *pieces)) == ["Hel", "lo \N{EURO SIGN}"]
        assert json.loads(cells.requests[0].body)["stream"] is True


@pytest.mark.parametrize("http", HTTP)
def test_plain_http_is_carried(cells, http):
    """Requests of the HTTP library itself reach the judge, with query, headers and binary bodies."""
    cells.start(f"""
        import {http} as http
        async def later():
            async with http.AsyncClient() as client:
                return (await client.put("https://h.example/p?q=1", content=bytes(range(256)))).content
        def sync():
            response = http.get("https://h.example/p?q=\N{EURO SIGN}", headers={{"X-Odd": "1"}})
            return response.status_code, response.headers["x-reply"], response.json()
        """)
    assert cells.value("later", answer=echo) == bytes(range(256))
    assert cells.value("sync", answer=fixed(418, {"X-Reply": "yes"}, b"[1]")) == (418, "yes", [1])
    (request,) = cells.requests
    assert (request.method, request.url, request.body) == ("GET", "https://h.example/p?q=%E2%82%AC", b"")
    assert request.headers["x-odd"] == "1"


@pytest.mark.parametrize("url", ["https://h.example/p?q=1", "http://localhost:11434/p?q=1", "http://[::1]:8080/"])
def test_the_standard_library_is_carried(cells, url):
    """What urllib and http.client send reaches the judge, and comes back in pieces; a proxy changes nothing."""
    cells.start("""
        import http.client, urllib.request
        from urllib.parse import urlsplit
        def by_urllib(url):
            request = urllib.request.Request(url, data=b"ask", headers={"X-Odd": "1"}, method="PUT")
            with urllib.request.urlopen(request) as response:
                return response.status, response.headers["X-Reply"], [response.read1(), response.read1()]
        def by_hand(url):
            parts = urlsplit(url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            connection = kind("192.0.2.1", 3128)
            connection.set_tunnel(parts.hostname, parts.port)
            sent = []
            for body in (b"ask", iter([b"as", b"k"])):
                connection.request("PUT", parts.path, body=body, headers={"X-Odd": "1"}, encode_chunked=True)
                sent.append(connection.getresponse().read())
            return sent
        """)
    answer = fixed(201, {"X-Reply": "yes"}, b"one ", b"two")
    assert cells.value("by_urllib", url, answer=answer) == (201, "yes", [b"one ", b"two"])
    (request,) = cells.requests
    assert (request.method, request.url, request.body, request.headers["x-odd"]) == ("PUT", url, b"ask", "1")
    assert request.line == 6
    assert cells.value("by_hand", url, answer=echo) == [b"ask", b"ask"]
    assert {request.url for request in cells.requests} == {url.partition("?")[0]}
    assert cells.refused == []


def test_an_error_by_http_is_an_error_of_urllib(quick_cells):
    """A refusal is raised as urllib raises it."""
    quick_cells.start("""
        import urllib.request
        def f():
            urllib.request.urlopen("https://h.example/")
        """)
    outcome = quick_cells.call("f", answer=fixed(404, {}, b"no"))
    assert (outcome.kind, outcome.message, outcome.line) == ("HTTPError", "HTTP Error 404: Not Found", 4)


@pytest.mark.parametrize(
    ("code", "kind", "cause"),
    [
        ("httpx2.post(URL, json={})", "ConnectError", "ConnectionRefusedError"),
        ("asyncio.run(httpx2.AsyncClient().post(URL, json={}))", "ConnectError", "ConnectionRefusedError"),
        ("urllib.request.urlopen(URL, b'{}')", "URLError", "ConnectionRefusedError"),
        (
            "openai.OpenAI(api_key='k', base_url=URL, max_retries=0).models.list()",
            "APIConnectionError",
            "ConnectError",
        ),
    ],
)
def test_a_server_that_does_not_run_is_a_refused_connection(cells, code, kind, cause):
    """Where the judge says that nobody listens, each library raises what it raises at a closed port."""
    cells.start(f"""
        import asyncio, httpx2, openai, urllib.request
        URL = "http://localhost:11434/api/chat"
        def f():
            try:
                {code}
            except Exception as error:
                reason = getattr(error, "reason", None) or error.__cause__
                return type(error).__name__, type(reason).__name__, str(reason)
        """)
    got = cells.value("f", answer=fixed(NOBODY_LISTENS, {}))
    assert got == (kind, cause, "[Errno 111] Connection refused")
    assert cells.refused == []


def test_an_error_of_the_api_is_the_sdks_exception_at_once(quick_cells):
    """A refusal with `x-should-retry: false` is raised as the SDK raises it, after a single request."""
    quick_cells.start("""
        import openai
        def f():
            openai.OpenAI(api_key="k").chat.completions.create(model="m", messages=[])
        """)
    body = b'{"error": {"message": "slow down", "type": "x", "param": null, "code": null}}'
    headers = {"content-type": "application/json", "x-should-retry": "false"}
    for status, kind in ((400, "BadRequestError"), (401, "AuthenticationError"), (429, "RateLimitError")):
        outcome = quick_cells.call("f", answer=fixed(status, headers, body))
        assert (outcome.kind, outcome.line, outcome.own) == (kind, 4, False)
        assert "slow down" in outcome.message
        assert len(quick_cells.requests) == 1


def test_sound_arrives_as_it_was_recorded(quick_cells):
    """A binary body is not touched."""
    quick_cells.start("""
        import openai
        def f():
            speech = openai.OpenAI(api_key="k").audio.speech.create(model="tts-1", voice="alloy", input="Hello")
            speech.write_to_file("speech.mp3")
            return speech.content
        """)
    assert quick_cells.value("f", answer=fixed(200, {"content-type": "audio/mpeg"}, SPEECH)) == SPEECH


def test_a_request_that_is_too_big_is_an_exception(quick_cells):
    """A body beyond a frame is refused in the cell, which lives on."""
    quick_cells.start("""
        import httpx2
        def f(size):
            return httpx2.post("http://x/y", content=b"x" * size).status_code
        """)
    assert quick_cells.call("f", 9 << 20).kind == "TooBigError"
    assert quick_cells.value("f", 7 << 20) == 400


@pytest.mark.parametrize("look_first", [False, True], ids=["imported", "looked for, then imported"])
def test_a_library_is_patched_when_it_is_first_imported(monkeypatch, look_first):
    """The patch comes right after the first import, also where code only asked before whether there is one."""
    seen = []
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    hook = OnImport("colorsys", lambda module: seen.append(hasattr(module, "rgb_to_hsv")))
    monkeypatch.setattr(sys, "meta_path", [hook, *sys.meta_path])
    if look_first:
        assert importlib.util.find_spec("colorsys") is not None
        assert seen == []
    importlib.import_module("colorsys")
    assert seen == [True]
    assert importlib.util.find_spec("json.tool").name == "json.tool"


def test_a_library_that_is_not_there_stays_missing(monkeypatch):
    """Waiting for an import does not make a module out of nothing."""
    monkeypatch.setattr(sys, "meta_path", [OnImport("nowhere_at_all", print), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("nowhere_at_all")


WAYS_OUT = {
    "socket by name": ("socket.create_connection(('example.com', 80))", "example.com"),
    "socket by address": ("socket.socket().connect(('192.0.2.1', 80))", "192.0.2.1"),
    "connect_ex": ("socket.socket().connect_ex(('192.0.2.1', 80))", "192.0.2.1"),
    "loopback": ("socket.socket().connect(('127.0.0.1', 22))", "127.0.0.1"),
    "version 6": ("socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))", "2001:db8::1"),
    "below socket": ("__import__('_socket').socket().connect(('192.0.2.1', 80))", "192.0.2.1"),
    "datagram": ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))", "192.0.2.1"),
    "name": ("socket.gethostbyname('example.com')", "example.com"),
    "name in bytes": ("socket.getaddrinfo(b'example.com', 80)", "example.com"),
    "address": ("socket.gethostbyaddr('192.0.2.1')", "192.0.2.1"),
    "httpcore2": ("httpcore2.request('GET', 'http://example.com/')", "example.com"),
    "asyncio by name": ("asyncio.run(reach('example.com'))", "example.com"),
    "asyncio by address": ("asyncio.run(reach('192.0.2.1'))", "192.0.2.1"),
}
if sys.platform != "win32":
    docker = "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')"
    WAYS_OUT["unix socket"] = (docker, "/var/run/docker.sock")
    message = "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 53))"
    WAYS_OUT["message"] = (message, "192.0.2.1")


@pytest.mark.parametrize(("code", "host"), WAYS_OUT.values(), ids=WAYS_OUT)
def test_other_ways_to_the_network_are_refused(quick_cells, code, host):
    """The attempt fails at once with a sentence that names the host, and the judge is told host and line."""
    quick_cells.start(
        textwrap.dedent("""
        import asyncio, httpcore2, socket
        async def reach(host):
            await asyncio.open_connection(host, 80)
        def causes(error):
            return [str(error), *causes(error.__cause__ or error.__context__)] if error else []
        def f():
            try:
        """)
        + f"        {code}\n"
        + "    except Exception as error:\n"
        + "        return causes(error)\n"
    )
    sentences = " ".join(quick_cells.value("f"))
    assert "There is no network here" in sentences
    assert host in sentences
    assert quick_cells.refused
    for attempt in quick_cells.refused:
        assert isinstance(attempt, Refused)
        assert host in attempt.host
        assert len(attempt.host) <= 250
    lines = {attempt.line for attempt in quick_cells.refused} - {None}
    assert lines <= {4, 9}
    assert lines or "asyncio" in code  # a name is looked up in a thread, which has no line of the student's


def test_a_refusal_on_both_launchers_is_an_ordinary_exception(cells):
    """Code may catch it and go on; the attempt is reported all the same."""
    source = """
        import socket
        def f():
            try:
                socket.create_connection(("example.com", 80))
            except OSError as error:
                return type(error).__name__
        """
    assert cells.result(source) == "ConnectionRefusedError"
    assert cells.refused == [Refused("example.com", 5)]


def test_an_odd_host_does_not_end_the_cell(quick_cells):
    """A host that cannot be written down is still only an exception."""
    quick_cells.start("""
        import socket
        class Odd(str):
            def __str__(self): raise ValueError
        def f(host):
            socket.getaddrinfo(host, 80)
        def g():
            socket.getaddrinfo(Odd("example.com"), 80)
        """)
    assert quick_cells.call("f", "a\ud800").kind
    assert quick_cells.call("g").kind
    assert quick_cells.call("f", "example.com").kind == "ConnectionRefusedError"


def test_what_stays_on_the_machine_is_not_refused(cells):
    """Event loops, socket pairs, threads and a socket that goes nowhere are no network."""
    cells.start("""
        import asyncio, socket, threading
        from concurrent.futures import ThreadPoolExecutor
        async def wait():
            return await asyncio.gather(asyncio.to_thread(len, "abc"), asyncio.sleep(0.01, "slept"))
        def f():
            one, other = socket.socketpair()
            one.send(b"x")
            with socket.socket() as nowhere:
                nowhere.settimeout(1)
            with ThreadPoolExecutor(16) as pool:
                total = sum(pool.map(len, ["a"] * 100))
            return other.recv(1), asyncio.run(wait()), total, socket.gethostname() != ""
        """)
    assert cells.value("f") == (b"x", [3, "slept"], 100, True)
    assert cells.refused == []


def test_a_listening_socket_is_refused(cells):
    """A server of the student's own is one more way past the API; the address is named."""
    cells.start("import socket\ndef f(): socket.socket().bind(('127.0.0.1', 8000))")
    outcome = cells.call("f")
    assert outcome.kind == "ConnectionRefusedError"
    assert cells.refused == [Refused("127.0.0.1", 2)]


PROGRAMS = {
    "run": "subprocess.run(['true'])",
    "shell": "subprocess.getoutput('true')",
    "system": "os.system('true')",
    "popen": "os.popen('true')",
    "spawn": "os.spawnlp(os.P_WAIT, 'true', 'true')",
    "multiprocessing": "multiprocessing.Process(target=print).start()",
    "asyncio": "asyncio.run(child())",
    "locks": "multiprocessing.Lock()",
    "pool": "list(ProcessPoolExecutor(1).map(len, ['a']))",
}
if sys.platform != "win32":
    PROGRAMS |= {"fork": "os.fork()", "exec": "os.execv('/bin/true', ['true'])", "pty": "os.forkpty()"}


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS)
def test_other_programs_are_refused(cells, code):
    """Whatever the isolation, honest code reads the same sentence."""
    cells.start(f"""
        import asyncio, multiprocessing, os, subprocess
        from concurrent.futures import ProcessPoolExecutor
        async def child():
            await asyncio.create_subprocess_exec("true")
        def f():
            {code}
        """)
    outcome = cells.call("f")
    assert outcome.kind == "NoProgramsError"
    assert outcome.message == "No other program or process can be started here."


OUTSIDE = {
    "beside": "open('../beside', 'w')",
    "temporary": "open('/tmp/reply.mp3', 'wb')",
    "appending": "open(os.path.join(os.getcwd(), '..', '.env'), 'a')",
    "path": "pathlib.Path('../touched').touch()",
    "bytes": "open(b'../beside', 'wb')",
    "low": "os.open('../beside', os.O_WRONLY | os.O_CREAT)",
}


@pytest.mark.parametrize("code", OUTSIDE.values(), ids=OUTSIDE)
def test_writing_outside_is_refused(cells, code):
    """Whatever the isolation, the working folder is the only one to write to, and a sentence says so."""
    cells.start(f"import os, pathlib\ndef f(): {code}")
    outcome = cells.call("f")
    assert outcome.kind == "OutsideError"
    assert outcome.message.startswith("Your code may write into its own folder only, and not to '/")


def test_writing_inside_is_not_refused(cells):
    """Plain names, subfolders, absolute paths, temporary files and the empty device serve."""
    cells.start("""
        import os, pathlib, shutil, sys, tempfile
        def f():
            os.mkdir("sub")
            for name in ("plain", "sub/../other", os.path.abspath("absolute"), b"bytes", os.devnull):
                with open(name, "w") as file:
                    file.write("x")
            pathlib.Path("touched").touch()
            shutil.copy("plain", "copied")
            shutil.copytree("sub", "sub2")
            with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryDirectory():
                file.write(b"x")
            return sorted(os.listdir())
        """)
    made = ["absolute", "bytes", "copied", "ex.py", "other", "plain", "sub", "sub2", "touched"]
    assert cells.value("f") == made
