"""A report for GitHub Classroom: the line `result=...` of $GITHUB_OUTPUT that its grading reporter reads.

It is Exercism's format with points, as base64 of compact JSON without line breaks (autograding-grading-reporter,
src/main.js). The reporter adds up the `score` of the tests. Of a failed test it shows only the name, which
therefore holds what was wrong, too. It gets the line in an environment variable, of which Linux allows 128 KiB.

    pytest assignments/lesson1 --report=classroom.txt --report-format=classroom || true
    cat classroom.txt >> "$GITHUB_OUTPUT"
"""

import base64
from typing import Any, Final

from grader.model import CheckResult, ExerciseResult, Report
from grader.reports import exercism
from grader.reports.terminal import View
from grader.reports.text import line

LIMIT: Final = 96_000  # bytes of JSON: 128,000 of base64
LONGEST_PATH: Final = 120  # bytes


def render(report: Report, view: View) -> bytes:
    """The line for $GITHUB_OUTPUT. Raises GraderError where a lesson has too many checks for it."""
    data = exercism.results(report, view, LIMIT // 2)  # the other half: messages in names
    checks = [(one, check) for one in report.result.exercises for check in one.checks]
    tests = [_test(test, *found, view) for test, found in zip(data["tests"], checks, strict=True)]
    if not tests:  # the reporter divides by their number
        tests = [{"name": line(report.result.lesson), "status": "error", "message": data["message"], "score": 0}]
    data = {**data, "tests": tests, "max_score": report.result.max_score}
    return b"result=" + base64.b64encode(exercism.encoded(data, LIMIT)) + b"\n"


def _test(test: dict[str, Any], exercise: ExerciseResult, check: CheckResult, view: View) -> dict[str, Any]:
    number = check.where.rpartition(":")[2]
    if test["status"] == "fail":
        told = test["message"].replace("\n", " ")
        test = {**test, "name": f"{test['name']}: {told}"}
    return {
        **test,
        "filename": line(f"{view.folder}{exercise.name}.py", LONGEST_PATH),
        "line_no": int(number) if number.isdecimal() else 0,
        "duration": 0.0,
        "score": check.points,
    }
