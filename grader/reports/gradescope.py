"""A report as Gradescope's results.json, which belongs at /autograder/results/results.json.

Field names and values are those of Gradescope's autograder specification. All texts are declared as plain text.
No test is hidden: a single hidden one would hide the student's total.
"""

import json
from typing import Any, Final

from grader.model import CheckResult, ExerciseResult, Report, Verdict
from grader.reports import terminal
from grader.reports.terminal import View
from grader.reports.text import explained, line, lines, named

TEXT: Final = "text"
VISIBLE: Final = "visible"


def render(report: Report, view: View) -> bytes:
    """The report as results.json. `score` counts in the place of the tests' sum, and is the same."""
    result, environment = report.result, report.environment
    told = [terminal.total(result, view)[0], *terminal.footer(environment, view.language)]
    data = {
        "score": result.score,
        "execution_time": environment.seconds,
        "output": lines("\n".join(one.text for one in told)),
        "output_format": TEXT,
        "test_output_format": TEXT,
        "test_name_format": TEXT,
        "visibility": VISIBLE,
        "stdout_visibility": "hidden",
        "extra_data": {"lesson": line(result.lesson), "isolation_tier": environment.tier},
        "tests": [
            _test(f"{number}.{place}", exercise, check, view)
            for number, exercise in enumerate(result.exercises, 1)
            for place, check in enumerate(exercise.checks, 1)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"


def _test(number: str, exercise: ExerciseResult, check: CheckResult, view: View) -> dict[str, Any]:
    passed = check.verdict is Verdict.PASSED
    return {
        "name": line(named(exercise.name, check, view.language)),
        "number": number,
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if passed else "failed",
        "output": "" if passed else lines(explained(check, view.language).whole()),
        "visibility": VISIBLE,
        "tags": [line(exercise.name)],
        "extra_data": {"verdict": check.verdict},
    }
