"""The local endpoint: what it forwards, what it refuses, and (full) what the real models answer."""

import http.client
import json
import socket
import threading
import typing
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openai
import pytest
from openai.types.audio.speech_create_params import Voice as SpeechVoice

from grader.authoring.gateway import MAX_BODY, VOICES, listening, serve
from grader.authoring.judged import Judged
from grader.authoring.local_model import ChatServer, Model, require_packages
from grader.errors import GraderError
from grader.replay import cassettes

ROOT = Path(__file__).resolve().parents[2]
MODERATED = ROOT / "cassettes" / "lesson1" / "ex10_moderation" / "a.yaml"
CHAT = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}
SPEECH = {"model": "tts-1", "voice": "alloy", "input": "Hello"}
PATIENCE = 10


class Upstream(ThreadingHTTPServer):
    """Stands in for llama.cpp's server: keeps what it was asked, and answers what a test wants."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), UpstreamHandler)
        self.requests = []
        self.status = 200
        self.go_on = threading.Event()
        self.client_left = threading.Event()


class UpstreamHandler(BaseHTTPRequestHandler):
    """Answers JSON; or a stream, whose second half waits for `go_on`; or, to "hang", nothing before it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer a request of either method."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        wanted = json.loads(body or b"{}")
        if wanted.get("hang"):
            self.server.go_on.wait(PATIENCE)
        if wanted.get("stream"):
            self.stream(wanted["stream"])
        else:
            answer = b'{"answer": 42}'
            self.send_response(self.server.status)
            self.send_header("content-type", "application/json; charset=utf-8")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815 - the base class's name

    def stream(self, kind):
        """Send half of a stream, and the rest as `kind` says."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.chunk(b"data: one\n\n")
        if kind == "endless":
            try:
                while True:
                    self.chunk(b"data: more\n\n")
            except OSError:
                self.server.client_left.set()
        elif self.server.go_on.wait(PATIENCE) and kind != "broken":
            self.chunk(b"data: [DONE]\n\n")
            self.chunk(b"")
        self.close_connection = True

    def chunk(self, data):
        """Send one chunk."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.fixture
def upstream():
    """Run a stand-in for llama.cpp."""
    with Upstream() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def chat_server(upstream):
    """Describe the stand-in to the gateway."""
    model = Model(engine="none", weights="none", sha256="none")
    return ChatServer(address=f"127.0.0.1:{upstream.server_port}", key="sesame", model=model)


@pytest.fixture
def address(chat_server):
    """Run a gateway; gives its host and port."""

    def speak(text, speed, audio):
        if text == "unspeakable":
            raise IndexError(text)
        return f"{text} {speed} {audio}".encode()

    with listening(0, chat_server, speak) as base_url:
        yield base_url.removeprefix("http://").removesuffix("/v1")


