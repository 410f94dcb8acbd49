"""What kernel isolation costs: processor time of a solved submission at tiers 4 and 3, against tier 1.

    python tests/bench/isolation.py [--pairs 15]

A pair is two judges of several submissions, one after the other; `submission` is what one more submission costs
(the judge's start is taken off), `alone` is a whole student's run. Prints one JSON line: medians of the pairwise
ratios with their 95 % intervals (bootstrap), the tiers that were reached, and the machine.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from measure import interval, machine

ROOT = Path(__file__).parents[2]
MORE = 5  # submissions in the longer of two runs
SCRIPT = """
import sys
from pathlib import Path
from grader.judge.many import Submitted, grade
root, count, tier = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
reports = []
submissions = [Submitted(str(number), root / "tests" / "solutions" / "lesson1") for number in range(count)]
grade(root, "lesson1", submissions, lambda _, report: reports.append(report), options=["-o", f"isolation={tier}"])
for report in reports:
    assert report.result.score == report.result.max_score, report.result
    assert report.environment.tier == tier, report.environment
"""


def processor(count: int, tier: int) -> float:
    """Processor seconds of a judge of so many submissions, with all of its cells."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", SCRIPT, str(ROOT), str(count), str(tier)], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def one_more(tier: int) -> tuple[float, float]:
    """Processor seconds of a judge of one submission, and of each one more."""
    alone = processor(1, tier)
    return alone, (processor(1 + MORE, tier) - alone) / MORE


def told(ratios: list[float]) -> dict[str, object]:
    """The median and its interval."""
    return {"ratio": round(statistics.median(ratios), 3), "interval": [round(end, 3) for end in interval(ratios)]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15)
    pairs = parser.parse_args().pairs
    result: dict[str, object] = {"benchmark": "isolation", "pairs": pairs}
    for tier in (4, 3):
        processor(1, tier)  # once uncounted: bytecode and file cache are warm
        found = [(one_more(tier), one_more(1)) for _ in range(pairs)]
        result[f"tier_{tier}_submission"] = told([ours[1] / other[1] for ours, other in found])
        result[f"tier_{tier}_alone"] = told([ours[0] / other[0] for ours, other in found])
        result["seconds"] = round(statistics.median(other[1] for _, other in found), 3)
    print(json.dumps(result | {"machine": machine()}))  # noqa: T201 - its one line of output


if __name__ == "__main__":
    main()
