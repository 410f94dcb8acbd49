"""What grading a class costs, with the real command, all of its outputs, and at the machine's best isolation tier.

    python tests/bench/batch.py [--pairs 5] [--many 2000]

`lesson`: submissions of the whole lesson, solved, each file another one, and how many a CPU-second grades; as a
ratio the CPU of one `python -m pytest` process with vcrpy (plain.py), for the checks that both can run.
`three_functions`: the lesson of tests/bench/three, against gradescope-utils in an environment of its own, with a
process for each submission as on Gradescope; both must give the same totals. `large_class` is of that lesson, too:
CPU of one submission and memory of coordinator and judges, for `--many` against 100; how much faster `--jobs 2` is
and how many cores it uses, against two busy loops (one job alone uses more than one core: the next cell is forked
while one works); and what is known already.

A ratio is taken of neighbours in time; told are medians with 95 % intervals (bootstrap). Prints one JSON line.
"""

import argparse
import contextlib
import csv
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import plain
import yaml
from measure import interval, machine
from student import ONLY_OURS, PLAIN, SAME, submission

ROOT = Path(__file__).parents[2]
THREE = Path(__file__).with_name("three")
CLASS = 50  # submissions of the whole lesson in one run
SHORT_CLASS = 500  # of the three functions
HUNDRED = 100
PEERS = ("gradescope-utils==0.5.0",)  # beside the course's own libraries and vcrpy


class Used(NamedTuple):
    """What a command used: processor seconds with all of its children, wall seconds, and MiB of memory at most."""

    processor: float
    wall: float
    memory: float = 0.0


def used(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Used:
    """Run a command that must succeed. Memory is that of the command and of the judges that it started."""
    begun, highest = time.perf_counter(), {}
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env={**os.environ, **(environment or {})}
        )
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            highest |= peaks(process.pid)
            time.sleep(0.05)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            out.seek(0)
            raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}:\n{out.read().decode()}")
    return Used(usage.ru_utime + usage.ru_stime, wall, sum(highest.values()) / 1024)


def peaks(process: int) -> dict[int, int]:
    """The highest memory so far of a process and its children, in KiB; the cells are grandchildren."""
    found = {}
    with contextlib.suppress(OSError, StopIteration):
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
        for pid in (process, *map(int, children)):
            lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
            found[pid] = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return found


def batch(submissions: Path, out: Path, lesson: str, project: Path, jobs: int = 1) -> Used:
    """Grade a folder of submissions."""
    command = [sys.executable, "-P", "-m", "grader.cli", "batch", str(submissions), "--lesson", lesson]
    more = ["--out", str(out), f"--jobs={jobs}"]
    return used([*command, *more], project, {"PYTHONPATH": str(ROOT)})


def students(folder: Path, solved: Path, count: int) -> Path:
    """So many folders with the same answers, each file with its student's name in it."""
    for number in range(count):
        (folder / f"student{number:04}").mkdir(parents=True)
        for path in solved.glob("*.py"):
            text = path.read_text("utf-8")
            (folder / f"student{number:04}" / path.name).write_text(f"{text}\n# by student {number}\n", "utf-8")
    return folder


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A temporary folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


def scores(project: Path, out: Path) -> list[float]:
    """What the gradebook says, by student."""
    command = [sys.executable, "-P", "-m", "grader.cli", "export", str(out), "--format", "csv"]
    subprocess.run(
        command, cwd=project, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    )
    with (out / "export" / "three.csv").open(encoding="utf-8-sig", newline="") as file:
        return [float(row["score"]) for row in sorted(csv.DictReader(file), key=itemgetter("student"))]


def whole_lesson(pairs: int) -> dict[str, object]:
    """The whole lesson, against one pytest process a submission."""
    with workplace() as folder:
        whole = students(folder / "whole", submission(folder / "solved"), CLASS)
        all_exercises = batch(whole, folder / "out", "lesson1", ROOT).processor / CLASS
        graded = submission(folder / "shared")
        for path in [path for name in ONLY_OURS for path in graded.glob(f"{name}_*.py")]:
            path.unlink()
        plain.write_takes(folder / "cassettes")
        names = {"PLAIN_SUBMISSION": str(graded), "PLAIN_CASSETTES": str(folder / "cassettes")}
        used([*PLAIN, *SAME], ROOT, names)  # once uncounted: bytecode and file cache are warm for both
        found = []
        for number in range(pairs):
            class_ = students(folder / f"class{number}", graded, CLASS)
            ours = batch(class_, folder / f"out{number}", "lesson1", ROOT)
            found.append((ours.processor / CLASS, used([*PLAIN, *SAME], ROOT, names).processor))
    return {
        "submissions_per_cpu_second": round(1 / all_exercises, 2),
        "plain_pytest_to_ours": told([other / ours for ours, other in found]),
        "submissions_in_a_run": CLASS,
    }


