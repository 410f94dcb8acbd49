"""Cells start warm, and nothing of them is left: no process, no folder, no harm to what lies outside."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import textwrap
import threading
import time
import venv
from pathlib import Path

import pytest

from grader.cell.launch import launcher
from grader.cell.protocol import Files, Start
from grader.cell.starting import ENTRY
from grader.cell.supervisor import Cell, CellDiedError
from grader.errors import CellError

ROOT = Path(__file__).resolve().parents[2]
LINUX = sys.platform == "linux"
needs_proc = pytest.mark.skipif(not LINUX, reason="needs /proc")

JUDGE = """
import sys, time
sys.path.insert(0, {root!r})
from grader.cell.{module} import {launcher}
from grader.cell.protocol import Call, Start
from grader.cell.supervisor import Cell
from grader.cell.values import Items, Pairs
launcher = {launcher}({environment!r}, *{most!r})
cells = [Cell(launcher.spawn(), 60) for _ in range(2)]
for cell in cells:
    cell.do(Start("ex", {{}}, {{"ex.py": {source!r}}}), None, None)
print("ready", flush=True)
cells[0].do(Call(None, "f", Items("list", []), Pairs([])), None, None)
"""
# where the kernel holds no tier, all files can be read
UNHELD = "1 (['worker.py', '../cli.py', '../judge/run.py'], 'openai')\n"
ENDLESS = b"""
def f():
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
IMPORTS = """
import ctypes, sys
def f():
    found = []
    cell = sys.modules["grader.cell.worker"].__file__.rpartition("/")[0]
    for name in ("worker.py", "../cli.py", "../judge/run.py", "../../README.md"):
        if ctypes.CDLL(None).open(f"{cell}/{name}".encode(), 0) >= 0:
            found.append(name)
    for name in ("grader.judge", "grader.replay.player", "grader.messages", "grader.settings"):
        try:
            __import__(name)
            found.append(name)
        except ImportError:
            pass
    import openai
    return found, openai.__name__
"""


@needs_proc
def test_nothing_runs_after_close(new_cells):
    """close() ends every cell, also those that are still at work, and the one that was started ahead."""
    source = """
        import threading
        def loop():
            while True: pass
        def f():
            threading.Thread(target=loop).start()
        """
    new_cells.result(source)
    other = Cell(new_cells.launcher.spawn(), 60)
    assert len(new_cells.processes()) >= 3
    new_cells.launcher.close()
    assert new_cells.survivors() == {}
    for cell in (new_cells.cell, other):  # what the judge does next
        cell.close()


@needs_proc
def test_closing_at_once_is_quick_and_complete(new_cells):
    """A launcher that was never used is closed without waiting until it is warm."""
    begun = time.monotonic()
    new_cells.close()
    assert time.monotonic() - begun < 10
    assert new_cells.survivors() == {}


@needs_proc
def test_the_end_of_the_judge_is_the_end_of_its_cells(new_cells):
    """A judge that is killed leaves no process behind, even where student code loops for ever."""
    script = JUDGE.format(
        root=str(ROOT),
        module=type(new_cells.launcher).__module__.rpartition(".")[2],
        launcher=type(new_cells.launcher).__name__,
        most=(new_cells.isolation.tier,) if new_cells.name != "spare" else (),
        environment={"GRADER_TEST_MARK": new_cells.mark},
        source=ENDLESS,
    )
    new_cells.close()
    judge = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    try:
        assert judge.stdout.readline() == b"ready\n"
        time.sleep(0.1)  # the endless loop begins
        assert len(new_cells.processes()) >= 3
    finally:
        judge.kill()
        judge.wait()
        judge.stdout.close()
    assert new_cells.survivors() == {}


