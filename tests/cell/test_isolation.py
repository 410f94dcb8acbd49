"""Each tier, proved by doing in real cells: what it forbids is tried, below Python, and must be refused."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.cell.protocol import Raised
from grader.cell.supervisor import CellDiedError
from tests.restricted import LIKE_DOCKER, NOBODY

if sys.platform != "linux":
    pytest.skip("kernel isolation is for Linux", allow_module_level=True)

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ISOLATED = ["namespaces", "landlock"]
# what code can do at tier 1, so that the refusals above it are no accident
OPEN_AT_PROCESS = [
    *("read a file", "list the root", "write a file", "create beside", "move a file", "connect"),
    *("connect to a path", "send a datagram", "send a message", "fork", "system", "signal the judge"),
    "memory file",
]
REFUSED = {"EPERM", "EACCES", "ENOENT", "EROFS", "ENOSYS", "ESRCH", "EXDEV"}


@pytest.fixture
def target(tmp_path):
    """What hostile code aims at: a file, a port and a socket file that answer."""
    tmp_path.chmod(0o755)
    canary = tmp_path / "canary"
    canary.write_text("another student's answer")
    canary.chmod(0o666)
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        unix.bind(str(tmp_path / "socket"))
        (tmp_path / "socket").chmod(0o777)
        unix.listen()
        yield {"canary": str(canary), "port": tcp.getsockname()[1], "unix": str(tmp_path / "socket")}


def escapes(target, judge):
    """The submission that tries to leave its cell."""
    return (HERE / "escapes.py").read_text(
        "utf-8"
    ) + f"\nJUDGE, CANARY, PORT, UNIX = {(judge, *target.values())}\n"


def test_every_way_out_is_refused(isolated, target):
    """Files, processes, network, memory and signals of others are out of reach, whatever code tries."""
    found = isolated.result(escapes(target, os.getpid()))
    assert len(found) > 40
    assert {way: became for way, became in found.items() if became not in REFUSED} == {}
    assert Path(target["canary"]).read_text() == "another student's answer"


def test_the_ways_out_are_real(new_of_kind, target):
    """The same code succeeds where the kernel is not asked to refuse: the test above can fail."""
    cells = new_of_kind("process")
    source = escapes(target, os.getpid())
    assert not isinstance(cells.start(source), Raised)
    found = cells.value("f", OPEN_AT_PROCESS)
    assert {way: became for way, became in found.items() if not became.startswith("done")} == {}


def test_modes_of_others_files_stay(isolated, target):
    """Changing the mode or owner of a file seems to work, so that honest copying does, and changes nothing."""
    name = target["canary"]
    isolated.start(
        f"import os\ndef f():\n    os.chmod({name!r}, 0)\n    os.chown({name!r}, 1, 1)\n    return True"
    )
    assert isolated.value("f") is True
    assert Path(name).stat().st_mode & 0o777 == 0o666
    assert Path(name).stat().st_uid == os.getuid()


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="x86_64 has other tables of calls")
def test_other_tables_of_calls_end_the_cell(isolated):
    """A call by its x32 number would slip through a filter that knows the usual numbers only."""
    source = "import ctypes\ndef f(): return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 | 39))"
    assert isolated.death(source) == ("crashed", f"signal {signal.SIGSYS}")


def test_no_privileges_are_left(isolated):
    """Whoever runs the grader, its cells have no powers of root, and cannot get them back."""
    source = """
        import ctypes
        def f():
            header, data = ctypes.create_string_buffer(bytes([0x22, 5, 8, 0x20]) + bytes(4), 8), bytes(24)
            data = ctypes.create_string_buffer(24)
            ctypes.CDLL(None).capget(header, data)
            return data.raw
        """
    assert isolated.result(source) == bytes(24)


def test_a_world_of_its_own(new_of_kind):
    """At tier 4 the root holds libraries, four devices and the working folder, and no process of others."""
    cells = new_of_kind("namespaces")
    source = """
        import os
        PLACES = ("/proc", "/sys", "/home", "/var", "/usr/bin", "/bin", "/dev/null", "/usr/lib", "/dev")
        def f():
            return [path for path in PLACES if os.path.exists(path)], os.getppid(), os.getpid() < 100
        """
    present, parent, small = cells.result(source)
    assert {"/dev/null", "/usr/lib", "/dev"} <= set(present)
    assert not {"/proc", "/sys", "/home", "/var", "/usr/bin", "/bin"} & set(present)
    assert (parent, small) == (1, True)


def test_the_graders_own_files_are_hidden(isolated):
    """Of the grader a cell sees its own part only."""
    source = """
        import ctypes, grader.cell.worker as worker
        def f():
            here = worker.__file__.rpartition("/cell/")[0]
            libc = ctypes.CDLL(None)
            names = ("cell/worker.py", "cli.py", "judge/run.py", "../assignments", "../tests", "../.git")
            return [name for name in names if libc.open(f"{here}/{name}".encode(), 0) >= 0]
        """
    assert isolated.result(source) == ["cell/worker.py"]


def test_a_full_disk(new_of_kind):
    """At tier 4 the working folder holds so much and no more; the code reads of it as an ordinary error."""
    cells = new_of_kind("namespaces")
    cells.start("""
        def big():
            for number in range(100):
                with open(f"file{number}", "wb") as file:
                    file.write(bytes(10**7))
        def many():
            for number in range(10**6):
                open(f"file{number}", "w").close()
        """)
    for name in ("big", "many"):
        outcome = cells.call(name)
        assert outcome.kind == "OSError"
        assert "No space left on device" in outcome.message


@pytest.mark.parametrize("kind", ISOLATED)
def test_no_process_stays(kind, new_of_kind):
    """Neither a cell that goes on in threads nor one that is asleep outlives its end."""
    cells = new_of_kind(kind)
    source = """
        import threading, time
        def f():
            for _ in range(8):
                threading.Thread(target=time.sleep, args=(60,)).start()
        """
    cells.result(source)
    cells.close_cell()
    cells.launcher.close()
    assert cells.survivors() == {}


@pytest.mark.parametrize("kind", ISOLATED)
def test_the_judge_is_gone_and_so_are_its_cells(kind, new_of_kind):
    """When the first process of the isolated world is killed, everything in it ends."""
    cells = new_of_kind(kind)
    cells.start("import time\ndef f(): time.sleep(60)")
    leaders = [pid for pid, line in cells.processes().items() if " zygote " in line]
    thread = threading.Timer(0.2, os.kill, (min(leaders), signal.SIGKILL))
    thread.start()
    with pytest.raises(CellDiedError):
        cells.call("f")
    thread.join()
    assert cells.survivors() == {}


BROKEN_LATER = """
import os, sys
if sys.orig_argv[-1] == "4":  # the first fork is the probe, the second one enters
    fork, forks, me = os.fork, [], os.getpid()
    def limited():
        forks.append(1)
        if len(forks) == 2 and os.getpid() == me:
            raise OSError("no more processes")
        return fork()
    os.fork = limited
