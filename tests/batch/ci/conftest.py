"""Real repositories: a course, forks of it, and pull requests that come from them."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.batch.engine.conftest import ANSWERS, course  # noqa: F401 - a fixture

PASSED_ON = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC")
PATIENCE = 120
IDENTITY = {f"GIT_{who}_{what}": f"{who}@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
COMMAND = re.compile(r"\s*::([a-z-]+)(?: ([^\n]*?))?::(.*)")


class Clone:
    """A repository on disk."""

    def __init__(self, path):
        self.path = path

    def git(self, *words, text=None):
        """Run git here; what it says."""
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *map(str, words)],  # noqa: S607
            cwd=self.path,
            env={"PATH": os.environ["PATH"], "HOME": str(self.path)} | IDENTITY,
            input=text,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, files):
        """Write files by their paths; None removes one."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files=None):
        """Write files and commit everything; the commit's id."""
        self.write(files or {})
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "work")
        return self.git("rev-parse", "HEAD")

    def planted(self, entries):
        """Commit on top of HEAD with entries that no working folder could hold: (mode, object, path in bytes)."""
        lines = [f"{mode} {id_}\t".encode() + path + b"\0" for mode, id_, path in entries]
        self.git("update-index", "-z", "--add", "--index-info", text=b"".join(lines))
        self.git("commit", "--quiet", "--message", "planted")
        return self.git("rev-parse", "HEAD")

    def blob(self, content):
        """Store a file's content; its id."""
        return self.git("hash-object", "-w", "--stdin", text=content)


@dataclass(frozen=True)
class Done:
    """What `grader ci` left behind."""

    code: int
    stdout: str
    stderr: str
    feedback: dict
    comment: str
    summary: str

    @property
    def scores(self):
        """The points of each student."""
        return {one["student"]: one["report"]["result"]["score"] for one in self.feedback["entries"]}

    def entry(self, student):
        """What is told of a student."""
        return next(one for one in self.feedback["entries"] if one["student"] == student)

    def verdicts(self, student):
        """The verdict of each exercise of a student."""
        return {one["name"]: one["verdict"] for one in self.entry(student)["report"]["result"]["exercises"]}

    @property
    def commands(self):
        """The workflow commands in the output, as GitHub's runner obeys them: kind, properties, value."""
        found, token = [], None
        for line in re.split(r"\r\n|\r|\n", self.stdout):
            if token:
                token = None if line.strip() == f"::{token}::" else token
            elif match := COMMAND.fullmatch(line):
                kind, properties, value = match.groups()
                token = value if kind == "stop-commands" else None
                found.append((kind, properties or "", value))
            else:
                assert "##[" not in line
        assert token is None, "commands stay stopped"
        return [one for one in found if one[0] != "stop-commands"]


def answers(name, folder="assignments/numbers"):
    """The files of one of ANSWERS below a folder."""
    return {f"{folder}/{file}.py": text for file, text in ANSWERS[name].items()}


@pytest.fixture
def base(course):  # noqa: F811
    """The course's repository with main checked out: what a workflow of the base branch has."""
    clone = Clone(course.root)
    clone.git("init", "--quiet", "--initial-branch", "main")
    clone.commit({".github/workflows/feedback.yml": "name: feedback\n", "README.md": "# Numbers\n"})
    return clone


@pytest.fixture
def fork(base, tmp_path):
    """Make a fork of the course's repository."""

    def make(name="fork"):
        base.git("clone", "--quiet", base.path, tmp_path / name)
        return Clone(tmp_path / name)

    return make


@pytest.fixture
def grade(base, tmp_path):
    """Fetch a commit of a fork, as data, and run `grader ci` in the course's repository."""

    def run(clone, *words, head=None, env=None, cwd=None):
        head = head or clone.git("rev-parse", "HEAD")
        base.git("fetch", "--quiet", clone.path, head)
        return grader("ci", "--head", head, *words, cwd=cwd or base.path, out=tmp_path / "out", env=env)

    return run


def grader(*words, cwd, out=None, env=None, usual=("--require-isolation", "1", "--jobs", "1")):
    """Run a command of grader in a process of its own; the small lesson is trusted."""
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", *map(str, words), *usual, *(["--out", str(out)] if out else [])],
        cwd=cwd,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    texts = [(out / name).read_text("utf-8") if out and (out / name).is_file() else "" for name in FILES]
    stdout, stderr = (text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr))
    return Done(done.returncode, stdout, stderr, json.loads(texts[0] or "{}"), *texts[1:])


FILES = ("feedback.json", "comment.md", "summary.md")