def test_the_folders_are_deleted(new_cells):
    """close() deletes the working folders, also those that code made unreadable or filled with odd files."""
    source = """
        import os
        def f():
            os.makedirs("deep/" * 20)
            open("read-only", "w").close()
            os.chmod("read-only", 0)
            os.chmod("deep", 0)
            os.chmod(".", 0)
        """
    new_cells.result(source)
    folder = new_cells.folder
    new_cells.close()
    assert not folder.exists()
    assert not folder.parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_are_not_followed_while_deleting(new_cells, tmp_path):
    """A folder elsewhere keeps its files and its mode, also where student code put links to it."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept")
    precious.chmod(0o555)
    source = f"""
        import os
        def f():
            os.symlink({str(precious)!r}, "link")
            try:
                os.symlink({str(precious)!r}, "../link")
            except OSError:
                pass
        """
    new_cells.result(source)
    new_cells.start("x = 1")  # empties the working folder
    assert (precious / "file").read_text() == "kept"
    new_cells.close()
    assert stat.S_IMODE(precious.stat().st_mode) == 0o555
    assert (precious / "file").read_text() == "kept"


def test_a_cell_that_cannot_start_says_why(new_cells, tmp_path):
    """A broken library is named, with the next step; nobody waits for a minute."""
    (tmp_path / "openai.py").write_text("raise ImportError('openai is broken here')")
    made = new_cells.another({"PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises(CellError, match=r"did not start: ImportError: openai is broken here\nNext: install"):
            made.spawn()
    finally:
        made.close()


def test_a_cell_that_ends_without_a_word(new_cells, tmp_path):
    """The message stands also where there is nothing to quote."""
    (tmp_path / "openai.py").write_text("import os; os._exit(0)")
    made = new_cells.another({"PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises(CellError, match="did not start: it ended without a word"):
            made.ready()
    finally:
        made.close()


@pytest.fixture
def forked_cells(request):
    """Cells that are forked from a parent of their own."""
    if not LINUX:
        pytest.skip("only Linux forks")
    made = type(request.getfixturevalue("quick_cells"))("process")
    yield made
    made.close()


def test_code_that_kills_the_zygote_is_a_crash(forked_cells):
    """The end of the parent is the end of the cell, with a verdict; the next cell comes from a new parent."""
    forked_cells.start("import os, time\ndef f():\n    os.kill(os.getppid(), 9)\n    time.sleep(60)")
    with pytest.raises(CellDiedError) as died:
        forked_cells.call("f")
    assert str(died.value.verdict) == "crashed"
    assert forked_cells.result("def f(): return 'again'") == "again"


def test_a_cell_of_an_ended_zygote_harms_no_other(forked_cells):
    """A second cell that died with its parent is put away without an effect on the new parent's cells."""
    source = "import os, time\ndef f():\n    os.kill(os.getppid(), 9)\n    time.sleep(60)"
    forked_cells.start(source)
    other = Cell(forked_cells.launcher.spawn(), 10)
    with pytest.raises(CellDiedError):
        forked_cells.call("f")
    forked_cells.start("def f(): return 'alive'")
    with pytest.raises(CellDiedError) as died:
        other.do(Start("ex", {}, {}), None, None)
    assert str(died.value.verdict) == "crashed"
    time.sleep(0.1)  # a parent that was hurt would take its cell with it
    assert forked_cells.value("f") == "alive"


@pytest.mark.full
def test_a_zygote_that_was_stopped_does_not_stop_the_judge(forked_cells):
    """Code that stops its parent delays neither the verdict nor the end of the run."""
    stop = "import os, signal\ndef g(): return os.getppid()\ndef f():\n    os.kill(os.getppid(), signal.SIGSTOP)\n"
    forked_cells.start(stop + "    os._exit(0)", seconds=1)
    zygote = forked_cells.value("g")
    finished = threading.Event()

    def judge():
        with pytest.raises(CellDiedError):
            forked_cells.call("f")
        forked_cells.close()
        finished.set()

    thread = threading.Thread(target=judge)
    thread.start()
    in_time = finished.wait(20)
    if not in_time:
        os.kill(zygote, signal.SIGKILL)
    thread.join()
    assert in_time


