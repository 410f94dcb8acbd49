"""Which tier holds here, found out by doing: a forked child enters it and tries what it forbids.

Only a refusal counts. The highest tier is tried while the zygote imports its libraries, the lower where it fails.
"""

import contextlib
import errno
import os
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from grader.cell import isolation
from grader.cell.isolation import Isolation, layers, libraries

SECONDS: Final = 10.0  # a probe takes milliseconds
HELD: Final = "held"
REFUSALS: Final = (errno.EPERM, errno.EACCES, errno.ENOENT, errno.ESRCH, errno.EROFS, errno.ENOSYS)
TIERS: Final = (isolation.NAMESPACES, isolation.LANDLOCK)


class Attempt(NamedTuple):
    """A probe that runs: the tier, its process, and where its answer comes from."""

    tier: int
    process: int
    answer: int


def begin(tier: int, top: Path) -> Attempt:
    """Try a tier in a forked child; its folders are made in `top`. Does not wait."""
    answer, child = os.pipe()
    judge = os.getppid()
    pid = os.fork()
    if pid:
        os.close(child)
        return Attempt(tier, pid, answer)
    try:
        text = problem(tier, top, judge) or HELD
    except BaseException as error:  # noqa: BLE001 - whatever it is, the tier does not hold
        text = str(error).partition("] ")[2] or str(error) or type(error).__name__  # without "[Errno 1] "
    with contextlib.suppress(OSError):
        os.write(child, text.encode()[:500])
    os._exit(0)


def end(attempt: Attempt) -> str:
    """Wait for an attempt: empty where the tier holds, else what is wrong with it."""
    text = b""
    if select.select([attempt.answer], [], [], SECONDS)[0]:
        text = os.read(attempt.answer, 1000)
    os.close(attempt.answer)
    if not text:
        with contextlib.suppress(ProcessLookupError):
            os.kill(attempt.process, 9)
    os.waitpid(attempt.process, 0)
    return "" if text == HELD.encode() else text.decode(errors="replace") or "the probe ended without a word"


def reached(first: Attempt | None, top: Path) -> Isolation:
    """The tier that holds, from that of the first attempt downwards."""
    missing = []
    for tier in TIERS:
        if first is None or tier > first.tier:
            missing.append(f"tier {tier} was not tried")
            continue
        wrong = end(first if tier == first.tier else begin(tier, top))
        if not wrong:
            return Isolation(tier, "; ".join(missing))
        missing.append(f"tier {tier}: {wrong}")
    return Isolation(isolation.PROCESS, "; ".join(missing))


def problem(tier: int, top: Path, judge: int) -> str:
    """Enter a tier and try what it forbids. What was not refused; empty where all was. Raises OSError."""
    own = layers.world(tier)
    folder = layers.first_folder(top)
    if tier == isolation.NAMESPACES:
        child = layers.enter(own, top)
        if child:
            os.waitpid(child, 0)
            os._exit(0)  # the child has given the answer
    else:
        folder.mkdir(exist_ok=True)
    layers.confine(own, folder)
    os.chdir(folder)
    Path("probe").write_text("its own folder serves", "ascii")
    thread = threading.Thread(target=Path("probe").unlink)
    thread.start()
    thread.join()
    return open_doors(forbidden(top, judge) | {"starting a program": execute})


def sandboxed(top: Path) -> Isolation:
    """The tier of a process that macOS's sandbox may hold (untested)."""
    wrong = open_doors(forbidden(top, os.getppid()))
    if wrong:
        return Isolation(isolation.PROCESS, f"{isolation.LINUX_ONLY}; tier {isolation.SANDBOX}: {wrong}")
    return Isolation(isolation.SANDBOX, isolation.LINUX_ONLY)


def open_doors(acts: dict[str, Callable[[], object]]) -> str:
    """Which acts are not refused, in words; empty where all are."""
    names = [name for name, act in acts.items() if not refused(act)]
    return f"not refused: {', '.join(names)}" if names else ""


def forbidden(top: Path, judge: int) -> dict[str, Callable[[], object]]:
    """What hostile code would do to the judge, by name."""
    return {
        "reading the grader's files": (libraries.GRADER / "cli.py").read_bytes,
        "writing outside the working folder": (top / "probe").touch,
        "reading the judge's memory": lambda: Path(f"/proc/{judge}/mem").open("rb").close(),
        "connecting to a port": lambda: socket.socket().connect(("127.0.0.1", 9)),
        "starting a process": fork,
        "sending a signal": lambda: os.kill(judge, 0),
    }


def execute() -> None:
    """Become another program, which gives no answer."""
    os.execv("/bin/true", ["true"])  # noqa: S606 - it must be refused


def fork() -> None:
    """Start a process that ends at once."""
    if os.fork() == 0:
        os._exit(0)


def refused(act: Callable[[], object]) -> bool:
    """Whether the kernel forbids an act. That it fails otherwise, such as at a closed port, proves nothing."""
    try:
        act()
    except OSError as error:
        return error.errno in REFUSALS
    return False
