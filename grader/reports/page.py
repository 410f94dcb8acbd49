"""A report as a web page for one student: one file, which loads and runs nothing.

Jinja2 escapes every text. The page's own policy forbids scripts, and any style but the one named by its hash.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from grader.model import CheckResult, ExerciseResult, Report, Verdict
from grader.reports import graded, terminal
from grader.reports.terminal import QUIET, View
from grader.reports.text import explained, line, lines, short

HERE: Final = Path(__file__)
MOST_NAME: Final = 200  # bytes


def render(report: Report, view: View) -> bytes:
    """The page."""
    style = HERE.with_suffix(".css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return template().render(style=Markup(style), policy=policy, **shown(report, view)).encode()  # noqa: S704 - ours


@cache
def template() -> Template:
    """The page's template, which knows no text that is not escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(HERE.with_suffix(".html.j2").read_text("utf-8"))


def shown(report: Report, view: View) -> dict[str, Any]:
    """All that stands on the page, in the student's language; the template adds no word."""
    result, say = report.result, view.language
    score = say.words("{score} of {most} points", score=result.score, most=result.max_score)
    part = "" if result.whole_lesson else f" ({say.words('part of the lesson')})"
    return {
        "code": say.code,
        "heading": line(f"{result.lesson}: {score}{part}"),
        "student": line(view.student, MOST_NAME),
        "steps": [one.text for one in terminal.total(result, view)[1:]],
        "names": {name: say.words(name) for name in ("exercise", "points", "outcome")},
        "caption": say.words("Your exercises"),
        "exercises": [_exercise(exercise, view) for exercise in result.exercises],
        "changes": [line(change) for change in graded.told(report, say)],
        "failed": say.words("What did not pass"),
        "facts": [one.text for one in terminal.footer(report.environment, say) if one.text],
    }


def _exercise(exercise: ExerciseResult, view: View) -> dict[str, Any]:
    say = view.language
    failed = [check for check in exercise.checks if check.verdict not in QUIET]
    return {
        "short": line(short(exercise.name)),
        "title": line(say.sentence(exercise.title)),
        "points": terminal.points(exercise, say),
        "verdict": exercise.verdict,
        "outcome": say.words(exercise.verdict.replace("_", " ")),
        "passed": exercise.verdict is Verdict.PASSED,
        "failures": [_failure(exercise, same, view) for same in terminal.alike(failed)],
    }


def _failure(exercise: ExerciseResult, same: list[CheckResult], view: View) -> dict[str, Any]:
    """What the page says of checks that the same words explain."""
    say, check = view.language, same[0]
    printed = view.printed.get((exercise.name, check.id), "").strip()
    told = explained(check, say, view.folder)
    return {
        "checks": [(line(say.sentence(one.title)), _points(one, view)) for one in same],
        "what": line(told.what, language=say),
        "where": line(told.where),
        "next": line(told.next, language=say),
        "prints": say.words("Your code printed: {printed}", printed="").strip(),
        "printed": lines(printed, language=say),
    }


def _points(check: CheckResult, view: View) -> str:
    return view.language.words("{score} of {most}", score=check.points, most=check.max_points)