@pytest.fixture
def ask(address):
    """Send one request; gives the status, the headers and the body."""

    def send(method, path, body=None, headers=None):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
            connection.request(method, path, data, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    return send


def test_moderation_is_repeated(chat_server):
    """A take's authored moderation is answered as it is written; a text without any passes for harmless."""
    take = cassettes.load(MODERATED, MODERATED.name).interactions
    flagged = next(one for one in take if b'"flagged":true' in one.content)
    judged = Judged(take)
    with (
        listening(0, chat_server, bytes, judged=judged) as base_url,
        closing(http.client.HTTPConnection(base_url.removeprefix("http://").removesuffix("/v1"))) as connection,
    ):
        texts = ["unheard of", f" {flagged.sent['input']}\n"]
        connection.request("POST", "/v1/moderations", json.dumps({"input": texts}))
        results = json.loads(connection.getresponse().read())["results"]
    assert [result["flagged"] for result in results] == [False, True]
    assert results[1] == json.loads(flagged.content)["results"][0]
    assert judged.missing([], []) == ["unheard of"]


def raw(address, request):
    """Send bytes that no HTTP library would; gives all that comes back."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def error_of(answer):
    """Return the error in an answer's body, which must have the API's four fields."""
    error = json.loads(answer)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


def test_chat_is_forwarded_as_it_came(ask, upstream):
    """A chat request reaches llama.cpp byte for byte, whatever model it names, and the answer comes back."""
    status, headers, answer = ask("POST", "/v1/chat/completions", CHAT)
    assert (status, answer) == (200, b'{"answer": 42}')
    assert headers["content-type"] == "application/json; charset=utf-8"
    [(method, path, _, body)] = upstream.requests
    assert (method, path, json.loads(body)) == ("POST", "/v1/chat/completions", CHAT)


def test_models_are_forwarded(ask, upstream):
    """The list of models is llama.cpp's own; a query string is not passed on."""
    assert ask("GET", "/v1/models?limit=1")[2] == b'{"answer": 42}'
    assert upstream.requests[0][:2] == ("GET", "/v1/models")


def test_key_of_the_client_goes_nowhere(ask, upstream, capfd):
    """Any key is accepted; llama.cpp gets its own key, and nothing is printed."""
    status, _, _ = ask("POST", "/v1/chat/completions", CHAT, {"authorization": "Bearer sk-secret"})
    assert status == 200
    assert upstream.requests[0][2]["authorization"] == "Bearer sesame"
    assert "sk-secret" not in str(upstream.requests)
    assert capfd.readouterr() == ("", "")


def test_error_of_the_model_is_passed_on(ask, upstream):
    """An error that llama.cpp gives keeps its status and body."""
    upstream.status = 400
    assert ask("POST", "/v1/chat/completions", CHAT)[::2] == (400, b'{"answer": 42}')


def test_connection_is_kept_for_the_next_request(address):
    """Two requests can share a connection."""
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        for _ in range(2):
            connection.request("POST", "/v1/chat/completions", json.dumps(CHAT))
            assert connection.getresponse().read() == b'{"answer": 42}'


def test_stream_is_passed_on_piece_by_piece(address, upstream):
    """The first piece arrives while the model has not made the second."""
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        connection.request("POST", "/v1/chat/completions", json.dumps(CHAT | {"stream": True}))
        response = connection.getresponse()
        assert response.headers["content-type"] == "text/event-stream"
        assert response.read1() == b"data: one\n\n"
        upstream.go_on.set()
        assert response.read() == b"data: [DONE]\n\n"


def test_stream_that_breaks_off_is_seen(address, upstream, capfd):
    """A client can tell a stream that broke off from one that ended."""
    upstream.go_on.set()
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        connection.request("POST", "/v1/chat/completions", json.dumps(CHAT | {"stream": "broken"}))
        with pytest.raises(http.client.IncompleteRead):
            connection.getresponse().read()
    assert capfd.readouterr() == ("", "")


def test_client_that_leaves_ends_the_stream(address, upstream, capfd):
    """When a client leaves, the model is left too, without a traceback."""
    with closing(http.client.HTTPConnection(address, timeout=PATIENCE)) as connection:
        connection.request("POST", "/v1/chat/completions", json.dumps(CHAT | {"stream": "endless"}))
        connection.getresponse().read1()
    assert upstream.client_left.wait(PATIENCE)
    assert capfd.readouterr() == ("", "")


def test_requests_under_way_end_with_the_gateway(chat_server, upstream):
    """Stopping does not wait for a model that is still thinking."""
    with listening(0, chat_server, bytes) as base_url:
        connection = http.client.HTTPConnection(base_url.split("/")[2], timeout=PATIENCE)
        connection.request("POST", "/v1/chat/completions", json.dumps(CHAT | {"hang": True}))
        while not upstream.requests:
            pass
    with closing(connection):
        assert connection.getresponse().status == 502
    upstream.go_on.set()


def test_model_that_is_gone_is_a_502(ask, upstream):
    """Without llama.cpp the answer is a server error, not a broken connection."""
    upstream.shutdown()
    upstream.server_close()
    status, _, answer = ask("POST", "/v1/chat/completions", CHAT)
    assert (status, error_of(answer)["type"]) == (502, "server_error")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/props",
        "/v1/moderations",
        "/v1/models/",
        "/v1/../props",
        "/v1/chat/completions/../../slots",
        "/v1%2fmodels",
        "/V1/MODELS",
        "http://example.com/v1/models",
        "/%00",
        "/" + "a" * 3000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_paths_are_404_and_go_nowhere(ask, upstream, method, path):
    """Only three exact paths are answered; llama.cpp's other ones cannot be reached."""
    status, _, answer = ask(method, path, {} if method == "POST" else None)
    assert (status, error_of(answer)["type"]) == (404, "invalid_request_error")
    assert len(answer) < 500
    assert upstream.requests == []


def test_path_that_no_library_would_send_is_a_404(address):
    """A path that cannot even be taken apart is refused as well."""
    assert raw(address, b"GET http://[/v1/models HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/audio/speech"])
