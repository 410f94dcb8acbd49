"""Keys that a student left, and traces of tampering: the mentor learns of them, and nobody is shown a key."""

import json

import pytest

from grader.judge.cleaning import REAL_KEY, cleaned
from grader.judge.leaks import MOST_OF_A_KEY, leaks

REAL = "sk-proj-Zq8Lw3" + "Rt5Yu7Io9Pa2Sd4Fg6Hj8Kl1"
HELLO = ("assignments/lesson1/ex03_hello.py",)
LEAKING = f'''
KEY = "{REAL}"
def hello(client):
    """Say hello."""
    print("my key is", KEY)
    raise ValueError(KEY[:30] + " " + KEY[::-1])
'''
FORGING = """
import os, stat, struct
def hello(client):
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, struct.pack("!I", 9) + b"\\xc1evidence")
        except OSError:
            pass
"""


@pytest.fixture(scope="module")
def leaking(grade, submit):
    """A run of a submission that holds a key and tells it."""
    return grade(submit(ex03_hello=LEAKING), target=HELLO)


def test_a_real_key_is_reported_and_masked(leaking):
    """The report says where a key stands and how it begins; the student reads it, too."""
    note = "ex03_hello.py:2 holds what looks like an API key (sk-...). Take it out, and get a new one."
    assert leaking.report["environment"]["notes"] == [note]
    assert "ex03_hello.py:2 holds what looks like an API key (sk-...)" in leaking.stdout


def test_a_real_key_is_never_shown(leaking):
    """Neither report nor terminal holds the key, a part of it, or the key backwards."""
    shown = json.dumps(leaking.report) + leaking.stdout + leaking.stderr
    for text in (REAL, REAL[::-1]):
        assert not [
            text[at : at + 8] for at in range(len("sk-proj-"), len(text) - 8) if text[at : at + 8] in shown
        ]
    assert "<a real key>" in leaking.first("ex03")["message"]
    assert "my key is <a real key>" in leaking.stdout


def test_an_env_file_is_ignored_and_reported(grade, submit):
    """A .env beside the exercises changes nothing, and a key in it is reported as any other."""
    plain = grade(submit())
    found = grade(submit({".env": f"OPENAI_API_KEY={REAL}\n"}))
    assert found.canonical == plain.canonical
    notes = found.report["environment"]["notes"]
    assert notes[0] == "The file .env can hold your API key. It was not used. Do not hand it in."
    assert notes[1].startswith(".env:1 holds what looks like an API key (sk-...)")
    assert REAL not in found.stdout


def test_a_key_in_a_notebook_is_reported(tmp_path, grade):
    """Also in a cell's output; the notebook is named without a line."""
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "# ex03\nprint(key)"}
    output = {"output_type": "stream", "name": "stdout", "text": f"{REAL}\n"}
    content = {"cells": [cell | {"outputs": [output]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "mine.ipynb").write_text(json.dumps(content))
    found = grade(tmp_path / "mine.ipynb", target=HELLO)
    notes = found.report["environment"]["notes"]
    assert "mine.ipynb holds what looks like an API key (sk-...). Take it out, and get a new one." in notes
    assert REAL not in json.dumps(found.report) + found.stdout


@pytest.mark.parametrize(
    "text",
    [
        'client = OpenAI(api_key="sk-your-key-comes-here-please")',
        "pk_of_the_table_of_students = rk_one_more_long_identifier",
        'os.environ["OPENAI_API_KEY"]',
        "sk-123",
    ],
)
def test_placeholders_are_no_keys(text):
    """What stands for a key is not reported."""
    assert list(leaks("ex.py", text.encode())) == []


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (REAL, "an API key"),
        ("ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a", "a token"),
        ("eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", "a signed token"),
    ],
    ids=["openai", "github", "jwt"],
)
def test_kinds_of_keys(key, kind):
    """Keys of providers and code hosts are told apart, wherever they stand; bytes that are no text do no harm."""
    (leak,) = leaks("ex.py", b"\xff\nx = '" + key.encode() + b"'\n")
    assert (leak.place, leak.kind) == ("ex.py:2", kind)
    assert leak.value[:12] not in leak.note()


def test_a_long_real_key_is_masked_whole():
    """The longest keys of today and a usual signed token leave nothing to read, in part or backwards."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJ" + "x9Kw2" * 100
    for value in ("sk-proj-" + "Zq8Lw3Rt5Y_" * 14 + "ab", token):
        (leak,) = leaks("ex.py", value.encode())
        for text in (value, value[::-1], value[40:-3]):
            assert cleaned(text, "", [leak.value]) == REAL_KEY


def test_an_endless_key_is_not_looked_at_whole():
    """What no provider gives out costs the judge no more than a real key."""
    (leak,) = leaks("ex.py", ("sk-" + "a1b2" * 12_000).encode())
    assert len(leak.value) == MOST_OF_A_KEY


def test_evidence_is_for_the_mentor(grade, submit):
    """What shows that code tampered stands in the report's environment, and nowhere else."""
    found = grade(submit(ex03_hello=FORGING), target=HELLO)
    assert found.verdicts == {"ex03_hello": "tampered"}
    evidence = found.report["environment"]["evidence"]
    sent = "a frame that cannot be decoded; it begins with b'\\xc1evidence'"
    assert evidence == [f"ex03_hello::{check['id']}: {sent}" for check in found.findings("ex03")]
    assert "evidence" not in found.stdout
    assert "evidence" not in json.dumps(found.result)


def test_no_evidence_where_nobody_tampered(leaking):
    """An ordinary failure has none."""
    assert leaking.report["environment"]["evidence"] == []