@needs_proc
def test_cells_do_not_grow_in_number(quick_cells):
    """A hundred cells one after the other leave neither processes nor descriptors behind."""
    quick_cells.result("def f(): return 1")
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    processes = len(quick_cells.processes())
    for _ in range(100):
        quick_cells.close_cell()
        quick_cells.result("def f(): return 1")
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2
    assert len(quick_cells.processes()) <= processes + 1


def test_cells_of_one_launcher_are_apart(cells):
    """Two cells at once have folders of their own, also where both have the same name."""
    one = Cell(cells.launcher.spawn(), 5)
    other = Cell(cells.launcher.spawn(), 5)
    try:
        for cell, name in ((one, "mine"), (other, "yours")):
            cell.do(Start("ex", {}, {"ex.py": f"open({name!r}, 'w').close()".encode()}), None, None)
        for cell, name in ((one, "mine"), (other, "yours")):
            assert cells.plain(cell.do(Files(), None, None)) == {name: b""}
    finally:
        one.close()
        other.close()


def test_the_launcher_suits_the_system():
    """Linux forks; elsewhere each cell is a process of its own."""
    made = launcher({})
    try:
        assert type(made).__name__ == ("Zygote" if LINUX else "Spare")
    finally:
        made.close()


@pytest.fixture(params=["wheel", "editable", "path"])
def installed(request, tmp_path):
    """A Python in which this project is installed like that; the libraries are those of this one."""
    if sys.platform == "win32":
        pytest.skip("needs symbolic links")
    venv.create(tmp_path / "venv", symlinks=True)
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if path.suffix != ".pth" and not path.name.startswith(("grader", "cassette_grader", "__editable__")):
            (site / path.name).symlink_to(path)
    if request.param == "wheel":
        shutil.copytree(ROOT / "grader", site / "grader")
    elif request.param == "path":
        (site / "project.pth").write_text(f"{ROOT}\n")
    else:  # what setuptools writes for `pip install -e .` in a project with several folders
        (site / "editable.pth").write_text("import editable_finder; editable_finder.install()\n")
        (site / "editable_finder.py").write_text(
            textwrap.dedent(f"""
            import sys
            from importlib.machinery import PathFinder
            class Finder:
                @classmethod
                def find_spec(cls, name, path=None, target=None):
                    if name.partition(".")[0] == "grader":
                        above = {str(ROOT)!r} + "".join("/" + part for part in name.split(".")[:-1])
                        return PathFinder.find_spec(name, [above])
            def install():
                sys.meta_path.append(Finder)
            """)
        )
    return tmp_path / "venv" / "bin" / "python"


@pytest.mark.parametrize("most", [4, 3])
def test_an_installed_grader_starts_cells(installed, tmp_path, most):
    """Installed in whichever way, cells start, find the libraries, and cannot read the rest of the grader."""
    script = tmp_path / "judge.py"
    script.write_text(
        textwrap.dedent(f"""
        from grader.cell.launch import launcher
        from grader.cell.protocol import Call, Start
        from grader.cell.supervisor import Cell
        from grader.cell.values import Items, Pairs, unpack
        made = launcher({{}}, {most})
        try:
            cell = Cell(made.spawn(), 20)
            cell.do(Start("ex", {{}}, {{"ex.py": {IMPORTS.encode()!r}}}), None, None)
            tier = made.ready().isolation.tier
            print(tier, unpack(cell.do(Call(None, "f", Items("list", []), Pairs([])), None, None).value, None))
        finally:
            made.close()
        """)
    )
    ran = subprocess.run([installed, "-P", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.stdout in (f"{most} (['worker.py'], 'openai')\n", UNHELD), ran.stderr[-1000:]


def test_the_entry_is_a_file_of_its_own():
    """A cell is started by the path of a file, so that no package of the project is imported before."""
    assert ENTRY.is_file()
    assert ENTRY.name == "__main__.py"