@pytest.mark.parametrize(
    "body", [b"", b"{bad", b"\xff", b'{"model": "\xff"}', b'{"model": NaN}', b'{"x": ' + b"[" * 200_000]
)
def test_bad_json_is_a_400(ask, upstream, path, body):
    """A body that is not JSON is refused, however it is broken."""
    status, _, answer = ask("POST", path, body)
    assert status == 400
    assert error_of(answer)["message"].startswith("The body is not valid JSON: ")
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/chat/completions", {"messages": CHAT["messages"]}, "model"),
        ("/v1/chat/completions", {"model": "gpt-4o-mini"}, "messages"),
        ("/v1/chat/completions", CHAT | {"messages": [{"content": "Hello"}]}, "messages[0].role"),
        ("/v1/audio/speech", {"voice": "alloy", "input": "Hello"}, "model"),
        ("/v1/audio/speech", {"model": "tts-1", "input": "Hello"}, "voice"),
        ("/v1/audio/speech", {"model": "tts-1", "voice": "alloy"}, "input"),
    ],
)
def test_missing_parameter_is_named(ask, upstream, path, body, param):
    """A parameter that the API requires is asked for by its name."""
    status, _, answer = ask("POST", path, body)
    assert status == 400
    assert error_of(answer)["message"] == f"Missing required parameter: '{param}'."
    assert error_of(answer)["param"] == param
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/chat/completions", [], None),
        ("/v1/chat/completions", CHAT | {"messages": []}, "messages"),
        ("/v1/chat/completions", CHAT | {"messages": "Hello"}, "messages"),
        ("/v1/audio/speech", SPEECH | {"voice": "bob"}, "voice"),
        ("/v1/audio/speech", SPEECH | {"voice": None}, "voice"),
        ("/v1/audio/speech", SPEECH | {"response_format": "opus"}, "response_format"),
        ("/v1/audio/speech", SPEECH | {"input": ""}, "input"),
        ("/v1/audio/speech", SPEECH | {"input": "a" * 4097}, "input"),
        ("/v1/audio/speech", SPEECH | {"speed": 5}, "speed"),
    ],
)
def test_wrong_value_is_named(ask, path, body, param):
    """A value that cannot be is refused with the parameter's name."""
    status, _, answer = ask("POST", path, body)
    assert status == 400
    assert error_of(answer)["param"] == param
    assert error_of(answer)["message"].startswith(f"Invalid value for '{param or 'body'}': ")


def test_unknown_voice_is_told_the_known_ones(ask):
    """The refusal of a voice lists those that can be asked for."""
    message = error_of(ask("POST", "/v1/audio/speech", SPEECH | {"voice": "bob"})[2])["message"]
    assert message.startswith("Invalid value for 'voice': 'bob'. Use one of: alloy, ash, ")


def test_voices_are_those_of_the_sdk():
    """The endpoint knows the voices that the installed SDK knows."""
    _, names, _ = typing.get_args(SpeechVoice)
    assert set(VOICES) == set(typing.get_args(names))