"""


def test_an_isolation_that_fails_after_its_probe_stops_nobody(tmp_path, quick_cells):
    """Tier 1 serves instead, and the reason is told."""
    (tmp_path / "sitecustomize.py").write_text(BROKEN_LATER)
    launcher = quick_cells.another({"PYTHONPATH": str(tmp_path)})
    try:
        said = launcher.ready().isolation
        assert said.tier == 1
        assert "no more processes" in said.missing
        cell = launcher.spawn()
        cell.kill()
        cell.forget()
    finally:
        launcher.close()


CONFINED = """
import json, os, sys
sys.path.insert(0, {path!r})
from grader.cell.forked import Zygote
from grader.cell.protocol import Call, Start
from grader.cell.supervisor import Cell
from grader.cell.values import Items, Pairs, unpack
{prologue}
launcher = Zygote({{"PYTHONPATH": {site!r}, "TMPDIR": {tmp!r}}}, {most})
try:
    cell = Cell(launcher.spawn(), 20)
    source = open({escapes!r}).read() + f"\\nJUDGE, CANARY, PORT, UNIX = {{(os.getpid(), *{target!r})}}\\n"
    started = cell.do(Start("ex", {{}}, {{"ex.py": source.encode()}}), None, None)
    found = unpack(cell.do(Call(None, "f", Items("list", []), Pairs([])), None, None).value, None)
    said = launcher.ready().isolation
    print(json.dumps([os.getuid(), said.tier, said.missing, found]))
finally:
    launcher.close()
"""


def confined(python, user, prologue, target, **where):
    """Run a judge whose cell tries to leave, as this user under these restrictions. What it found."""
    script = CONFINED.format(prologue=prologue, target=tuple(target.values()), **where)
    tmp = Path(where["tmp"])
    tmp.mkdir(exist_ok=True)
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    if user:
        os.chown(tmp, user, user)
    ran = subprocess.run(
        [python, "-B", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=60,
        env={"PYTHONPATH": where["site"], "PATH": "/usr/bin", "TMPDIR": str(tmp)},
        **as_user,
    )
    assert ran.stdout, ran.stderr[-2000:]
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("user", "prologue", "tier"),
    [
        pytest.param(0, LIKE_DOCKER, 3, id="root in a container"),
        pytest.param(NOBODY, "", 4, id="ordinary user"),
        pytest.param(NOBODY, LIKE_DOCKER, 3, id="ordinary user in a container"),
    ],
)
def test_whoever_runs_it(user, prologue, tier, common, target, tmp_path):  # noqa: PLR0913, PLR0917
    """For root and for ordinary users, free and in a container, the tier that is told holds."""
    if os.getuid() != 0:
        pytest.skip("only root can be somebody else")
    python, site, path = (str(common[name]) for name in ("python", "site", "path"))
    where = {
        "site": site,
        "path": path,
        "tmp": str(tmp_path / "tmp"),
        "escapes": str(common["folder"] / "escapes.py"),
    }
    uid, reached, missing, found = confined(python, user, prologue, target, most=4, **where)
    assert (uid, reached) == (user, tier), missing
    assert {way: became for way, became in found.items() if became not in REFUSED} == {}
    assert bool(missing) == (tier < 4)
    assert not prologue or missing.startswith("tier 4: unshare: Operation not permitted")
