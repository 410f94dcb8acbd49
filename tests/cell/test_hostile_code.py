"""However student code ends or cheats, its cell ends with a verdict, and the judge goes on."""

import os
import struct
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.cell import protocol
from grader.cell.isolation import Isolation
from grader.cell.protocol import Raised, Reply, Returned, Start
from grader.cell.supervisor import MAX_OUTPUT, MAX_REQUESTS, CellDiedError

POSIX = sys.platform != "win32"
LINUX = sys.platform == "linux"
SHORT = 0.3  # seconds that a call may last which is meant to last for ever
FIND_THE_SOCKET = """
import os, stat, struct, time
from grader.cell import protocol
def sockets():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass
def write(data):
    (number,) = sockets()
    while data:
        data = data[os.write(number, data):]
"""
NOT_A_MESSAGE = "a frame that cannot be decoded"
NOT_ASKED_FOR = "a frame that nobody asked for"


def memory():
    """The megabytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def raw(body):
    """A frame around these bytes."""
    return struct.pack("!I", len(body)) + body


@pytest.mark.parametrize("code", [0, 3])
def test_exit_without_an_answer(cells, code):
    """os._exit ends the cell, at import or in a call; the verdict says with which code."""
    assert cells.death(f"import os\nos._exit({code})") == ("crashed", f"exit {code}")
    assert cells.death(f"import os\ndef f(): os._exit({code})") == ("crashed", f"exit {code}")


@pytest.mark.skipif(not POSIX, reason="Windows has no signals")
def test_a_signal_is_named(cells):
    """A segmentation fault is a crash with its signal."""
    assert cells.death("import os\ndef f(): os.kill(os.getpid(), 11)") == ("crashed", "signal 11")


@pytest.mark.skipif(not POSIX, reason="Windows has no signals")
@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("os.abort()", "signal 6"),
        ("ctypes.string_at(1)", "signal 11"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("os.killpg(0, signal.SIGKILL)", "signal 9"),
        ("os.kill(0, signal.SIGTERM)", "signal 15"),
        ("threading.Thread(target=os._exit, args=(0,)).start(); time.sleep(60)", "exit 0"),
        ("os.closerange(3, 256)", "exit 70"),
        ("resource.setrlimit(resource.RLIMIT_CPU, (0, 0)); exec('while True: pass')", "signal 9"),
    ],
    ids=lambda value: value[:30],
)
def test_ways_to_crash(quick_cells, code, detail):
    """Whatever ends the process is a crash, told apart by how it ended."""
    source = f"import ctypes, os, resource, signal, threading, time\ndef f(): {code}"
    assert quick_cells.death(source) == ("crashed", detail)
    assert quick_cells.result("def f(): return 'next'") == "next"


def test_an_endless_loop_is_a_timeout(cells):
    """A loop that does not end is ended after its time, and not much later."""
    source = "def f():\n    while True: pass"
    assert not isinstance(cells.start(source, seconds=SHORT), Raised)
    begun = time.monotonic()
    with pytest.raises(CellDiedError) as died:
        cells.call("f")
    assert (str(died.value.verdict), died.value.detail) == ("timeout", "0.3 seconds")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("code", ["time.sleep(1e9)", "wait()", "regex()"])
def test_an_endless_call_is_a_timeout(quick_cells, code):
    """The same where code waits, or holds the interpreter."""
    source = f"""
        import re, threading, time
        def wait():
            threading.Event().wait()
        def regex():
            re.match("(a+)+$", "a" * 60 + "b")
        def f():
            {code}
        """
    assert quick_cells.death(source, seconds=SHORT) == ("timeout", "0.3 seconds")


def test_an_endless_file_is_a_timeout(quick_cells):
    """The same while the module is loaded, and where it stops every exception."""
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    assert quick_cells.death(source, seconds=SHORT) == ("timeout", "0.3 seconds")


@pytest.mark.skipif(not POSIX, reason="Windows has no signals")
def test_signal_handlers_do_not_stop_the_clock(quick_cells):
    """Code that ignores every signal is ended all the same."""
    source = """
        import signal
        def f():
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True: pass
        """
    assert quick_cells.death(source, seconds=SHORT) == ("timeout", "0.3 seconds")


@pytest.mark.parametrize(
    "flood",
    ["print('x' * 100_000_000)", "[print('x' * 100) for _ in range(10**6)]", "os.write(2, b'x' * 100_000_000)"],
)
def test_a_flood_of_output_is_ended(quick_cells, flood):
    """Output beyond the limit ends the cell; the judge keeps only what the limit allows."""
    quick_cells.start(f"import os, sys\ndef f():\n    {flood}\n    while True: os.write(1, b'y' * 1000)")
    before = memory() if LINUX else 0
    begun = time.monotonic()
    with pytest.raises(CellDiedError) as died:
        quick_cells.call("f")
    assert (str(died.value.verdict), died.value.detail) == (
        "output_limit",
        f"more than {MAX_OUTPUT} bytes printed",
    )
    assert time.monotonic() - begun < 5
    if LINUX:
        assert memory() - before < 16


def test_a_hundred_megabytes_of_print_on_both_launchers(cells):
    """One line of 100 MB is too much, however cells are started."""
    verdict, detail = cells.death("def f(): print('x' * 100_000_000)")
    assert (verdict, detail) == ("output_limit", f"more than {MAX_OUTPUT} bytes printed")


def test_output_below_the_limit_is_kept_whole(quick_cells):
    """A megabyte may be printed, over many writes, and is all there when the call ends."""
    quick_cells.start("def f():\n    for number in range(50_000): print(f'{number:09}', end=',')")
    quick_cells.value("f")
    assert quick_cells.printed == "".join(f"{number:09}," for number in range(50_000))


def test_closed_or_replaced_streams_do_no_harm(quick_cells):
    """Code that closes stdout, or puts a broken object there, still gives its answer."""
    source = """
        import os, sys
        class Broken:
            def __getattr__(self, name): raise RuntimeError
        def f():
            sys.stdout.close()
            sys.stderr = Broken()
            os.close(1)
            os.close(2)
            return "answer"
        """
    quick_cells.close_cell()
    assert quick_cells.result(source) == "answer"
    quick_cells.close_cell()


@pytest.mark.skipif(not POSIX, reason="needs exec")
def test_another_program_in_the_cells_place(open_cells):
    """Code that turns its process into another program has given no answer."""
    arguments = "b'/bin/sh', b'sh', b'-c', b'exit 0', None"
    source = f"import ctypes\ndef f(): ctypes.CDLL(None).execl({arguments})"
    assert open_cells.death(source) == ("crashed", "exit 0")


@pytest.mark.skipif(not POSIX, reason="needs fork")
@pytest.mark.parametrize("kind", ["process", "spare"] if LINUX else ["spare"])
@pytest.mark.parametrize("daemon", [b"sleep 60 &", b"setsid sleep 60 &", b"(sleep 60 &)"])
def test_a_child_that_holds_stdout_does_not_delay_the_outcome(kind, daemon, new_of_kind):
    """A grandchild that was started past all care may live on; the answer, and a crash, are noticed at once."""
    cells = new_of_kind(kind)
    source = f"""
        import ctypes, os
        def f():
            print("before", flush=True)
            ctypes.CDLL(None).system({daemon!r})
            return "answer"
        def g():
            ctypes.CDLL(None).system({daemon!r})
            os._exit(0)
        """
    assert not isinstance(cells.start(source, seconds=3), Raised)
    begun = time.monotonic()
    assert cells.value("f") == "answer"
    assert cells.printed == "before\n"
    with pytest.raises(CellDiedError) as died:
        cells.call("g")
    assert (str(died.value.verdict), died.value.detail) == ("crashed", "exit 0")
    assert time.monotonic() - begun < 15


@pytest.mark.skipif(not POSIX, reason="needs fork")
def test_a_fork_that_stays_does_not_delay_the_outcome(open_cells):
    """A child that shares the cell's own connection is no hindrance either."""
    source = """
        import ctypes, os, time
        def f():
            if ctypes.CDLL(None).fork() == 0:
                time.sleep(60)
                os._exit(0)
            return "answer"
        """
    open_cells.close_cell()
    begun = time.monotonic()
    assert open_cells.result(source) == "answer"
    open_cells.close_cell()
    assert time.monotonic() - begun < 15


