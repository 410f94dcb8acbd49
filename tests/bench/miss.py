"""How fast a request that matches nothing fails its check: no client may wait, back off or try again.

    python tests/bench/miss.py [--runs 50]

Measures the judge's whole answer to one check, in a warm cell, on the installed openai and on openai 2 in an
environment of its own (made in a temporary folder, with pip). Prints one JSON line: median and slowest in
milliseconds, and how many requests each check made (1: without a retry).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
OLD = ("openai>=2,<3", "msgspec", "pytest>=9.1,<10", "python-dotenv", "pyyaml")
STUDENT = """
def hello(client):
    return client.chat.completions.create(
        model="gpt-4o-mini", n=7, messages=[{"role": "user", "content": "Hello World"}]
    )
"""


def measured(runs: int) -> dict[str, object]:
    """Fail a check so many times, in this interpreter's environment."""
    from grader import settings
    from grader.cell.launch import launcher
    from grader.cell.supervisor import Supervised
    from grader.course.lessons import Course
    from grader.judge import checks
    from grader.judge.api import Api
    from grader.judge.budget import Budget
    from grader.judge.student import Student
    from grader.judge.submission import Submission
    from grader.replay import cassettes
    from grader.replay.player import Player

    course, key = Course(ROOT), "sk-benchmark"
    lesson = course.lesson("lesson1")
    exercise = lesson.named("ex03_hello")
    takes = cassettes.takes(course.takes("lesson1", exercise.name), ROOT)[:1]
    limits = settings.Limits()
    cells = Supervised(launcher(settings.cell_environment()), limits.call_seconds)
    times, requests = [], set()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / exercise.file).write_text(STUDENT, "utf-8")
        submission = Submission(Path(folder), lesson, Path(folder))
        student = Student(submission, exercise, Budget(cells, limits), key)
        api = Api(student, key, takes, lambda take: Player(take, key))
        for _ in range(runs + 1):
            begun = time.perf_counter()
            finding = checks.judge(lambda: student.hello(api.client()), student, api)
            times.append(1000 * (time.perf_counter() - begun))
            requests.add(len(api.requests))
            if "n=7" not in finding.message:
                raise SystemExit(f"the check failed for another reason: {finding}")
        student._discard_cell()
    versions = cells.versions()
    cells.close()
    return {
        "openai": versions["openai"],
        "median_ms": round(statistics.median(times[1:]), 1),
        "slowest_ms": round(max(times[1:]), 1),
        "first_ms": round(times[0], 1),
        "requests": sorted(requests),
    }


def on_openai_2(runs: int) -> dict[str, object]:
    """The same in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", *OLD], check=True, stdout=sys.stderr)
        command = [python, __file__, "--runs", str(runs), "--here"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--here", action="store_true", help="this environment only")
    options = parser.parse_args()
    result = measured(options.runs)
    if not options.here:
        from measure import machine

        result = {
            "benchmark": "miss",
            "runs": options.runs,
            "openai_3": result,
            "openai_2": on_openai_2(options.runs),
            "machine": machine(),
        }
    print(json.dumps(result))  # noqa: T201 - its one line of output


if __name__ == "__main__":
    main()
