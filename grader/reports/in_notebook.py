"""A report as a table, for a notebook: HTML where it can be shown, and the same as plain text."""

from html import escape

from grader.model import CheckResult, ExerciseResult, Report, Verdict
from grader.reports import terminal, text
from grader.reports.translation import ENGLISH, Translator

COLOURS = {Verdict.PASSED: "#1a7f37", Verdict.NOT_STARTED: "#9a6700", Verdict.BLOCKED: "#9a6700"}
RED = "#cf222e"
CELL = "text-align: left; vertical-align: top; padding: 0.3em 0.8em"


def plain(report: Report, language: Translator = ENGLISH) -> str:
    """The exercises, the first failure of each, and the points: lines of at most 80 columns."""
    view = terminal.View(folder="", command="", verbose=False, printed={}, language=language)
    exercises = report.result.exercises
    lines = [*(terminal.exercise_line(exercise, language) for exercise in exercises), terminal.Line()]
    for exercise, check in [(one, failure(one)) for one in exercises]:
        if check:
            lines += [*terminal.block(exercise, check, view), terminal.Line()]
    return "\n".join([*(line.text for line in lines), total(report, language)])


def html(report: Report, language: Translator = ENGLISH) -> str:
    """The same as an HTML table; all that comes from a student is escaped."""
    rows = "".join(_row(exercise, language) for exercise in report.result.exercises)
    end = escape(total(report, language))
    return f"<table><tbody>{rows}</tbody></table><p><b>{end}</b></p>"


def failure(exercise: ExerciseResult) -> CheckResult | None:
    """The first check of an exercise that needs an explanation."""
    return next((check for check in exercise.checks if check.verdict not in terminal.QUIET), None)


def total(report: Report, language: Translator) -> str:
    """The points in one line."""
    result = report.result
    return language.words("{score} of {most} points", score=result.score, most=result.max_score)


def _row(exercise: ExerciseResult, language: Translator) -> str:
    check, say = failure(exercise), language.sentence
    step = language.words("Next: {step}", step=say(check.next)) if check and check.next else ""
    told = [*map(say, (check.title, check.where, check.message)), step] if check else []
    verdict = language.words(exercise.verdict.replace("_", " "))
    cells = [
        f"<b>{text.short(exercise.name)}</b> {escape(say(exercise.title))}",
        f'<span style="color: {COLOURS.get(exercise.verdict, RED)}">{escape(verdict)}</span>',
        escape(terminal.points(exercise, language)),
        "<br>".join(escape(text.safe(part)) for part in told if part),
    ]
    return "<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>"
