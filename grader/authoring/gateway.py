"""An OpenAI-shaped HTTP endpoint on this machine only: chat from llama.cpp, speech from a small voice.

Any key and any model name work: the key is not even read, and a reply names the model that answered.
"""

import http.client
import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from weakref import WeakSet

import msgspec

from grader.authoring.asked import NO_DEFAULTS, ChatRequest, Defaults, Refusal, SpeechRequest, decode, one_of
from grader.authoring.judged import Judged, ModerationRequest
from grader.authoring.local_model import AUDIO_TYPES, LOOPBACK, ChatServer, Model, Voice, chat_server
from grader.errors import GraderError

JSON = "application/json"
MAX_BODY = 1024 * 1024
SECONDS_TO_REPLY = 600  # the SDK's own patience
VOICES = (
    *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"),
    *("marin", "nova", "onyx", "sage", "shimmer", "verse"),
)

Speak = Callable[[str, float, str], bytes]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A running endpoint: where it answers, and which models do (for a cassette's metadata)."""

    base_url: str
    model: Model
    voice: Model


@contextmanager
def serve(port: int = 0, defaults: Defaults = NO_DEFAULTS, judged: Judged | None = None) -> Iterator[Endpoint]:
    """Start the models and answer on `port` (0: any free one) of the loopback interface."""
    with chat_server() as chat:
        voice = Voice()
        speak = partial(voice.speak, seed=defaults.seed or 0)
        with listening(port, chat, speak, defaults, judged) as base_url:
            yield Endpoint(base_url=base_url, model=chat.model, voice=voice.model)


@contextmanager
def listening(
    port: int, chat: ChatServer, speak: Speak, defaults: Defaults = NO_DEFAULTS, judged: Judged | None = None
) -> Iterator[str]:
    """Answer on `port` with engines that run already; gives the base URL."""
    with _bound(port, chat, speak, defaults) as server:
        server.judged = judged
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            thread.join()


def _bound(port: int, chat: ChatServer, speak: Speak, defaults: Defaults) -> "_Server":
    try:
        return _Server(port, chat, speak, defaults)
    except OSError as error:
        raise GraderError(
            f"Port {port} cannot be used: {error.strerror}.\n"
            "End the program that uses it, or choose another one: grader model start --port 8081"
        ) from error


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share a port

    def __init__(self, port: int, chat: ChatServer, speak: Speak, defaults: Defaults) -> None:
        self.chat = chat
        self.defaults = defaults
        self.speak = speak
        self.judged: Judged | None = None
        self._lock = threading.Lock()
        self._waiting: WeakSet[socket.socket] = WeakSet()
        self._closed = False
        super().__init__((LOOPBACK, port), _Handler)

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection to llama.cpp that ends with this server at the latest."""
        connection = http.client.HTTPConnection(self.chat.address, timeout=SECONDS_TO_REPLY)
        connection.connect()
        with self._lock:
            if self._closed:
                raise ConnectionAbortedError
            self._waiting.add(connection.sock)
        return connection

    def server_close(self) -> None:
        """Also end the requests under way: llama.cpp can wait for their connections without end."""
        super().server_close()
        with self._lock:
            self._closed = True
            for connection in self._waiting:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - socketserver's
        error = sys.exception()
        if not isinstance(error, OSError | http.client.HTTPException):  # the client or the model went away
            logging.getLogger(__name__).error("The local endpoint failed.", exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that a silent client may hold a thread
    disable_nagle_algorithm = True  # each piece of a stream leaves at once
    server: _Server

    def do_GET(self) -> None:
        """Answer a request of either method."""
        try:
            self._route(self.path.partition("?")[0], self._body())
        except Refusal as refusal:
            self._refuse(refusal.status, str(refusal), refusal.param)

    do_POST = do_GET  # noqa: N815 - the base class's name

    def _route(self, path: str, body: bytes) -> None:
        match self.command, path:
            case "POST", "/v1/chat/completions":
                decode(body, ChatRequest)
                self._forward(path, self.server.defaults.applied(body))
            case "GET", "/v1/models":
                self._forward(path, b"")
            case "POST", "/v1/audio/speech":
                self._speak(decode(body, SpeechRequest))
            case "POST", "/v1/moderations" if self.server.judged:
                self._send(200, JSON, self.server.judged.answer(decode(body, ModerationRequest)))
            case _:
                answered = "POST /v1/chat/completions, GET /v1/models, POST /v1/audio/speech"
                raise Refusal(404, f"Invalid URL ({self.command} {path[:200]}). Answered: {answered}.")

    def _body(self) -> bytes:
        if "transfer-encoding" in self.headers:
            raise Refusal(411, "Send the body with a Content-Length.")
        try:
            length = int(self.headers.get("content-length", 0))
        except ValueError:
            length = -1
        if length < 0:
            raise Refusal(400, "Content-Length is not a number of bytes.")
        if length > MAX_BODY:
            for _ in range(min(length // MAX_BODY, 16)):  # unread, it would break the answer's connection
                self.rfile.read(MAX_BODY)
            raise Refusal(413, f"The body has more than {MAX_BODY} bytes.")
        return self.rfile.read(length)

    def _forward(self, path: str, body: bytes) -> None:
        headers = {"content-type": JSON, "authorization": f"Bearer {self.server.chat.key}"}
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(closing(self.server.connect()))
                connection.request(self.command, path, body, headers)
                response = connection.getresponse()
                whole = None if response.chunked else response.read()
            except (OSError, http.client.HTTPException) as error:
                raise Refusal(502, "The local model does not answer.") from error
            content_type = response.getheader("content-type", JSON)
            if whole is None:
                self._stream(response, content_type)
            else:
                self._send(response.status, content_type, whole)

    def _stream(self, response: http.client.HTTPResponse, content_type: str) -> None:
        """Pass on each piece as it comes; a stream that breaks off ends without the last, empty chunk."""
        self.send_response(response.status)
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        while piece := response.read1():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _speak(self, wanted: "SpeechRequest") -> None:
        one_of(VOICES, wanted.voice, "voice")
        one_of(AUDIO_TYPES, wanted.response_format, "response_format")
        try:
            audio = self.server.speak(wanted.input, wanted.speed, wanted.response_format)
        except Exception as error:  # a small voice: 4,000 digits in a row are an IndexError
            raise Refusal(400, f"The voice cannot speak this: {error!r}", "input") from error
        self._send(200, AUDIO_TYPES[wanted.response_format], audio)

    def _refuse(self, status: int, message: str, param: str | None = None) -> None:
        kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
        error = {"message": message, "type": kind, "param": param, "code": None}
        self.close_connection = True  # what is left of the request was perhaps not read
        self._send(status, JSON, msgspec.json.encode({"error": error}))

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse what is not HTTP, or not GET or POST, in the API's shape too."""
        self._refuse(code, message or HTTPStatus(code).phrase)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: a module does not print."""
