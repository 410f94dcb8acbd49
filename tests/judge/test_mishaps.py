"""What goes wrong around a run, and is no fault of the answer: another Python, another folder, Ctrl-C."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import LESSON, ROOT

WITHOUT = (
    "_pytest",
    "iniconfig",
    "packaging",
    "pluggy",
    "py",
    "pygments",
    "pytest",
)  # another pytest
WAITS = "import time\n\n\ndef hello(client):\n    time.sleep(4)\n"


def library_frames(text):
    """Whether the output shows where in Python's libraries or in the grader something happened."""
    return "Traceback" in text or "site-packages" in text or ".py:" in text


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_python_without_the_libraries(tmp_path):
    """Who forgot the environment reads what is missing and how to go on, not where an import failed."""
    for name in WITHOUT:
        found = importlib.util.find_spec(name)
        source = Path(found.origin)
        place = source.parent if source.name == "__init__.py" else source
        (tmp_path / place.name).symlink_to(place)
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "pytest", LESSON],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 4
    assert "does not have the libraries of the grader (hypothesis, msgspec, openai, yaml)" in ended.stderr
    assert "Next: activate its environment (source .venv/bin/activate" in ended.stderr
    assert not library_frames(ended.stdout + ended.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another signal there")
@pytest.mark.parametrize("chosen", ["ex03", "ex01 or ex03"])
def test_ctrl_c(submit, chosen):
    """The run says that it was stopped; what ran before counts, and nothing is called misspelt."""
    folder = submit(ex03_hello=WAITS)
    words = [sys.executable, "-m", "pytest", LESSON, "-k", chosen, f"--submission={folder}"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        time.sleep(3)  # it waits for hello() by now; before that, less has run
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "You stopped the run with Ctrl-C." in said
    assert "No check fits" not in said
    assert not library_frames(said)


def test_recordings_that_are_gone(grade, submit, project):
    """A right answer is not blamed for a folder that was not copied."""
    for cassette in (project / "cassettes" / "lesson1" / "ex03_hello").iterdir():
        cassette.unlink()
    graded = grade(submit(), "-k", "ex03 or ex01", root=project)
    assert graded.verdicts == {"ex01_api_key": "passed", "ex03_hello": "error"}
    told = "This is not your code: the recordings of ex03_hello are missing from cassettes/."
    assert told in graded.first("ex03")["message"]


def test_the_number_without_its_option(grade):
    """`pytest assignments/lesson1 ex03` says what to write."""
    graded = grade(None, target=[LESSON, "ex03"])
    assert graded.code == 4
    assert "There is no 'ex03'. For one exercise of a lesson write -k before its name." in graded.stderr


def test_inside_the_lesson(grade):
    """The usual command, typed in the lesson's folder, says where to go."""
    graded = grade(None, cwd=ROOT / LESSON)
    assert graded.code == 4
    assert f"There is no {LESSON} in this folder. Go to the main folder first: cd ../.." in graded.stderr


@pytest.mark.parametrize("address", ["localhost:11434/v1", "api.openai.com/v1"])
def test_an_address_without_its_beginning(grade, submit, address):
    """http:// is missing: that is told, and not that there is a key too few or a wrong path."""
    source = f"""from openai import OpenAI


def ask(provider, prompt):
    client = OpenAI(base_url="{address}", api_key="any")
    messages = [{{"role": "user", "content": prompt}}]
    return client.chat.completions.create(model="any", messages=messages).choices[0].message.content
"""
    graded = grade(submit(ex13_providers=source), "-k", "ex13 and reply")
    assert "it begins with neither http:// nor https://" in graded.first("ex13")["message"]
    assert graded.first("ex13")["where"] == "ex13_providers.py:7"