@pytest.mark.parametrize(("audio", "content_type"), [("mp3", "audio/mpeg"), ("wav", "audio/wav")])
def test_speech_has_the_type_that_was_asked_for(ask, audio, content_type):
    """Text, speed and format reach the voice, and its bytes come back with their type."""
    wanted = SPEECH | {"response_format": audio, "speed": 1.5}
    status, headers, answer = ask("POST", "/v1/audio/speech", wanted)
    assert (status, headers["content-type"], answer) == (200, content_type, f"Hello 1.5 {audio}".encode())


def test_speech_is_mp3_by_default(ask):
    """Without a format the answer is MP3, as the API's is."""
    assert ask("POST", "/v1/audio/speech", SPEECH)[2] == b"Hello 1 mp3"


def test_voice_that_fails_is_a_400(ask):
    """Text that the voice stumbles over is refused with the reason."""
    status, _, answer = ask("POST", "/v1/audio/speech", SPEECH | {"input": "unspeakable"})
    assert (status, error_of(answer)["param"]) == (400, "input")
    assert "IndexError" in error_of(answer)["message"]


@pytest.mark.parametrize("size", [MAX_BODY + 1, 5 * MAX_BODY])
def test_big_body_is_a_413(ask, upstream, size):
    """A body over the limit is refused, and the client gets to read why."""
    status, _, answer = ask("POST", "/v1/chat/completions", b" " * size)
    assert status == 413
    assert str(MAX_BODY) in error_of(answer)["message"]
    assert upstream.requests == []


def test_body_at_the_limit_is_forwarded(ask, upstream):
    """A body of exactly the limit is still forwarded whole."""
    body = json.dumps(CHAT).encode().ljust(MAX_BODY)
    assert ask("POST", "/v1/chat/completions", body)[0] == 200
    assert upstream.requests[0][3] == body


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"content-length: many", 400),
        (b"content-length: -1", 400),
        (b"content-length: " + b"9" * 5000, 400),
        (b"transfer-encoding: chunked", 411),
    ],
)
def test_body_of_unknown_length_is_refused(address, header, status):
    """A length that is no number, and a body without one, are refused before it is read."""
    answer = raw(address, b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n" + header + b"\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert error_of(body)["type"] == "invalid_request_error"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "NONSENSE"])
def test_other_methods_get_an_error_in_the_same_shape(ask, method):
    """A method that no path has is refused in JSON, and no web page is told that it may ask."""
    status, headers, answer = ask(method, "/v1/models")
    assert status == 501
    assert method in error_of(answer)["message"]
    assert not [name for name in headers if name.lower().startswith("access-control")]


def test_head_has_no_body(address):
    """A HEAD request is refused without a body, as HTTP wants it."""
    assert raw(address, b"HEAD /v1/models HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\n")


def test_what_is_not_http_gets_an_error_in_the_same_shape(address):
    """Bytes that are no request are answered with a 400 in JSON."""
    answer = raw(address, b"\x16\x03\x01 not a request at all\r\n\r\n")
    assert error_of(answer[answer.index(b"{") :])["type"] == "invalid_request_error"


def test_only_this_machine_is_answered(address):
    """The endpoint listens on 127.0.0.1 and on no other address."""
    host, port = address.split(":")
    assert host == "127.0.0.1"
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", int(port))) != 0


def test_port_in_use_is_explained(chat_server, address):
    """A port that is taken is an error that names it and the option for another."""
    port = int(address.split(":")[1])
    with pytest.raises(GraderError) as raised, listening(port, chat_server, bytes):
        pass
    assert str(raised.value).startswith(f"Port {port} cannot be used: ")
    assert "--port" in str(raised.value)


@pytest.fixture(scope="module")
def endpoint():
    """Run the real thing; skip where its packages are not installed."""
    try:
        require_packages()
    except GraderError as missing:
        pytest.skip(str(missing))
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def client(endpoint):
    """Make a client of the SDK, told only the base URL and some key."""
    with openai.OpenAI(base_url=endpoint.base_url, api_key="any", max_retries=0) as client:
        yield client


