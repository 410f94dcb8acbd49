"""What a student reads in the terminal: 80 columns, short sentences, the next thing to do.

All text that comes from a submission is made printable here: no escape sequence of a student reaches a terminal.
Sentences are wrapped and cut; paths and commands are neither, so that they can be copied.
"""

import re
import textwrap
import unicodedata
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
NOT_TO_MEND = (Verdict.PASSED, Verdict.BLOCKED, Verdict.ERROR)  # nothing in the student's file would help
CUT = " ..."
FILLER = "\0"  # the second column of a wide character, while lines are counted


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
    text = f"  {verdict:{WORDS}}{points:>8}   {short(exercise.name)}  "
    return Line(text + fitted(exercise.title, WIDTH - len(text)), COLOURS.get(exercise.verdict, RED))


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
    shown = failed if detailed else failed[:1]
    lines = []
    for first, *others in alike(shown):
        lines += [*block(exercise, first, view, *others), Line()]
    if len(shown) < len(failed):
        name = short(exercise.name)
        more = f"  {len(failed) - len(shown)} more in {name}:  {view.command} -k {name}"
        lines[-1:] = [Line(safe(more)), Line()]
    return lines


def alike(checks: list[CheckResult]) -> list[list[CheckResult]]:
    """The checks, put together where the same words explain them, as with a file that Python cannot read."""
    told: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in checks:
        told.setdefault((check.where, check.message, check.next), []).append(check)
    return list(told.values())


def block(exercise: ExerciseResult, check: CheckResult, view: View, *others: CheckResult) -> list[Line]:
    """One failure: what, where, next, in at most six lines; and the first line of others with the same words."""
    where = [safe(f"  {view.folder}{check.where}")] if check.where else []
    printed = view.printed.get((exercise.name, check.id), "").strip()
    shown = wrapped(f"Your code printed: {printed}", 1) if printed else []
    step = wrapped(f"Next: {check.next}", 2) if check.next else []
    what = wrapped(check.message, BLOCK - 1 - len(where) - len(shown) - len(step))
    heads = [check_line(exercise, one) for one in (check, *others)]
    red = [Line(text, RED) for text in what]
    return [*heads, *map(Line, where), *red, *map(Line, [*shown, *step])]


def check_line(exercise: ExerciseResult, check: CheckResult) -> Line:
    """Exercise, title and points of a failed check."""
    points = f"  {check.points} of {check.max_points}"
    room = WIDTH - len(points)
    text = fitted(f"{exercise.name.replace('_', ' ', 1)}: {check.title}", room)
    return Line(text + " " * (room - columns(text)) + points, BOLD)


def total(result: Result, view: View) -> list[Line]:
    """The score, and the first thing to do next."""
    part = "" if result.whole_lesson else " (part of the lesson)"
    lines = [Line(f"{result.score} of {result.max_score} points{part}", BOLD)]
    todo = next((one for one in result.exercises if one.verdict not in NOT_TO_MEND), None)
    if todo is None:
        return lines
    name = short(todo.name)
    begun = todo.verdict is not Verdict.NOT_STARTED
    step = "Next: go on with" if begun else f"Next: read {name} in README.md, then fill in"
    path = safe(f"{view.folder}{todo.name}.py")
    steps = [f"{step} {path}"] if columns(f"{step} {path}") <= WIDTH else [step, f"  {path}"]
    return [*lines, *map(Line, steps), Line(safe(f"Then:  {view.command} -k {name}"))]


def footer(environment: Environment) -> list[Line]:
    """Where the answers came from, how far the code was kept apart, and which files were left alone."""
    lines = [Line(), *map(Line, wrapped(answered(environment), BLOCK, indent=""))]
    if environment.tier <= PRACTICE_TIER:
        lines.append(Line(f"practice grade: isolation tier {environment.tier} of 4 (the code is trusted)"))
    else:
        lines.append(Line(f"isolation tier {environment.tier} of 4"))
    for note in environment.notes:
        lines += [Line(text, {"yellow": True}) for text in wrapped(f"Note: {note}", BLOCK, indent="")]
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


def wrapped(text: str, most: int, indent: str = "  ", width: int = WIDTH) -> list[str]:
    """The text in lines that fit, at most so many; a cut is shown."""
    text = safe(" ".join(text.split()))[: (most + 1) * width]  # more cannot be shown
    padded = "".join(char + FILLER * (columns(char) - 1) for char in text)
    room = width - 1  # a line may end between a wide character and its filler
    lines = textwrap.wrap(padded, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    if len(lines) > most:
        lines[most - 1 :] = [cut(lines[most - 1], room)]
    return [line.replace(FILLER, "") for line in lines]


def cut(line: str, room: int) -> str:
    """The line with dots at its end, in the place of its last word or of the end of a very long one."""
    if len(line) + len(CUT) > room:
        line = re.sub(r" \S{,20}$", "", line[: room - len(CUT)])
    return line + CUT


def fitted(text: str, width: int) -> str:
    """The text in one line of so many columns."""
    return "".join(wrapped(text, 1, indent="", width=width))


def columns(text: str) -> int:
    """How many columns a terminal gives to a text, at most: a combining mark counts as one."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def safe(text: str) -> str:
    """The text without control characters, whatever a student put in."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def short(name: str) -> str:
    """`ex03` of `ex03_hello`."""
    return name.split("_", maxsplit=1)[0]