@pytest.mark.skipif(not LINUX, reason="needs /proc")
@pytest.mark.parametrize("kind", ["process", "spare"])
def test_children_in_the_cells_group_end_with_it(kind, new_of_kind):
    """Closing a cell leaves none of the processes that its code started in its group."""
    new_cells = new_of_kind(kind)
    source = f"""
        import ctypes, os
        def f():
            os.environ["GRADER_TEST_MARK"] = {new_cells.mark!r}
            return [child() for _ in range(3)]
        def child():
            libc = ctypes.CDLL(None)
            pid = libc.fork()
            if pid == 0:
                libc.execlp(b"sleep", b"sleep", b"60", None)
            return pid
        """
    children = set(new_cells.result(source))
    give_up = time.monotonic() + 5  # a process that becomes another program has no environment for a moment
    while not children <= set(new_cells.processes()) and time.monotonic() < give_up:
        time.sleep(0.01)
    assert children <= set(new_cells.processes())
    new_cells.close_cell()
    give_up = time.monotonic() + 5
    while children & set(new_cells.processes()) and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not children & set(new_cells.processes())


@pytest.mark.skipif(not LINUX, reason="only Linux limits the address space")
@pytest.mark.parametrize("value", ["bytearray(10**11)", "[0] * 10**11", "grow()"])
def test_memory_is_limited(quick_cells, value):
    """A memory bomb raises MemoryError in the cell, which lives on."""
    quick_cells.start(f"""
        def grow():
            blocks = []
            while True:
                blocks.append(bytes(10**9))
        def f():
            {value}
        def g():
            return "alive"
        """)
    assert quick_cells.call("f").kind == "MemoryError"
    assert quick_cells.value("g") == "alive"


