"""Time for the import of a known library: bounded, and only where it is installed."""

import pytest

from grader.judge import allowance


@pytest.fixture(autouse=True)
def _all_installed(monkeypatch):
    monkeypatch.setattr(allowance, "installed", lambda name: name != "ollama")


@pytest.mark.parametrize(
    ("source", "seconds"),
    [
        ("import litellm", 10.0),
        ("import os, litellm as llm, requests.adapters", 11.0),
        ("from google import genai\nfrom google.genai import types", 3.0),
        ("def f():\n    from anthropic import Anthropic", 3.0),
        ("try:\n\timport anthropic; import requests", 3.0),
        ("import litellm, any_llm, langchain_openai, anthropic", 12.0),
        ("import ollama", 0.0),
        ("import openai, json\n# import litellm\nx = 'import litellm'", 0.0),
        ("import my_litellm, litellm2\nfrom . import litellm", 0.0),
        ("", 0.0),
    ],
)
def test_the_text_of_the_file_decides(source, seconds):
    """Each library counts once, wherever it is imported; all together have a bound."""
    assert allowance.allowance(source.encode()) == seconds


def test_a_file_that_is_no_text_gets_nothing():
    """Odd bytes are no fault, and long lines no trouble."""
    assert allowance.allowance(b"\xff\xfe import litellm") == 0.0
    assert allowance.allowance(b"import " + b"a, " * 10**5) == 0.0