def three_functions(pairs: int) -> dict[str, object]:
    """The three-function lesson, against gradescope-utils; the totals of both must be right."""
    with workplace() as folder:
        project, python = three_project(folder / "project"), peer(folder / "peer")
        answers = sorted((THREE / "answers").glob("*.py"))
        handed_in = folder / "answers"
        for path in answers:
            (handed_in / path.stem).mkdir(parents=True)
            shutil.copy(path, handed_in / path.stem / "ex01_three.py")
        batch(handed_in, folder / "out", "three", project)
        right = [float(path.stem[0]) for path in answers]
        theirs = [by_gradescope(python, folder, handed_in / path.stem)[1] for path in answers]
        if not right == theirs == scores(project, folder / "out"):
            raise SystemExit(f"totals differ: {right}, {theirs}, {scores(project, folder / 'out')}")
        found = []
        for number in range(pairs):
            class_ = students(folder / f"class{number}", handed_in / "6_right", SHORT_CLASS)
            ours = batch(class_, folder / f"out{number}", "three", project)
            theirs_used = by_gradescope(python, folder, class_ / "student0000")[0]
            found.append((ours.processor / SHORT_CLASS, theirs_used.processor))
    return {
        "submissions_per_cpu_second": round(1 / statistics.median(ours for ours, _ in found), 2),
        "gradescope_utils_to_ours": told([other / ours for ours, other in found]),
        "submissions_in_a_run": SHORT_CLASS,
    }


def three_project(project: Path) -> Path:
    """A course of the three functions: two takes, of exchanges that lesson 1 ships."""
    lesson = project / "assignments" / "three"
    (lesson / "checks").mkdir(parents=True)
    shutil.copy(THREE / "lesson.toml", lesson)
    shutil.copy(THREE / "test_ex01_three.py", lesson / "checks")
    shutil.copy(THREE / "answers" / "0_stub.py", lesson / "ex01_three.py")
    shutil.copy(ROOT / "pyproject.toml", project)
    write_takes(project / "cassettes" / "three" / "ex01_three")
    return project


def write_takes(folder: Path) -> None:
    """The greeting of ex03 and the first two texts of ex10, as the takes `a` and `b`."""
    folder.mkdir(parents=True)
    for take in ("a.yaml", "b.yaml"):
        greeting, moderation = (
            yaml.safe_load((ROOT / "cassettes" / "lesson1" / name / take).read_bytes())
            for name in ("ex03_hello", "ex10_moderation")
        )
        interactions = greeting["interactions"][:1] + moderation["interactions"][:2]
        mixed = {"version": 1, "metadata": {"origin": "authored"}, "interactions": interactions}
        (folder / take).write_text(yaml.safe_dump(mixed, allow_unicode=True), "utf-8")


def peer(folder: Path) -> Path:
    """gradescope-utils in an environment of its own, as its documentation sets it up; its Python."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / ".ci" / "constraints.txt")]
    subprocess.run([*install, *PEERS, "openai", "python-dotenv", "vcrpy"], check=True)
    shutil.copy(THREE / "for_gradescope.py", folder)
    write_takes(folder / "takes")
    return python


def by_gradescope(python: Path, folder: Path, handed_in: Path) -> tuple[Used, float]:
    """What gradescope-utils uses for one submission, and its total."""
    command = [str(python), str(folder / "peer" / "for_gradescope.py")]
    spent = used(command, handed_in, {"OPENAI_API_KEY": "none"})
    report = json.loads((handed_in / "results.json").read_text("utf-8"))
    (handed_in / "results.json").unlink()
    return spent, sum(test.get("score", 0) for test in report["tests"])


def many(count: int) -> dict[str, object]:
    """A large class of the three-function lesson: growth, two judges, and what is known already."""
    with workplace() as folder:
        project = three_project(folder / "project")
        right = folder / "right"
        right.mkdir()
        shutil.copy(THREE / "answers" / "6_right.py", right / "ex01_three.py")
        small = students(folder / "small", right, HUNDRED)
        large = students(folder / "large", right, count)
        none = batch(students(folder / "one", right, 1), folder / "out_one", "three", project)
        few = batch(small, folder / "out_small", "three", project)
        all_ = batch(large, folder / "out_large", "three", project)
        alone, beside = busy(1), busy(2)
        two = batch(large, folder / "out_two", "three", project, jobs=2)
        known = batch(large, folder / "out_large", "three", project)
    each_of_few = (few.processor - none.processor) / (HUNDRED - 1)
    each_of_all = (all_.processor - none.processor) / (count - 1)
    return {
        "submissions": count,
        "cpu_of_one_to_that_among_100": round(each_of_all / each_of_few, 3),
        "memory_mib": round(all_.memory, 1),
        "memory_mib_more_than_with_100": round(all_.memory - few.memory, 1),
        "two_jobs_gain": round((all_.wall - none.wall) / (two.wall - none.wall), 3),
        "two_busy_loops_gain": round(alone.wall * 2 / beside.wall, 3),
        "cores_of_one_job": round(all_.processor / all_.wall, 3),
        "cores_of_two_jobs": round(two.processor / two.wall, 3),
        "cores_of_two_busy_loops": round(beside.processor / beside.wall, 3),
        "known_per_second": round(count / known.wall),
        "known_seconds": round(known.wall, 2),
    }


def busy(loops: int) -> Used:
    """So many busy loops beside each other."""
    loop = f"{shlex.quote(sys.executable)} -c 'for _ in range(40_000_000): pass' &\n"
    return used(["/bin/sh", "-c", f"{loop * loops}wait"], ROOT)


def told(ratios: list[float]) -> dict[str, object]:
    """The median and its interval."""
    return {"ratio": round(statistics.median(ratios), 2), "interval": [round(end, 2) for end in interval(ratios)]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--many", type=int, default=2000)
    options = parser.parse_args()
    result = {
        "benchmark": "batch",
        "pairs": options.pairs,
        "lesson": whole_lesson(options.pairs),
        "three_functions": three_functions(options.pairs),
        "large_class": many(options.many),
        "machine": machine(),
    }
    print(json.dumps(result))  # noqa: T201 - its one line of output


if __name__ == "__main__":
    main()