@pytest.mark.skipif(not POSIX, reason="Windows has no limit")
def test_a_huge_file_is_refused(quick_cells):
    """A file cannot grow beyond its limit, and the attempt is the code's own exception."""
    source = """
        def f():
            with open("big", "wb") as file:
                file.truncate(10**12)
        """
    quick_cells.start(source)
    assert quick_cells.call("f").kind == "OSError"


@pytest.mark.parametrize(
    ("data", "verdict", "detail"),
    [
        (raw(b"\xc1\xc1\xc1"), "tampered", NOT_A_MESSAGE),
        (raw(b"\x80"), "tampered", NOT_A_MESSAGE),
        (raw(b"\x91" * 1_000_000), "tampered", NOT_A_MESSAGE),
        (raw(b"\xdd\xff\xff\xff\xff"), "tampered", NOT_A_MESSAGE),
        (b"\xff\xff\xff\xff", "output_limit", f"a frame of {2**32 - 1} bytes"),
        (b"\0\0\0\0", "output_limit", "a frame of 0 bytes"),
        (struct.pack("!I", protocol.MAX_FRAME + 1), "output_limit", f"a frame of {protocol.MAX_FRAME + 1} bytes"),
        (protocol.frame(Returned(10**6, "forged")), "tampered", NOT_ASKED_FOR),
        (protocol.frame(Returned(-1, "forged")), "tampered", NOT_ASKED_FOR),
        (protocol.frame(Raised(10**6, "Error", [], "", None, own=True)), "tampered", NOT_ASKED_FOR),
        (protocol.frame(protocol.Ready({}, Isolation(4, ""))), "tampered", NOT_ASKED_FOR),
        (protocol.frame(Reply(200, {}, [])), "tampered", NOT_A_MESSAGE),
        (protocol.frame(protocol.Files(1)), "tampered", NOT_A_MESSAGE),
        (struct.pack("!I", 1000), "tampered", NOT_A_MESSAGE),
        (b"\0\0\0", "tampered", NOT_A_MESSAGE),
    ],
    ids=lambda value: value[:12].hex() if isinstance(value, bytes) else None,
)
def test_a_forged_frame_is_noticed(quick_cells, data, verdict, detail):
    """What no honest cell sends ends it: as tampering, or as too much where a length says so.

    The last two swallow the beginning of the cell's own frame.
    """
    source = FIND_THE_SOCKET + "def f(data):\n    write(data)\n    return 'x' * 2000\n"
    found = quick_cells.death(source, data)
    assert found[0] == verdict or (detail == NOT_A_MESSAGE and found[0] == "output_limit" and len(data) < 4)
    assert found[1] == detail or found[0] != verdict


