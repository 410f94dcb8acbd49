"""How long a student waits: the solved lesson, in a new process, against two yardsticks measured in the same run.

    python tests/bench/student.py [--pairs 15]

`import_floor`: `python -c "import openai; openai.OpenAI(api_key='x').chat"`, for which any program that uses the
API waits. `plain_pytest`: the same checks in one ordinary pytest process with vcrpy (tests/bench/plain.py). Prints
one JSON line, for the whole lesson and for its first six exercises: medians of the pairwise ratios of wall time,
their 95 % intervals (bootstrap), and the machine. What Hypothesis draws is kept from the uncounted first run.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import plain
from measure import machine, paired

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "tests" / "solutions" / "lesson1"
ONE_BY_ONE = ROOT / "tests" / "variants" / "lesson1" / "ex10_moderation" / "one_by_one.py"
PYTEST = [sys.executable, "-m", "pytest"]
FLOOR = [sys.executable, "-c", "import openai; openai.OpenAI(api_key='x').chat"]
# The exercises that the lesson began with: 38 of its points, without Hypothesis and without streams.
SIX = [
    f"assignments/lesson1/{path.name}"
    for path in sorted(SOLUTIONS.glob("*.py"))
    if path.name[:4] in ("ex01", "ex02", "ex03", "ex04", "ex07", "ex10")
]
# Left out on both sides: checks of errors that the API gives and plain vcrpy has no recording of, and exercises
# whose requests it would have to tell apart by provider, or by what a list is asked for.
ONLY_OURS = ("ex13", "ex14", "ex15")
LEFT_OUT = ("unknown_voice", "nothing_saved", "failed_call", "closed", *ONLY_OURS)
SAME = ["-k", " and ".join(f"not {name}" for name in LEFT_OUT)]
PLAIN = [
    *PYTEST,
    "--rootdir=.",
    "--noconftest",
    "--override-ini=pythonpath=. tests/bench",
    "-p",
    "plain",
    "-q",
    "assignments/lesson1/checks",
]


def submission(folder: Path) -> Path:
    """The solutions; texts are moderated one by one, because plain vcrpy cannot assemble the answer to a list."""
    shutil.copytree(SOLUTIONS, folder)
    shutil.copy(ONE_BY_ONE, folder / "ex10_moderation.py")
    return folder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as temporary:
        graded = submission(Path(temporary) / "lesson1")
        os.environ["PLAIN_SUBMISSION"] = str(graded)
        os.environ["PLAIN_CASSETTES"] = str(Path(temporary) / "cassettes")
        plain.write_takes(Path(temporary) / "cassettes")
        ours = [*PYTEST, "assignments/lesson1", f"--submission={graded}"]
        part = [*PYTEST, *SIX, f"--submission={graded}"]
        result = {
            "benchmark": "student",
            "pairs": pairs,
            "wall_to_import_floor": paired(ours, FLOOR, pairs, ROOT),
            "first_six_to_import_floor": paired(part, FLOOR, pairs, ROOT),
            "wall_to_plain_pytest": paired([*ours, *SAME], [*PLAIN, *SAME], pairs, ROOT),
            "machine": machine(),
        }
    print(json.dumps(result))  # noqa: T201 - its one line of output


if __name__ == "__main__":
    main()
