"""Judges side by side, one a core. Where a judge ends, its submission is tried again."""

import contextlib
import queue
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import msgspec

from grader import settings
from grader.batch.tasks import Graded, Task
from grader.errors import GraderError

MOST_SECONDS = 600.0  # for one submission; its calls have limits of their own, so a judge that needs longer hangs
TRIES = 2  # a judge that ends twice over one submission gives it up


class JudgeDiedError(Exception):
    """A judge ended, or did not answer."""


class Judge:
    """A judge in a process of its own."""

    def __init__(self, root: Path, lesson: str, options: Iterable[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "grader.batch.judge", str(root), lesson, *options],
            env=settings.judge_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the command's; it ends its judges itself
        )

    def grade(self, task: Task) -> Graded:
        """Grade one submission. Raises JudgeDiedError; GraderError where the lesson itself is wrong."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise JudgeDiedError("it has no pipes")
        try:
            stdin.write(msgspec.json.encode(task) + b"\n")
            stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(stdout, selectors.EVENT_READ)
                line = stdout.readline() if selector.select(MOST_SECONDS) else b""
        except (OSError, ValueError) as error:
            raise JudgeDiedError(str(error)) from None
        if not line.endswith(b"\n"):
            raise JudgeDiedError("the judge ended, or did not answer")
        graded = msgspec.json.decode(line, type=Graded)
        if graded.error and not graded.name:
            raise GraderError(graded.error)
        return graded

    def close(self) -> None:
        """End it; its cells end with it."""
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def interrupt(self) -> None:
        """End it as Ctrl-C does, so that it puts its folders away; another thread may wait for its answer."""
        self._process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)


class Pool:
    """So many judges, each with a thread that feeds it."""

    def __init__(self, start: Callable[[], Judge], tasks: Iterable[Task], jobs: int) -> None:
        self._start = start
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            self._tasks.put(task)
        self._found: queue.SimpleQueue[Graded | GraderError | None] = queue.SimpleQueue()
        self._judges: set[Judge] = set()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]

    def graded(self) -> Generator[Graded]:
        """What came of each task, in the order in which it came. Raises GraderError for a wrong lesson.

        A task without a report is one that no judge survived; `error` says so. To leave the loop ends all judges.
        """
        for thread in self._threads:
            thread.start()
        working = len(self._threads)
        try:
            while working:
                found = self._found.get()
                if isinstance(found, GraderError):
                    raise found
                if found is None:
                    working -= 1
                else:
                    yield found
        finally:
            self._stopping.set()
            for judge in tuple(self._judges):
                judge.interrupt()
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        """Feed one judge until nothing is left to do."""
        judge = None
        try:
            while not self._stopping.is_set():
                task = self._tasks.get_nowait()
                for tried in range(1, TRIES + 1):
                    judge = judge or self._new()
                    try:
                        self._found.put(judge.grade(task))
                        break
                    except JudgeDiedError as error:
                        self._close(judge)
                        judge = None
                        if self._stopping.is_set():
                            return
                        if tried == TRIES:
                            self._found.put(Graded(task.name, error=str(error)))
        except queue.Empty:
            pass
        except GraderError as error:
            self._found.put(error)
        finally:
            if judge:
                self._close(judge)
            self._found.put(None)

    def _new(self) -> Judge:
        judge = self._start()
        self._judges.add(judge)
        return judge

    def _close(self, judge: Judge) -> None:
        self._judges.discard(judge)
        judge.close()