def test_a_frame_that_never_ends_is_a_timeout(quick_cells):
    """A length without its bytes, or nothing at all, is waited for until the time is up."""
    for data in (b"\0", struct.pack("!I", 1000) + b"x", b""):
        source = FIND_THE_SOCKET + "def f(data):\n    write(data)\n    time.sleep(60)\n"
        assert quick_cells.death(source, data, seconds=0.2) == ("timeout", "0.2 seconds")


def test_forging_on_both_launchers(cells):
    """The same where each cell is a process of its own."""
    source = FIND_THE_SOCKET + "def f(data):\n    write(data)\n"
    assert cells.death(source, protocol.frame(Returned(10**6, 1))) == ("tampered", NOT_ASKED_FOR)


FIND_THE_NUMBER = """
import sys
def present_call():
    frame = sys._getframe()
    while frame:
        for thing in frame.f_locals.values():
            if isinstance(thing, protocol.Call): return thing.call
        frame = frame.f_back
"""


def test_an_answer_to_another_call_is_not_believed(quick_cells):
    """Code that learns the number of its own call cannot answer the next one in advance."""
    source = (
        FIND_THE_SOCKET
        + """
import gc
def call_number():
    return next(one.call for one in gc.get_objects() if isinstance(one, protocol.Call))
def f(ahead):
    number = call_number()
    answers = [protocol.Returned(number + more, "forged") for more in (0, *range(ahead, ahead + 100))]
    write(b"".join(map(protocol.frame, answers)))
    return "honest"
"""
    )
    for ahead in (0, 1):
        assert not isinstance(quick_cells.start(source), Raised)
        assert quick_cells.value("f", ahead) in ("forged", "honest")  # its own answer is its own affair
        with pytest.raises(CellDiedError) as died:
            quick_cells.call("f", ahead)
        assert (str(died.value.verdict), died.value.detail) == ("tampered", NOT_ASKED_FOR)


@pytest.mark.parametrize("close", ["os.close(number)", "os.dup2(os.open(os.devnull, os.O_RDWR), number)"])
def test_a_closed_connection_is_a_crash(quick_cells, close):
    """Code that takes the connection away has given no answer."""
    source = FIND_THE_SOCKET + f"def f():\n    (number,) = sockets()\n    {close}\n    return 1\n"
    assert quick_cells.death(source, seconds=2)[0] in ("crashed", "timeout")


