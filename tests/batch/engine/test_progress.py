"""How far a run is: a bar in a terminal, plain lines elsewhere; Ctrl-C stops it, and the same command goes on."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections import Counter

import pytest

from grader.batch.grading import Step
from grader.cli.grading import shown
from tests.batch.engine.processes import COUNT, PATIENCE, results

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
# Puts a command in front of a terminal of its own, as a shell does.
IN_FRONT = """\
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.environ["TERM"] = "xterm-256color"
os.execv(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A command in a real terminal of 120 columns."""

    def __init__(self, batch, out):
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        self.process = batch.start(out, before=[sys.executable, "-c", IN_FRONT], **streams)
        os.close(theirs)
        self.shown = b""

    def press(self, key):
        """Press a key."""
        os.write(self._ours, key)

    def read(self, until=None):
        """Read until the text stands there, or the command has ended. What was read."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and (until is None or not re.search(until, self.shown)):
            if select.select([self._ours], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._ours, 1 << 16)
                except OSError:  # Linux says so at the end
                    break
        return self.shown.decode()

    def close(self):
        """Wait for the end of the command, and let go of the terminal."""
        code = self.process.wait(PATIENCE)
        os.close(self._ours)
        return code


def test_a_bar_in_a_terminal(batch, tmp_path):
    """It moves: how many of how many, the rate, the counts by outcome, the time that is left; then the summary."""
    terminal = Terminal(batch, tmp_path / "out")
    told = terminal.read()
    assert terminal.close() == 0, told
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" in told
    counts = {int(found) for found in re.findall(rf"(\d+)/{COUNT}", told)}
    assert len(counts) > 1, told
    assert re.search(r"\d\.\d/s  .*full points.* \d:\d\d:\d\d", re.sub(r"\x1b\[[\d;?]*\w", "", told)), told
    assert f"{COUNT} submissions: 9 full points, 9 in part. Gradebook:" in " ".join(told.split())


@pytest.mark.parametrize("batch", [40], indirect=True)  # so many that it is not done when the key is pressed
def test_ctrl_c_in_a_terminal(batch, tmp_path):
    """It stops at once, says how to go on, leaves nothing behind; the next run ends as an undisturbed one."""
    assert batch.run(tmp_path / "calm")[0] == 0
    terminal = Terminal(batch, tmp_path / "out")
    terminal.read(rb"[1-9]\d*/")  # one is graded
    terminal.press(b"\x03")
    told = terminal.read()
    assert terminal.close() == 130, told
    stopped = re.search(r"Stopped; graded and kept: (\d+)\. Next: run the same command to go on\.", told)
    assert stopped, told
    assert 0 < int(stopped[1]) < 40
    assert batch.left() == {}
    code, told = batch.run(tmp_path / "out")
    assert code == 0, told
    assert "(known)" in told
    assert results(tmp_path / "out") == results(tmp_path / "calm")


def test_a_signal_for_the_whole_group(batch, tmp_path):
    """Also before anything is graded: no traceback, the same words."""
    process = batch.start(tmp_path / "out", start_new_session=True)
    assert process.stdout.readline().startswith(f"{COUNT} students")
    os.killpg(process.pid, signal.SIGINT)
    told, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told
    assert re.search(r"Stopped; graded and kept: \d+\. Next: run the same command to go on\.", told), told
    assert "Traceback" not in told
    assert batch.left() == {}


def test_plain_lines_in_a_pipe(batch, tmp_path, capsys):
    """No escape sequence is written; a line now and then has the count, the rate, the outcomes, the time left."""
    code, told = batch.run(tmp_path / "out")
    assert code == 0, told
    assert "\x1b" not in told
    assert "\r" not in told
    done = Counter()
    steps = [Step("ana", 5, 5), Step("ben", 0, 5), Step("cem", 3, 5, reused=True), Step("dia", error="it ended")]
    shown(steps, 8, done, every=0)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["1 of 8", "2 of 8", "3 of 8", "4 of 8"]
    words = "1 full points, 1 in part (known), 1 no points, 1 not graded"
    assert re.fullmatch(rf"4 of 8, \d+\.\d/s  {re.escape(words)}; about \d+ s left", lines[-1]), lines[-1]
