"""The same files get the same result from a student's pytest, `grader batch` and `grader ci`, byte for byte."""

import contextlib
import json
import random
import sqlite3
import subprocess
import sys

import pytest

from tests.batch.made import ROOT
from tests.conftest import PATIENCE

LESSON = "assignments/lesson1"
CHANCES = {"solutions": 4, "variants": 2, "mistakes": 3, "stubs": 1, "missing": 1}
FULL = pytest.mark.full


def choices(exercise):
    """Files that a student may have handed in for an exercise, by their kind; None: none."""
    folders = {kind: ROOT / "tests" / kind / "lesson1" / exercise for kind in ("variants", "mistakes")}
    found = {kind: sorted(folder.glob("*.py")) for kind, folder in folders.items()}
    found["solutions"] = [ROOT / "tests" / "solutions" / "lesson1" / f"{exercise}.py"]
    found["stubs"] = [ROOT / LESSON / f"{exercise}.py"]
    return {kind: files for kind, files in found.items() if files} | {"missing": [None]}


def handed_in(seed, lesson):
    """A student's files, by their names: of each exercise one of the choices."""
    draw, files = random.Random(seed), {}  # noqa: S311 - a sample
    for exercise in lesson["exercise"]:
        found = choices(exercise["name"])
        (kind,) = draw.choices(sorted(found), [CHANCES[kind] for kind in sorted(found)])
        path = draw.choice(found[kind])
        if path:
            files[f"{exercise['name']}.py"] = path.read_bytes()
    return files


def run(*words, cwd):
    """Run a program to its end."""
    done = subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, timeout=30 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def canonical(result):
    """A result's bytes, in the order in which it was written."""
    return json.dumps(result).encode()


def by_batch(folder, out):
    """The results of `grader batch`, by student."""
    run(sys.executable, "-m", "grader.cli", "batch", folder, "--lesson", "lesson1", "--out", out, cwd=ROOT)
    with contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        rows = book.execute("SELECT entry.student, work.report FROM entry JOIN work ON entry.work_id = work.id")
        return {student: canonical(json.loads(report)["result"]) for student, report in rows}


def by_ci(folder, out):
    """The results of `grader ci` for a pull request with all of them, by student."""
    git = ("git", "-C", folder.parent, "-c", "user.name=x", "-c", "user.email=x@x")
    run(*git, "init", "--quiet", cwd=ROOT)
    run(*git, "commit", "--quiet", "--allow-empty", "--message", "base", cwd=ROOT)
    base = run(*git, "rev-parse", "HEAD", cwd=ROOT).strip()
    run(*git, "add", folder.name, cwd=ROOT)
    run(*git, "commit", "--quiet", "--message", "a pull request", cwd=ROOT)
    here = ("--repository", folder.parent, "--base", base, "--head", "HEAD")
    run(sys.executable, "-m", "grader.cli", "ci", *here, "--out", out, cwd=ROOT)
    entries = json.loads((out / "feedback.json").read_bytes())["entries"]
    return {entry["student"].partition("/")[2]: canonical(entry["report"]["result"]) for entry in entries}


@pytest.mark.parametrize("count", [2, pytest.param(50, marks=FULL)])
def test_the_same_result_everywhere(grade, lesson, tmp_path, count):
    """Solutions, variants, mistakes, stubs and missing files, mixed by chance, with one seed a student."""
    folder, expected = tmp_path / "repository" / "submissions", {}
    for seed in range(count):
        own = folder / f"student{seed:02}"
        own.mkdir(parents=True)
        for name, content in handed_in(seed, lesson).items():
            (own / name).write_bytes(content)
        expected[own.name] = canonical(grade(own).result)
    assert len(set(expected.values())) == count
    for found in (by_batch(folder, tmp_path / "batch"), by_ci(folder, tmp_path / "ci")):
        assert found.keys() == expected.keys()
        assert [student for student in expected if found[student] != expected[student]] == []