def test_a_shut_connection_of_a_process_that_stays(quick_cells):
    """Code that hangs up and lives on is ended."""
    source = (
        FIND_THE_SOCKET
        + """
import socket
def f():
    (number,) = sockets()
    socket.socket(fileno=number).shutdown(socket.SHUT_RDWR)
    time.sleep(60)
"""
    )
    begun = time.monotonic()
    assert quick_cells.death(source)[0] == "crashed"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("message", "verdicts"),
    [
        (protocol.Request("GET", "http://x/", {}, b"", None), {"output_limit", "timeout"}),
        (protocol.Request("GET", "http://x/", {}, b"x" * 100_000, None), {"output_limit", "timeout"}),
        (protocol.Refused("x" * 1000, None), {"output_limit", "timeout"}),
    ],
    ids=["requests", "big requests", "attempts"],
)
def test_a_flood_of_frames_is_ended(quick_cells, message, verdicts):
    """Endless requests or attempts end with a limit, and the judge does not grow."""
    source = FIND_THE_SOCKET + "def f(data):\n    while True: write(data)\n"
    before = memory() if LINUX else 0
    quick_cells.start(source, seconds=0.5)
    with pytest.raises(CellDiedError) as died:
        quick_cells.call("f", protocol.frame(message))
    assert str(died.value.verdict) in verdicts
    assert len(quick_cells.requests) <= MAX_REQUESTS
    if LINUX:
        assert memory() - before < 150


def test_big_requests_are_counted_by_their_bytes(quick_cells):
    """Code that sends megabytes again and again is stopped before the judge has had to hold all of them."""
    source = """
        import httpx2
        def f():
            with httpx2.Client() as client:
                while True:
                    client.post("http://x/y", content=b"x" * 4_000_000)
        """
    quick_cells.start(source, seconds=5)
    with pytest.raises(CellDiedError) as died:
        quick_cells.call("f")
    assert str(died.value.verdict) == "output_limit"
    assert sum(len(request.body) for request in quick_cells.requests) < 100_000_000


def test_an_honest_loop_of_requests_ends(quick_cells):
    """Code that asks again and again is stopped by the number of its requests."""
    source = """
        import httpx2
        def f():
            with httpx2.Client() as client:
                while True:
                    client.get("http://x/y")
        """
    assert quick_cells.death(source) == ("output_limit", f"more than {MAX_REQUESTS} requests")


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(max_size=64),
        st.binary(max_size=64).map(raw),
        st.lists(
            st.sampled_from([b"\x83", b"\xa4type", b"\xa8returned", b"\xa4call", b"\x01", b"\xa5value", b"\xc0"])
        )
        .map(b"".join)
        .map(raw),
    )
)
def test_no_bytes_reach_beyond_the_cell(quick_cells, data):
    """Whatever student code writes, the judge sees an outcome or a dead cell."""
    source = FIND_THE_SOCKET + "def f(data):\n    write(data)\n    return 1\n"
    found = quick_cells.death(source, data, seconds=1)
    if isinstance(found, tuple):
        assert found[0] in ("tampered", "output_limit", "timeout", "crashed")
    else:
        assert isinstance(found, Returned | Raised)


