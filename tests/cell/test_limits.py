"""What a call may use up besides time and output: each limit has its own end, and the next cell works."""

import os
import sys
import threading
import time

import pytest

from grader.cell.meter import MAX_THREADS, Meter
from grader.cell.protocol import Call, Start
from grader.cell.supervisor import Cell, CellDiedError, Limit
from grader.cell.values import Items, Pairs

LINUX = sys.platform == "linux"
needs_proc = pytest.mark.skipif(not LINUX, reason="needs /proc")
NO_ARGUMENTS = (Items("list", []), Pairs([]))


def died(cells, source, processor=None):
    """How a fresh cell ends that runs `f` of this module, with a minute by the clock."""
    cell = Cell(cells.launcher.spawn(), 60, processor)
    try:
        cell.do(Start("ex", {}, {"ex.py": source.encode()}), None, None)
        with pytest.raises(CellDiedError) as caught:
            cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
    finally:
        cell.close()
    return str(caught.value.verdict), caught.value.detail, caught.value.limit


@needs_proc
@pytest.mark.parametrize("code", ["while True: pass", "hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)"])
def test_processor_time_is_limited(quick_cells, code):
    """A loop ends by what it uses, long before the clock ends it; nothing that the code holds helps."""
    source = f"import hashlib\ndef f():\n    {code}\n"
    assert died(quick_cells, source, processor=0.3) == ("timeout", "0.3 seconds", Limit.PROCESSOR)


@needs_proc
def test_waiting_uses_no_processor_time(quick_cells):
    """A call that sleeps is not charged, nor is one for what the calls before it used."""
    cell = Cell(quick_cells.launcher.spawn(), 60, 0.5)
    source = (
        "import time\ndef f():\n    end = time.process_time() + 0.3\n    while time.process_time() < end: pass\n"
    )
    try:
        cell.do(Start("ex", {}, {"ex.py": source.encode()}), None, None)
        for _ in range(2):
            cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
            assert 0.2 < cell.processor < 0.5
    finally:
        cell.close()


@needs_proc
def test_lent_time_is_used_once(quick_cells):
    """What is lent for an import goes beyond the limits of a call, for all calls together, and is then used up."""
    source = (
        "import time\ndef f():\n    end = time.process_time() + 0.6\n    while time.process_time() < end: pass\n"
    )
    cell = Cell(quick_cells.launcher.spawn(), 60, 0.4)
    cell.lent = 1.0
    try:
        cell.do(Start("ex", {}, {"ex.py": source.encode()}), None, None)
        assert 0.0 < cell.lent <= 1.0
        cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
        assert cell.lent < 0.4
        cell.lent = min(cell.lent, 0.1)
        with pytest.raises(CellDiedError) as caught:
            cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
    finally:
        cell.close()
    assert caught.value.limit is Limit.PROCESSOR


def test_lent_time_counts_by_the_clock_too(quick_cells):
    """A call that waits longer than it may, and than what was lent, ends."""
    cell = Cell(quick_cells.launcher.spawn(), 0.3)
    cell.lent = 0.7
    try:
        cell.do(Start("ex", {}, {"ex.py": b"import time\ndef f(): time.sleep(60)\n"}), None, None)
        with pytest.raises(CellDiedError) as caught:
            cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
    finally:
        cell.close()
    assert (str(caught.value.verdict), caught.value.limit) == ("timeout", None)


@needs_proc
def test_threads_are_limited(quick_cells):
    """More threads than anybody needs are too many, whether the judge or the system notices first."""
    source = """
import threading, time
def f():
    for _ in range(10**6):
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        time.sleep(0.001)
"""
    cell = Cell(quick_cells.launcher.spawn(), 60)
    try:
        cell.do(Start("ex", {}, {"ex.py": source.encode()}), None, None)
        raised = cell.do(Call(None, "f", *NO_ARGUMENTS), None, None)
        how = raised.kind, raised.message
    except CellDiedError as error:
        how = str(error.verdict), error.detail, error.limit
    finally:
        cell.close()
    judge, system = ("memory", f"{MAX_THREADS} threads", Limit.THREADS), ("RuntimeError", "can't start new thread")
    assert how in (judge, system)


def test_many_threads_one_after_the_other_are_not_too_many(quick_cells):
    """What counts is how many there are at a time."""
    source = """
        import threading
        def f():
            for _ in range(500):
                thread = threading.Thread(target=len, args=("x",))
                thread.start()
                thread.join()
            return "done"
        """
    assert quick_cells.result(source) == "done"


@pytest.mark.parametrize(
    "code",
    [
        "[open(f'file{n}', 'wb').write(bytes(10**7)) for n in range(100)]",
        "[open(f'file{n}', 'wb').close() for n in range(10**5)]",
        "[os.makedirs(f'{n}/' * 50) for n in range(10**4)]",
    ],
    ids=["bytes", "files", "folders"],
)
def test_the_disk_is_limited(cells, code):
    """Many small files and few big ones: the code's own error, or the end of the cell."""
    cells.start(f"import os\ndef f():\n    {code}\n    return 'done'")
    try:
        outcome = cells.call("f")
    except CellDiedError as error:
        assert (str(error.verdict), error.limit) == ("output_limit", Limit.DISK)  # noqa: PT017 - either may come
    else:
        assert outcome.kind == "OSError"
        assert outcome.message.startswith("[Errno 28]")
    assert cells.result("def f(): return 'next'") == "next"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit")
def test_open_files_are_limited(quick_cells):
    """Files that are never closed are the code's own error."""
    quick_cells.start("def f():\n    kept = [open('ex.py') for _ in range(10**4)]")
    assert quick_cells.call("f").message.startswith("[Errno 24]")


@needs_proc
def test_the_meter_sees_this_process():
    """Processor time grows, and threads are counted."""
    descriptor = os.pidfd_open(os.getpid())
    meter = Meter(descriptor, os.curdir)
    try:
        before = meter.usage()
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
        waiting = threading.Event()
        thread = threading.Thread(target=waiting.wait)
        thread.start()
        after = meter.usage()
        waiting.set()
        thread.join()
    finally:
        meter.close()
        os.close(descriptor)
    assert after.processor - before.processor >= 0.05
    assert after.threads == before.threads + 1


def test_a_meter_without_a_process_measures_nothing(tmp_path):
    """Where the system tells nothing, nothing is limited by it; the folder is seen all the same."""
    meter = Meter(-1, tmp_path)
    assert meter.usage() == (0.0, 0)
    assert meter.disk() == ""
    (tmp_path / "big").write_bytes(b"")
    os.truncate(tmp_path / "big", 100 << 20)
    assert meter.disk() == "64 MB"
    assert Meter(-1, tmp_path / "nowhere").disk() == ""