@pytest.mark.full
def test_endpoint_tells_its_models(endpoint):
    """A recorder finds engine, weights and sha256 of model and voice on the endpoint."""
    assert "llama.cpp" in endpoint.model.engine
    assert "hibari" in endpoint.voice.engine


@pytest.mark.full
def test_three_choices_cut_off_by_max_tokens(client):
    """n=3 gives three choices, and max_tokens ends each with "length"; `model` is the server's own name."""
    reply = client.chat.completions.create(**CHAT, n=3, max_tokens=5)
    assert [choice.index for choice in reply.choices] == [0, 1, 2]
    assert {choice.finish_reason for choice in reply.choices} == {"length"}
    assert all(choice.message.content for choice in reply.choices)
    assert reply.model == "smollm2-135m-instruct"


@pytest.mark.full
def test_stream_ends_with_usage(client):
    """A stream gives text in pieces, a finish reason, and at last the usage."""
    options = {"include_usage": True}
    chunks = list(client.chat.completions.create(**CHAT, max_tokens=8, stream=True, stream_options=options))
    assert len([chunk for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]) > 1
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 8


@pytest.mark.full
def test_temperature_zero_repeats(client):
    """At temperature 0 a request always gets the same reply and usage, whatever was asked in between."""
    replies = []
    for _ in range(3):
        replies.append(client.chat.completions.create(**CHAT, temperature=0, max_tokens=20))
        client.chat.completions.create(**CHAT | {"model": "other"}, temperature=1.5, max_tokens=5, n=4)
    assert len({reply.choices[0].message.content for reply in replies}) == 1
    assert replies[0].usage == replies[1].usage == replies[2].usage


@pytest.mark.full
def test_models_list_the_local_model(client):
    """The list of models holds the one that answers."""
    assert [model.id for model in client.models.list()] == ["smollm2-135m-instruct"]


@pytest.mark.full
def test_sdk_understands_the_errors(client):
    """The SDK raises its own classes for what the endpoint, or llama.cpp, refuses."""
    with pytest.raises(openai.NotFoundError, match="Invalid URL"):
        client.moderations.create(input="Hello")
    with pytest.raises(openai.BadRequestError, match="'voice'"):
        client.audio.speech.create(**SPEECH | {"voice": "bob"})
    with pytest.raises(openai.BadRequestError, match="exceeds the available context size"):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": "word " * 3000}])


@pytest.mark.full
def test_deeply_nested_request_does_not_end_the_model(client):
    """A hostile body that passes the gateway leaves llama.cpp alive."""
    nested = "x"
    for _ in range(400):
        nested = [nested]
    with pytest.raises(openai.APIStatusError):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": nested}])
    assert client.chat.completions.create(**CHAT, max_tokens=1).choices


@pytest.mark.full
def test_speech_is_real_mp3_and_repeats(client):
    """The same words are the same bytes, and these are MP3 frames from the first byte to the last."""
    first, second = (client.audio.speech.create(**SPEECH).content for _ in range(2))
    assert first == second
    assert len(mp3_frames(first)) > 10


@pytest.mark.full
def test_speech_can_be_wav(client):
    """Asked for WAV, the endpoint sends a RIFF file."""
    assert client.audio.speech.create(**SPEECH, response_format="wav").content[:4] == b"RIFF"


def mp3_frames(data):
    """Walk the frames of an MP3 (MPEG-2 layer III, 64 kbit/s, 24 kHz); gives where each begins."""
    starts, position = [], 0
    while position < len(data):
        assert data[position : position + 2] in {b"\xff\xf3", b"\xff\xf2"}, f"no frame header at {position}"
        assert data[position + 2] >> 2 == 0b1000_01, "not 64 kbit/s at 24 kHz"
        starts.append(position)
        padding = data[position + 2] >> 1 & 1
        position += 72 * 64_000 // 24_000 + padding
    assert position == len(data)
    return starts
