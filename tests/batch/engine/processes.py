"""`grader batch` as a process of its own, with all that it starts."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader import settings
from grader.batch.gradebook import NAME

PATIENCE = 30  # seconds until processes that nobody needs must be gone
ANSWERS = ("right", "wrong", "right", "ends", "right", "wrong")
COUNT = 18
OF_KIND = {"coordinator": "grader.cli", "judge": "grader.batch.judge", "zygote": "zygote"}


class Batch:
    """`grader batch` as a process, whose descendants are known by a mark in their environment."""

    def __init__(self, root, submissions, mark):
        self._root, self._submissions = root, submissions
        self._mark = f"/{mark}"

    def command(self, out, *more):
        """What is typed."""
        words = [
            sys.executable,
            "-m",
            "grader.cli",
            "batch",
            self._submissions,
            "--lesson",
            "numbers",
            "--out",
            out,
        ]
        return [str(word) for word in (*words, "--jobs", 2, "--require-isolation", 1, *more)]

    def start(self, out, *more, before=(), temporary=None, **options):
        """Start it; `before` stands before the command, and `options` are more of Popen's."""
        environment = settings.judge_environment()
        environment["PATH"] += f"{os.pathsep}{self._mark}"
        environment["TMPDIR"] = str(temporary or tempfile.gettempdir())
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(
            [*before, *self.command(out, *more)],
            cwd=self._root,
            env=environment,
            text=True,
            **streams | options,
        )

    def run(self, out, *more):
        """Run it to its end: exit code and what it said."""
        process = self.start(out, *more)
        told, _ = process.communicate(timeout=120)
        return process.returncode, told

    def alive(self):
        """The processes with the mark: pid and command."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self._mark.encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().decode(errors="replace")
        return found

    def of_kind(self, kind):
        """The living processes of a kind."""
        return sorted(pid for pid, command in self.alive().items() if OF_KIND[kind] in command.split("\0"))

    def left(self):
        """The processes that are still there after a while."""
        give_up = time.monotonic() + PATIENCE
        while self.alive() and time.monotonic() < give_up:
            time.sleep(0.05)
        return self.alive()


def results(out):
    """The last run's results by student, as canonical JSON."""
    with sqlite3.connect(out / NAME) as connection:
        rows = connection.execute(
            "SELECT entry.student, work.report FROM entry LEFT JOIN work ON entry.work_id = work.id"
            " WHERE entry.run_id = (SELECT max(id) FROM run)"
        ).fetchall()
    return {
        student: report and json.dumps(json.loads(report)["result"], sort_keys=True) for student, report in rows
    }
