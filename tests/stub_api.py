"""A server that is shaped like OpenAI's API, for tests of what really goes over HTTP. It runs on loopback only."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from grader.authoring.judged import ModerationRequest

SOUND = b"\xff\xf3\x84\xc4" + bytes(range(256)) * 8
CHUNK = "chat.completion.chunk"


class StubApi(ThreadingHTTPServer):
    """Answers chat, speech and moderation; keeps what it was asked. A test changes its attributes.

    The first part of the path, before /v1, is part of each text: takes can differ. `answers` holds ready responses
    (status, body) which come first; `more` is added to each JSON body.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.got = []
        self.answers = []
        self.headers = {}
        self.more = {}
        self.text = "Hello from {path} to {words}."
        self.finish = "stop"
        self.delay = 0
        self.judged = None
        self.base_url = f"http://127.0.0.1:{self.server_port}/v1"

    def take(self, name):
        """The base URL of a take."""
        return f"http://127.0.0.1:{self.server_port}/{name}/v1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Answer as the server's attributes say."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append((self.path, dict(self.headers), body))
        time.sleep(self.server.delay)
        take, _, operation = self.path.strip("/").partition("v1/")
        sent = json.loads(body)
        if self.path == "/api/chat" and not self.server.answers:
            self.send(200, "application/x-ndjson", self.lines(sent))
        elif self.server.answers:
            status, answer = self.server.answers.pop(0)
            self.send(
                status, "application/json", answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            )
        elif operation == "audio/speech" and sent["voice"] not in ("alloy", "nova"):
            error = {
                "message": "Input should be 'alloy' or 'nova'",
                "type": "invalid_request_error",
                "param": "voice",
            }
            self.send(400, "application/json", json.dumps({"error": error | {"code": None}}).encode())
        elif operation == "audio/speech":
            self.send(200, "audio/mpeg", SOUND + take.encode())
        elif operation == "responses":
            self.send(200, "application/json", json.dumps(self.response(take, sent)).encode())
        elif operation == "moderations" and self.server.judged:
            self.send(200, "application/json", self.server.judged.answer(ModerationRequest(sent["input"])))
        elif operation != "chat/completions":
            error = {"message": f"Invalid URL ({self.path})", "type": "invalid_request_error", "param": None}
            self.send(404, "application/json", json.dumps({"error": error | {"code": None}}).encode())
        elif not sent["messages"]:
            error = {"message": "Invalid 'messages': empty array.", "type": "invalid_request_error", "param": None}
            self.send(400, "application/json", json.dumps({"error": error | {"code": "empty_array"}}).encode())
        elif sent.get("stream"):
            self.send(200, "text/event-stream", self.stream(take, sent))
        else:
            self.send(200, "application/json", json.dumps(self.reply(take, sent)).encode())

    def do_GET(self):
        """Answer a list of stored completions, or one of them: what is stored is always the same."""
        self.server.got.append(self.path)
        stored = self.reply("", {"messages": [{"content": "what is stored"}]})
        listed = {"object": "list", "data": [stored], "has_more": False}
        found = listed if self.path.partition("?")[0].endswith("completions") else stored
        self.send(200, "application/json", json.dumps(found).encode())

    def texts(self, take, sent):
        """The text of each choice."""
        words = str(sent["messages"][-1]["content"])[:20]
        base = self.server.text.format(path=take.strip("/"), words=words)
        return [base if index == 0 else f"{base} {index}" for index in range(sent.get("n") or 1)]

    def common(self, kind):
        """The fields of replies and chunks."""
        return {"id": "chatcmpl-stub", "object": kind, "created": int(time.time()), "model": "stub-1"}

    def reply(self, take, sent):
        """A whole completion."""
        choices = [
            {
                "index": index,
                "finish_reason": self.server.finish,
                "logprobs": None,
                "message": {"role": "assistant", "content": text},
            }
            for index, text in enumerate(self.texts(take, sent))
        ]
        usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
        return self.common("chat.completion") | {"choices": choices, "usage": usage} | self.server.more

    def lines(self, sent):
        """The text as Ollama's own protocol streams it."""
        (text,) = self.texts("", sent)
        pieces = [
            {"message": {"role": "assistant", "content": part}, "done": False} for part in (text[:5], text[5:])
        ]
        last = {"message": {"role": "assistant", "content": ""}, "done": True}
        pieces.append(last | {"eval_count": 5, "eval_duration": 250_000_000})
        return b"".join(json.dumps(piece).encode() + b"\n" for piece in pieces)

    def response(self, take, sent):
        """The same text as the responses API gives it."""
        text = self.texts(take, {"messages": [{"content": sent["input"]}]})[0]
        content = [{"type": "output_text", "text": text, "annotations": []}]
        message = {"id": "msg_stub", "type": "message", "role": "assistant", "content": content}
        return self.common("response") | {"output": [message | {"status": "completed"}]}

    def stream(self, take, sent):
        """The same as events: two pieces a choice, an end, and the usage if it is wanted."""
        pieces = []
        for index, text in enumerate(self.texts(take, sent)):
            pieces += [(index, {"content": part}, None) for part in (text[:5], text[5:])]
            pieces.append((index, {}, self.server.finish))
        chunks = [
            {"choices": [{"index": index, "delta": delta, "finish_reason": reason}]}
            for index, delta, reason in pieces
        ]
        if (sent.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
            chunks.append({"choices": [], "usage": usage})
        bodies = [self.common(CHUNK) | chunk | self.server.more for chunk in chunks]
        return b"".join(f"data: {json.dumps(body)}\n\n".encode() for body in bodies) + b"data: [DONE]\n\n"

    def send(self, status, kind, body):
        """Send a response."""
        self.send_response(status)
        for name, value in (
            {"content-type": kind, "content-length": str(len(body))} | self.server.headers
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep the tests' output clean."""


@contextlib.contextmanager
def running():
    """A server for the time of a test."""
    with StubApi() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
