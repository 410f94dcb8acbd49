"""The samples on the lesson page run as they stand there, and print what their comments say."""

import os
import re
from contextlib import nullcontext
from pathlib import Path

import openai
import pytest
import vcr

from grader.authoring.judged import Judged
from grader.replay import cassettes
from tests.stub_api import running

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "assignments" / "lesson1" / "README.md"
MODERATION = ROOT / "cassettes" / "lesson1" / "ex10_moderation" / "a.yaml"
OLLAMA = ROOT / "cassettes" / "lesson1" / "ex14_local_model" / "a.yaml"
SECTION = re.compile(r"^## (\w+)(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^print\(.*\)  # (.*)$", re.MULTILINE)
SAMPLES = [
    pytest.param(sample, id=f"{section}-{number}")
    for section, text in SECTION.findall(PAGE.read_text("utf-8"))
    for number, sample in enumerate(SAMPLE.findall(text), start=1)
]


@pytest.fixture
def client():
    """The SDK's client; what it asks, a stub on this computer answers."""
    judged = Judged(cassettes.load(MODERATION, MODERATION.name).interactions)
    with running() as api, openai.OpenAI(api_key="sk-test", base_url=api.base_url) as made:
        api.judged = judged
        yield made


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample(sample, client, tmp_path, monkeypatch, capsys):
    """A sample runs with a client at hand; what it prints without one stands behind the line, as a comment."""
    monkeypatch.setattr(os, "environ", dict(os.environ))  # load_dotenv() writes into it
    monkeypatch.setattr("builtins.input", lambda _: "sk-typed")
    monkeypatch.chdir(tmp_path)  # where load_dotenv() looks in a process that has no main file
    (tmp_path / ".env").write_text("CITY=Oslo\n")
    file = tmp_path / "sample.py"
    file.write_text(sample, "utf-8")
    world = {"client": client, "__name__": "sample"}
    asks_ollama = "local.chat" in sample or "httpx2.stream" in sample
    with vcr.use_cassette(str(OLLAMA), record_mode="none") if asks_ollama else nullcontext():
        exec(compile(sample, str(file), "exec"), world)  # noqa: S102 - it is ours
    if "client." not in sample and not asks_ollama:
        said = PRINTED.findall(sample)
        printed = capsys.readouterr().out.splitlines()
        assert [comment[: len(line)] for comment, line in zip(said, printed, strict=True)] == printed


def test_there_are_samples():
    """Sections and samples are found."""
    assert len(SAMPLES) > 10
