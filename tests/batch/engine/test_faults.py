"""Processes that are killed, a full disk, a locked and a damaged gradebook: nothing that was graded is lost."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from grader.batch.gradebook import NAME
from tests.batch.engine.processes import COUNT, OF_KIND, PATIENCE, results

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def disturbed(batch, out, kills, chance):
    """Grade while processes are killed; who was killed. What one run has left undone the next one does."""
    killed, more = [], []
    while len(killed) < kills:
        process = batch.start(out, *more)
        more = ["--fresh"]  # a run that came to its end had nothing left to be killed over
        while process.poll() is None and len(killed) < kills:
            time.sleep(chance.uniform(0.05, 0.7))
            kind = chance.choice(list(OF_KIND))
            victims = batch.of_kind(kind)
            if victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    killed.append(kind)
            if kind == "coordinator" and victims:
                process.wait(PATIENCE)
                assert batch.left() == {}
                more = []
        process.communicate(timeout=120)
    return killed


def survives(batch, tmp_path, seed, kills):
    """Whether a disturbed gradebook ends as an undisturbed one does."""
    code, told = batch.run(tmp_path / "calm")
    assert code == 0, told
    out = tmp_path / f"wild-{seed}"
    killed = disturbed(batch, out, kills, random.Random(seed))  # noqa: S311 - moments, not secrets
    code, told = batch.run(out)
    assert code == 0, told
    calm = results(tmp_path / "calm")
    assert len(calm) == COUNT
    assert results(out) == calm, (seed, killed)
    assert batch.left() == {}
    return killed


@LINUX
def test_kills(batch, tmp_path):
    """Five processes killed at random moments: after a resume the results are those of an undisturbed run."""
    assert len(survives(batch, tmp_path, 1, 5)) == 5


@LINUX
@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 22))
def test_more_kills(batch, tmp_path, seed):
    """Twenty times five."""
    assert len(survives(batch, tmp_path, seed, 5)) == 5


@LINUX
def test_nobody_outlives_the_coordinator(batch, tmp_path):
    """Its judges and their zygotes end with it, whatever they were doing."""
    process = batch.start(tmp_path / "out")
    give_up = time.monotonic() + PATIENCE
    while not (batch.of_kind("judge") and batch.of_kind("zygote")) and time.monotonic() < give_up:
        time.sleep(0.02)
    kinds = {kind: len(batch.of_kind(kind)) for kind in OF_KIND}
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert kinds["judge"] >= 2, kinds  # a zygote looks like its judge until it has begun
    assert kinds["zygote"] >= 1, kinds
    assert batch.left() == {}


SLOW = "import time\n\n\ndef double(x):\n    time.sleep(100)\n"
PATIENT = '[tool.pytest.ini_options]\ncall_seconds = "100"\n'


@LINUX
@pytest.mark.parametrize("batch", [1], indirect=True)
def test_nobody_grades_for_a_coordinator_that_is_gone(batch, tmp_path):
    """A judge does not wait for slow code when nobody will hear of it, and puts its working folders away."""
    (tmp_path / "submissions" / "s00" / "ex01_double.py").write_text(SLOW, "utf-8")
    settings = tmp_path / "course" / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8").replace("[tool.pytest.ini_options]\n", PATIENT), "utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = batch.start(tmp_path / "out", temporary=temporary)
    give_up = time.monotonic() + PATIENCE
    while not batch.of_kind("zygote") and time.monotonic() < give_up:
        time.sleep(0.02)
    time.sleep(2)  # by now the student's code sleeps
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert batch.left() == {}
    assert [path.name for path in temporary.iterdir() if "intake" not in path.name] == []


UNSHARE = shutil.which("unshare")
NAMESPACES = UNSHARE and not subprocess.run([UNSHARE, "-rm", "true"], check=False).returncode
ON_A_SMALL_DISK = """\
mount -t tmpfs -o size=256k tmpfs "$1" || exit 99
shift; kept=$1; shift
"$@"; echo "first: $?"
mount -o remount,size=64m "$OLDPWD_OUT" || exit 98
"$@"; echo "second: $?"
cp -r "$OLDPWD_OUT"/. "$kept"
"""


@pytest.mark.skipif(not NAMESPACES, reason="no user and mount namespaces here")
def test_a_full_disk(batch, tmp_path):
    """It is told; what was graded is kept; with more room the same command goes on to the same results."""
    assert batch.run(tmp_path / "calm")[0] == 0
    out, kept = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    kept.mkdir()
    script = ON_A_SMALL_DISK.replace("$OLDPWD_OUT", str(out))
    process = batch.start(out, before=[UNSHARE, "-rm", "sh", "-c", script, "sh", str(out), str(kept)])
    told, _ = process.communicate(timeout=120)
    first, second = told.split("first: 2\n")
    assert "space left" in first, first
    assert "(known)" in second, second  # what was graded before the disk was full
    assert "second: 0" in second, second
    assert results(kept) == results(tmp_path / "calm")


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("batch", [2], indirect=True)
def test_a_locked_gradebook(batch, tmp_path):
    """Who waits for another program is told so after some seconds, and goes on when it has ended."""
    out = tmp_path / "out"
    assert batch.run(out)[0] == 0
    holder = [sys.executable, "-c", HOLD, str(out / NAME)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        code, told = batch.run(out)
        other.stdin.close()
    assert code == 2, told
    assert f"{out / NAME}: another program is writing to the gradebook. Next: wait until it is done" in told
    assert batch.run(out)[0] == 0


@pytest.mark.parametrize("batch", [2], indirect=True)
def test_a_damaged_gradebook(batch, tmp_path):
    """Garbage, half of it, an overwritten part: what, where and next are told, and not a byte is changed."""
    out = tmp_path / "out"
    assert batch.run(out)[0] == 0
    path = out / NAME
    whole = path.read_bytes()
    garbage = b"not a gradebook, but long enough to be looked at\n" * 400
    for spoilt in (garbage, whole[: len(whole) // 2], whole[:100] + b"\xff" * (len(whole) - 100)):
        path.write_bytes(spoilt)
        for words in (batch.command(out), [sys.executable, "-m", "grader.cli", "stats", str(out)]):
            done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path / "course")
            assert done.returncode == 2, done.stdout
            assert str(path) in done.stderr
            assert "It was left as it is. Next: put an older copy back, or name another --out" in done.stderr
            assert path.read_bytes() == spoilt
