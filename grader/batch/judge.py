"""A judge for many submissions: `python -m grader.batch.judge ROOT LESSON [OPTION ...]`, tasks in, reports out.

It reads a Task a line from standard input and writes a Graded a line to standard output, both JSON. The checks are
collected once, the zygote is warm, and a submission gets cells of its own. Options are those of pytest.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.batch.tasks import Graded, Task
from grader.errors import GraderError
from grader.judge import many
from grader.judge.many import Submitted
from grader.model import Report

GRACE = 2.0  # seconds that a judge whose coordinator is gone has to end by itself


def end_with_coordinator() -> None:
    """Wait until nobody can give tasks any more, then interrupt what still goes on, as Ctrl-C would."""
    closed = select.poll()
    closed.register(sys.stdin.fileno(), 0)  # no event is asked for: only the end of the pipe is told
    closed.poll()
    time.sleep(GRACE)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def submitted() -> Iterator[Submitted]:
    """The tasks of standard input, as the judge takes them."""
    decode = msgspec.json.Decoder(Task).decode
    for line in sys.stdin.buffer:
        task = decode(line)
        chosen = None if task.exercises is None else frozenset(task.exercises)
        yield Submitted(task.name, Path(task.folder), chosen, task.beside, task.unread)


def main(root: str, lesson: str, *options: str) -> None:
    """Grade until standard input ends."""
    if sys.platform == "linux":  # elsewhere a judge ends after the submission that it has begun
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
        threading.Thread(target=end_with_coordinator, daemon=True).start()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)  # pytest's own words go elsewhere
    begun = time.monotonic()

    def tell(graded: Graded) -> None:
        out.write(msgspec.json.encode(graded) + b"\n")

    def note(one: Submitted, report: Report) -> None:
        nonlocal begun
        now = time.monotonic()
        tell(Graded(one.name, report, round(now - begun, 3)))
        begun = now

    def lose(one: Submitted, error: Exception) -> None:
        tell(Graded(one.name, error=many.lost(error)))

    try:
        many.grade(Path(root), lesson, submitted(), note, lose=lose, options=options)
    except GraderError as error:
        tell(Graded("", error=str(error)))


if __name__ == "__main__":
    main(*sys.argv[1:])
