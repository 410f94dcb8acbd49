"""A warm, answer-free process that is forked for each exercise (Linux).

The judge speaks to it in packets: `fork FOLDER` with the worker's socket and output attached, answered by the
worker's pid and a descriptor of the process; `end PID SECONDS` waits that long for the worker to end by itself,
kills its group, and answers `exit N` or `signal N`; `kill PID` does the same at once and without an answer.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
import time
from pathlib import Path

from grader.cell import isolation, worker
from grader.cell.isolation import kernel, layers, probe, process
from grader.cell.isolation.layers import World
from grader.cell.protocol import Ready, frame
from grader.cell.warm import warm_up, warm_up_the_rest

MANY = 3  # forks: not a run of one exercise, which should not wait for what it may not use


def serve(control: socket.socket, top: Path, most: int) -> None:
    """Find out which tier holds, `most` at best; fork workers until the judge is gone, and leave none behind."""
    attempt = probe.begin(most, top) if most in probe.TIERS else None  # it runs beside the imports
    gc.disable()  # imports make objects that stay; looking for garbage among them costs a tenth of the start
    versions = warm_up()
    gc.freeze()  # a worker's collections then leave the shared pages alone
    gc.enable()
    reached = probe.reached(attempt, top)
    own = layers.world(reached.tier)
    if reached.tier == isolation.NAMESPACES:
        child = layers.enter(own, top)
        if child:
            control.close()
            os.waitpid(child, 0)
            os._exit(0)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    control.send(frame(Ready(versions, reached)))
    obey(control, own)


def obey(control: socket.socket, own: World) -> None:
    """Do what the judge says until it is gone."""
    alive: set[int] = set()
    forks = 0
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        match message.decode().split(" ", 1):
            case ["fork", folder]:
                pid = fork(control, Path(folder), own, *descriptors)
                alive.add(pid)
                tell(control, pid)
                forks += 1
                if forks == MANY:  # one worker works and one waits: there is time
                    warm_up_the_rest()
                    gc.freeze()
            case ["end", arguments]:
                number, seconds = arguments.split()
                alive.discard(int(number))
                control.send(end(int(number), float(seconds)).encode())
            case ["kill", number]:
                alive.discard(int(number))
                end(int(number), 0)
            case _:  # the judge is gone
                for pid in alive:  # all at once; what a process held is given back at the same time
                    kill(pid)
                for pid in alive:
                    os.waitpid(pid, 0)
                os._exit(0)  # there is nothing to tidy up in a process that holds only modules


def tell(control: socket.socket, pid: int) -> None:
    """Tell the judge of a worker: its id among ours, and a descriptor, which means the same process everywhere."""
    try:
        process = os.pidfd_open(pid)
    except OSError:  # old kernels have none
        control.send(str(pid).encode())
        return
    socket.send_fds(control, [str(pid).encode()], [process])
    os.close(process)


def fork(control: socket.socket, folder: Path, own: World, judge: int, output: int) -> int:
    """Fork a worker that talks on the descriptor `judge` and prints to `output`. Returns its pid."""
    zygote = os.getpid()
    pid = os.fork()
    if pid:
        os.close(judge)
        os.close(output)
        return pid
    try:
        process.end_with(zygote)
        control.close()
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.set_inheritable(judge, False)  # noqa: FBT003 - a program that student code starts does not get it
        worker.serve(socket.socket(fileno=judge), folder, own)
    except BaseException as error:  # noqa: BLE001 - a worker must never run on as a second zygote
        with contextlib.suppress(BaseException):
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(70)


def end(pid: int, seconds: float) -> str:
    """Wait up to `seconds` for the worker to end by itself, then kill its group. How it ended."""
    give_up = time.monotonic() + seconds
    while not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) and time.monotonic() < give_up:
        time.sleep(0.002)
    kill(pid)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return f"exit {code}" if code >= 0 else f"signal {-code}"


def kill(pid: int) -> None:
    """Kill a worker that was not waited for yet, and its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # it may not have come as far as setsid()
