"""A debugger in a real terminal: it stops in the student's function, and shows no frame of a library."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="there are no such terminals on Windows")

ROOT = Path(__file__).resolve().parents[2]
PROMPT = b"(Pdb) "
PATIENCE = 60  # seconds

RAISES = """
def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello World"}], n=1, temperature=1.3
    )
    return completion.choices.message
"""
WRONG = """
def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello World"}], n=1, temperature=1.3
    )
    answer = completion.choices[0].message.content
    return answer.upper() + "!"
"""
PAUSES = WRONG.replace('.upper() + "!"', "").replace("    return", "    breakpoint()\n    return")


@pytest.fixture
def terminal(submit):
    """Run pytest on an answer to ex03 in a terminal, and type a line at each prompt. All that it showed."""

    def run(code, *options, typed):
        ours, theirs = pty.openpty()
        command = [
            sys.executable,
            "-m",
            "pytest",
            "assignments/lesson1",
            f"--submission={submit(ex03_hello=code)}",
        ]
        process = subprocess.Popen(
            [*command, "-k", "ex03", *options], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        shown, lines, give_up = b"", list(typed), time.monotonic() + PATIENCE
        asked = 0
        while select.select([ours], [], [], max(give_up - time.monotonic(), 0))[0]:
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:  # Linux's word for the end
                break
            if shown.count(PROMPT) > asked and lines:
                asked = shown.count(PROMPT)
                os.write(ours, lines.pop(0).encode() + b"\n")
        os.close(ours)
        process.kill()
        process.wait()
        return shown.decode().replace("\r\n", "\n")

    return run


def test_pdb_stops_where_the_code_raised(terminal):
    """The prompt is at the student's line, with its variables, after the sentences that explain the failure."""
    shown = terminal(RAISES, "--pdb", typed=["p len(completion.choices)", "w", "q"])
    before, _, after = shown.partition("entering PDB")
    assert "ex03 hello: hello() returns the text of the model's reply" in before
    assert "Next: " in before
    assert "ex03_hello.py(6)hello()\n-> return completion.choices.message" in after
    assert "(Pdb) p len(completion.choices)\n1\n" in after
    assert shown.count("isolation tier 0 of 4") == 1


def test_pdb_stops_where_a_wrong_answer_was_returned(terminal):
    """A function that ended is still there: at its return, with its variables."""
    shown = terminal(WRONG, "--pdb", typed=["p answer + 'x' != answer", "q"])
    after = shown.partition("entering PDB")[2]
    assert "ex03_hello.py(7)hello()\n-> return answer.upper()" in after
    assert "\nTrue\n" in after


def test_where_shows_the_students_frames_only(terminal):
    """`w` lists no frame of pytest or of the grader."""
    shown = terminal(RAISES, "--pdb", typed=["w", "q"])
    frames = [line for line in shown.splitlines() if line.strip("> ").startswith("/")]
    assert len(frames) >= 2
    assert all("ex03_hello.py" in frame for frame in frames)


def test_quitting_leaves_at_once(terminal):
    """`q` ends the run; what was not run is not counted."""
    shown = terminal(RAISES, "--pdb", typed=["q"])
    assert shown.count("entering PDB") == 1
    assert "0 of 4 points (part of the lesson)" in shown


def test_pdb_leaves_stubs_and_unreadable_files_alone(terminal):
    """There is nothing to debug where none of the student's lines ran, or where nothing was filled in."""
    for code in ("def hello(client):\n    raise NotImplementedError\n", "def hello(client:\n    pass\n"):
        shown = terminal(code, "--pdb", typed=["q"])
        assert "Pdb" not in shown
        assert "0 of 6 points" in shown


def test_trace_stops_at_the_first_line_of_each_call(terminal):
    """`--trace` steps into the student's function, and over everything else."""
    shown = terminal(WRONG, "--trace", typed=["n", "n", "c", "q"])
    assert shown.count("ex03_hello.py(2)hello()\n-> def hello(client):") == 2
    assert "ex03_hello.py(3)hello()\n-> completion" in shown
    assert "This is not your code" not in shown


def test_breakpoint_in_the_students_code(terminal):
    """breakpoint() works with --in-process, with and without pytest's capture, and the check goes on after it."""
    for options in (["--in-process"], ["--in-process", "-s"]):
        shown = terminal(PAUSES, *options, typed=["p type(answer).__name__", *["c"] * 8])
        assert "ex03_hello.py(8)hello()\n-> return answer" in shown
        assert "(Pdb) p type(answer).__name__\n'str'\n" in shown
        assert "6 of 6 points" in shown


def test_breakpoint_without_a_debugger(grade, submit):
    """A usual run has nobody to ask: it says so, at the next line, and how to be asked."""
    check = grade(submit(ex03_hello=PAUSES), "-k", "ex03").first("ex03")
    assert check["where"] == "ex03_hello.py:8"
    assert check["message"] == "Your code stops at breakpoint(), and nobody types here."
    assert check["next"] == "take breakpoint() out, or run pytest with --in-process"


def test_live_runs_keep_their_key(grade):
    """No student code runs beside the key of a --live run."""
    for option in ("--in-process", "--pdb", "--trace"):
        graded = grade(None, "--live", "--base-url=http://127.0.0.1:9/v1", option)
        assert graded.code == 4
        assert "--live keeps your key from student code" in graded.stderr


def test_code_in_process_has_its_own_world(grade, submit):
    """Environment, folder, paths and streams of the process are pytest's again after each call."""
    code = """
import os, sys
os.environ["PYTEST_CURRENT_TEST"] = "mine"
sys.path.insert(0, "/nowhere")
sys.stdout.close()
os.chdir("/")
def hello(client):
    os.environ.clear()
    raise KeyboardInterrupt
"""
    graded = grade(submit(ex03_hello=code), "--in-process", "-k", "ex03 or ex04")
    assert graded.verdicts == {"ex03_hello": "failed", "ex04_response": "passed"}
    assert "KeyboardInterrupt" in graded.first("ex03")["message"]
    assert graded.report["environment"]["tier"] == 0