HOSTILE_OBJECTS = {
    "repr": "class A:\n    def __repr__(self): raise SystemExit\ndef f(): return A()",
    "class": "class A:\n    __class__ = property(lambda self: 1 / 0)\ndef f(): return A()",
    "model": "import pydantic\nclass A:\n    __class__ = pydantic.BaseModel\ndef f(): return A()",
    "hash": "class A:\n    def __hash__(self): raise SystemExit\ndef f(): return [A()]",
    "name": "class M(type):\n    __name__ = 5\nclass A(metaclass=M): pass\ndef f(): return A()",
    "long name": "A = type('x' * 1_000_000, (), {})\ndef f(): return A()",
    "getattr": "class A:\n    def __getattr__(self, name): raise SystemExit\ndef f(): return A()",
    "keys": "class K(type):\n    __eq__ = lambda *a: 1 / 0\n    __hash__ = id\ndef f(): return {K('A', (), {})}",
    "raised": "class A(Exception):\n    __class__ = property(lambda self: 1 / 0)\ndef f(): raise A",
    "raised name": "class M(type):\n    __name__ = 5\nclass A(Exception, metaclass=M): pass\ndef f(): raise A",
    "raised line": "def f():\n    e = SyntaxError('x')\n    e.filename = __file__; e.lineno = 'y'\n    raise e",
    "library": "def f(): raise ModuleNotFoundError(name=type('A', (), {'__str__': lambda s: 1 / 0})())",
    "names": "globals()['x' + chr(0xd800)] = len",
    "dir": "def __dir__(): return [5]",
    "await": "class A:\n    def __await__(self): raise SystemExit\ndef f(): return A()",
    "coroutine": "async def f():\n    raise SystemExit",
    "generator": "def f():\n    raise SystemExit\n    yield",
    "recursion": "class A(dict):\n    pass\ndef f():\n    a = A(); a[1] = a\n    return a",
    "builtins": "import builtins as b\ndef f():\n    b.isinstance = b.type = b.len = None\n    return 1",
    "modules": "import sys\ndef f():\n    sys.modules.clear()\n    return 1",
    "patched sdk": "import openai\nopenai.OpenAI = None\ndef f(): return 1",
    "patched cell": "from grader.cell import worker\nworker.Packer = None\ndef f(): return 1",
    "trace": "import sys\nsys.settrace(lambda *a: 1 / 0)\ndef f(): return 1",
    "stack": "import sys\nsys.setrecursionlimit(10**9)\ndef g(n): return g(n + 1)\ndef f(): return g(0)",
    "gc": "import gc\ndef f():\n    for o in gc.get_objects():\n        if isinstance(o, dict): o.clear()",
}


@pytest.mark.parametrize("source", HOSTILE_OBJECTS.values(), ids=HOSTILE_OBJECTS)
def test_hostile_objects_are_an_outcome_or_a_crash(quick_cells, source):
    """Objects that lie, fail or attack while they are packed never reach the judge, and the next cell works."""
    found = quick_cells.death(source, seconds=1)
    if isinstance(found, tuple):
        assert found[0] in ("crashed", "tampered", "timeout")
        assert found[1].startswith(("exit", "signal", "1 seconds")) or found[1] == NOT_A_MESSAGE
    else:
        assert isinstance(found, Returned | Raised)
    quick_cells.close_cell()
    assert quick_cells.result("def f(): return 1") == 1


def test_a_crash_keeps_what_was_printed(quick_cells):
    """The last words of a process that crashed are there for the student."""
    quick_cells.start("import os\ndef f():\n    print('last words', flush=True)\n    os._exit(3)")
    cell = quick_cells.cell
    with pytest.raises(CellDiedError):
        quick_cells.call("f")
    assert cell.printed == "last words\n"


def test_a_dead_cell_may_be_closed_again(quick_cells):
    """close() is harmless after a crash, and twice."""
    quick_cells.start("import os\ndef f(): os._exit(3)")
    cell = quick_cells.cell
    with pytest.raises(CellDiedError):
        quick_cells.call("f")
    cell.close()
    cell.close()


def test_a_thread_that_asks_on_does_not_disturb_the_next_world(quick_cells):
    """A background thread of the world before must not take the judge's next command for its reply."""
    chatty = """
        import httpx2, threading, time
        def ask():
            while True:
                try:
                    httpx2.get("http://x/left-over")
                except Exception:
                    pass
        def f():
            threading.Thread(target=ask, daemon=True).start()
        """
    quick_cells.start(chatty, seconds=2)
    quick_cells.call("f")
    spoilt = quick_cells.cell
    outcome = quick_cells.do(Start("ex", {}, {"ex.py": b""}))  # while it is done, the thread may get an answer
    assert outcome.value is False  # a new cell is needed, and the present one still serves
    for _ in range(20):
        assert quick_cells.result("def f(): return 'clean'", seconds=2) == "clean"
        assert quick_cells.requests == []
    assert quick_cells.cell is not spoilt
