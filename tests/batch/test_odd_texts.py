"""Texts that no UTF-8 can hold, wherever a student can put one, cost nobody else a grade."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from tests.batch.made import ROOT
from tests.conftest import PATIENCE

HALF = "\\ud800"  # half a surrogate pair, as Python and JSON write it
RIGHT = "tests/solutions/lesson1/ex03_hello.py"
ASK = 'client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": question}]'
TABLE = """
def installed(table):
    names = [line.split()[0] for line in table.splitlines()[1:]]
    return [{"name": name, "size": "522 MB", "\\ud800": 1} for name in names]
"""
SPEECH = """
def save_speech(client, text, file, voice="alloy"):
    client.audio.speech.create(model="tts-1", input=text, voice=voice)
    open(b"\\xff.mp3", "wb").close()
"""
ODD = {
    "a key": ("ex04_response", f'def describe(client, question):\n    {ASK})\n    return {{"{HALF}": 1}}\n'),
    "an error": ("ex04_response", f'def describe(client, question):\n    raise KeyError("{HALF}")\n'),
    "a request": ("ex04_response", f'def describe(client, question):\n    {ASK}, extra_body={{"n": "{HALF}"}})\n'),
    "keys of a list": ("ex14_local_model", TABLE),
    "a file": ("ex12_speech", SPEECH),
}


def notebook(*cells):
    """A notebook file of code cells."""
    whole = [{"cell_type": "code", "metadata": metadata, "source": source} for source, metadata in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": whole})


NOTEBOOKS = {
    "a source": notebook(("# ex03\nx = '\ud800'\ndef hello(client):\n    return x\n", {})),
    "a tag": notebook(
        ("x = 1", {"grader": {"exercise": "\ud800"}}),
        ("# ex03\ndef hello(client):\n    return 1\n", {}),
        ("# ex99 \ud800\n%time \ud800\n", {}),
    ),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The reports of a class with all of them, and of one honest student, by student."""
    base = tmp_path_factory.mktemp("odd")
    files = {f"{name}/{file}.py": text for name, (file, text) in ODD.items()}
    files |= {f"{name}/lesson1.ipynb": text for name, text in NOTEBOOKS.items()}
    files |= {"honest/ex03_hello.py": (ROOT / RIGHT).read_text("utf-8")}
    for name, text in files.items():
        path = base / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    command = [sys.executable, "-m", "grader.cli", "batch", base / "class", "--lesson", "lesson1", "--out", base]
    command += ["--require-isolation", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5 * PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with contextlib.closing(sqlite3.connect(base / "gradebook.sqlite")) as book:
        rows = book.execute("SELECT entry.student, report FROM entry LEFT JOIN work ON entry.work_id = work.id")
        return {student: report and json.loads(report) for student, report in rows}


def exercise(report, name):
    """One exercise of a report."""
    return next(one for one in report["result"]["exercises"] if one["name"] == name)


def test_the_others_are_graded(reports):
    """Each submission has a report, and who is right has the points."""
    assert None not in reports.values()
    assert exercise(reports["honest"], "ex03_hello")["verdict"] == "passed"


@pytest.mark.parametrize("name", ODD)
def test_it_is_the_students_own(reports, name):
    """The verdict is no fault of ours."""
    assert exercise(reports[name], ODD[name][0])["verdict"] == "failed"


@pytest.mark.parametrize("name", ["a key", "keys of a list"])
def test_it_is_shown_escaped(reports, name):
    """A student reads what stands in the code."""
    found = exercise(reports[name], ODD[name][0])
    assert any(HALF in check["message"] for check in found["checks"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_notebook_alone(tmp_path, grade):
    """A student's own run has a summary as well."""
    path = tmp_path / "lesson1.ipynb"
    path.write_text(NOTEBOOKS["a source"], "utf-8")
    found = grade(path, "-k", "ex03")
    assert found.verdicts == {"ex03_hello": "failed"}
    assert "Traceback" not in found.stdout + found.stderr
