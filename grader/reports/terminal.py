"""What a student reads in the terminal: 80 columns, short sentences, the next thing to do.

All text that comes from a submission is made printable here: no escape sequence of a student reaches a terminal.
"""

import textwrap
from typing import Any

import msgspec

from grader.model import CheckResult, Environment, ExerciseResult, Report, Result, Verdict

WIDTH = 80
BLOCK = 6  # lines of one failure, at most
WORDS = 13  # columns of the longest verdict, and one blank
PRACTICE_TIER = 2  # up to this one a hostile submission could forge its own grade
COLOURS: dict[Verdict, dict[str, Any]] = {
    Verdict.PASSED: {"green": True},
    Verdict.NOT_STARTED: {"yellow": True},
    Verdict.BLOCKED: {"yellow": True},
    Verdict.ERROR: {"purple": True},
}
BOLD = {"bold": True}
RED = {"red": True}
QUIET = (Verdict.PASSED, Verdict.NOT_STARTED)  # need no explanation


class Line(msgspec.Struct, frozen=True):
    """One line and how to show it, in the words of pytest's terminal writer."""

    text: str = ""
    markup: dict[str, Any] = {}


class View(msgspec.Struct, frozen=True):
    """How to show a report: the submission's folder as the user would type it, the command, all failures or few.

    `printed` holds what failing calls printed, by exercise and check.
    """

    folder: str
    command: str
    verbose: bool
    printed: dict[tuple[str, str], str]


def heading(name: str, title: str) -> list[Line]:
    """The first line of a run."""
    return [Line(f"{name}: {title}", BOLD), Line()]


def exercise_line(exercise: ExerciseResult) -> Line:
    """Status, points and title of an exercise."""
    verdict = exercise.verdict.replace("_", " ")
    points = f"{exercise.score} of {exercise.max_score}"
    text = f"  {verdict:{WORDS}}{points:>8}   {short(exercise.name)}  {exercise.title}"
    return Line(text, COLOURS.get(exercise.verdict, RED))


def summary(report: Report, view: View) -> list[Line]:
    """All that comes after the exercises' lines."""
    exercises = report.result.exercises
    detailed = view.verbose or len(exercises) == 1
    lines = [Line()]
    for exercise in exercises:
        lines += failures(exercise, view, detailed=detailed)
    return [*lines, *total(report.result, view), *footer(report.environment)]


def failures(exercise: ExerciseResult, view: View, *, detailed: bool) -> list[Line]:
    """The exercise's failures: all of them, or the first one and a count of the others."""
    failed = [check for check in exercise.checks if check.verdict not in QUIET]
    lines = []
    for check in failed if detailed else failed[:1]:
        lines += [*block(exercise, check, view), Line()]
    if len(failed) > 1 and not detailed:
        more = f"  {len(failed) - 1} more in {short(exercise.name)}:  {view.command} -k {short(exercise.name)}"
        lines[-1:] = [Line(more), Line()]
    return lines


def block(exercise: ExerciseResult, check: CheckResult, view: View) -> list[Line]:
    """One failure: what, where, next, in at most six lines."""
    points = f"{check.points} of {check.max_points}"
    name = exercise.name.replace("_", " ", 1)
    room = WIDTH - len(points) - 2
    head = textwrap.shorten(f"{name}: {safe(check.title)}", room, placeholder="...")
    step = wrapped(f"Next: {check.next}", 2) if check.next else []
    printed = view.printed.get((exercise.name, check.id), "").strip()
    shown = wrapped(f"Your code printed: {printed}", 1) if printed else []
    where = [f"  {view.folder}{safe(check.where)}"] if check.where else []
    what = wrapped(check.message, BLOCK - 1 - len(where) - len(shown) - len(step))
    first = Line(f"{head:{room}}  {points}", BOLD)
    body = [*(Line(text) for text in where), *(Line(text, RED) for text in what)]
    return [first, *body, *(Line(text) for text in [*shown, *step])]


def total(result: Result, view: View) -> list[Line]:
    """The score, and the first thing to do next."""
    part = "" if result.whole_lesson else " (part of the lesson)"
    lines = [Line(f"{result.score} of {result.max_score} points{part}", BOLD)]
    todo = next((one for one in result.exercises if one.verdict is not Verdict.PASSED), None)
    if todo is None:
        return lines
    if todo.verdict is Verdict.NOT_STARTED:
        step = f"Next: read {short(todo.name)} in README.md, then fill in {view.folder}{todo.name}.py"
    else:
        step = f"Next: go on with {view.folder}{todo.name}.py"
    again = f"Then:  {view.command} -k {short(todo.name)}"
    return [*lines, *(Line(text) for text in textwrap.wrap(step, WIDTH)), Line(again)]


def footer(environment: Environment) -> list[Line]:
    """Where the answers came from, how far the code was kept apart, and which files were left alone."""
    lines = [Line(), Line(answered(environment))]
    if environment.tier <= PRACTICE_TIER:
        lines.append(Line(f"practice grade: isolation tier {environment.tier} of 4 (the code is trusted)"))
    else:
        lines.append(Line(f"isolation tier {environment.tier} of 4"))
    for note in environment.notes:
        lines += [Line(text, {"yellow": True}) for text in textwrap.wrap(f"Note: {safe(note)}", WIDTH)]
    return lines


def answered(environment: Environment) -> str:
    """How many requests were answered by whom, and what they cost."""
    if environment.live:
        count = environment.network_calls
        calls = f"{count} network call{'' if count == 1 else 's'}"
        if not environment.prices:
            return f"{calls}, $0.00 (a local endpoint)"
        return f"{calls}, ${environment.dollars:.4f} (prices of {environment.prices})"
    count = sum(environment.replayed.values())
    origins = ", ".join(f"{number} {origin}" for origin, number in environment.replayed.items())
    replayed = f"{count} exchange{'' if count == 1 else 's'} replayed{f' ({origins})' if origins else ''}"
    return f"0 network calls, $0.00; {replayed}"


def wrapped(text: str, most: int) -> list[str]:
    """The text in lines that fit, at most so many; a cut is shown."""
    return textwrap.wrap(
        safe(text),
        WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        max_lines=max(most, 1),
        placeholder=" ...",
        break_on_hyphens=False,
    )


def safe(text: str) -> str:
    """One line without control characters, whatever a student put in."""
    spaced = " ".join(text.split())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in spaced)


def short(name: str) -> str:
    """`ex03` of `ex03_hello`."""
    return name.split("_", maxsplit=1)[0]
