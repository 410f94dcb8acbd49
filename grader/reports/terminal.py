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
from grader.reports import graded
from grader.reports.text import inert, named, safe, short
from grader.reports.translation import ENGLISH, Translator

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

    `printed` holds what failing calls printed, by exercise and check; `notebooks` the file of each exercise that
    comes from a notebook. `student` is who is graded, where it is one of several. The report itself is in English.
    """

    folder: str
    command: str
    verbose: bool
    printed: dict[tuple[str, str], str]
    language: Translator = ENGLISH
    student: str = ""
    notebooks: dict[str, str] = {}


def render(report: Report, view: View) -> bytes:
    """All that a run shows, as a text."""
    heads = [Line(safe(report.result.lesson)), Line()]
    exercises = [exercise_line(exercise, view.language) for exercise in report.result.exercises]
    changes = [Line(text) for change in graded.told(report, view.language) for text in wrapped(change, BLOCK)]
    lines = [*heads, *exercises, *changes, *summary(report, view)]
    return "".join(f"{line.text.rstrip()}\n" for line in lines).encode()


def heading(name: str, title: str, language: Translator = ENGLISH) -> list[Line]:
    """The first line of a run."""
    return [Line(f"{name}: {language.sentence(title)}", BOLD), Line()]


def exercise_line(exercise: ExerciseResult, language: Translator = ENGLISH) -> Line:
    """Status, points and title of an exercise."""
    verdict = language.words(exercise.verdict.replace("_", " "))
    text = f"  {verdict:{WORDS}}{points(exercise, language):>8}   {short(exercise.name)}  "
    title = fitted(language.sentence(exercise.title), WIDTH - len(text))
    return Line(text + title, COLOURS.get(exercise.verdict, RED))


def summary(report: Report, view: View) -> list[Line]:
    """All that comes after the exercises' lines."""
    exercises = report.result.exercises
    detailed = view.verbose or len(exercises) == 1
    lines = [Line()]
    for exercise in exercises:
        lines += failures(exercise, view, detailed=detailed)
    return [*lines, *total(report.result, view), *footer(report.environment, view.language)]


def failures(exercise: ExerciseResult, view: View, *, detailed: bool) -> list[Line]:
    """The exercise's failures: all of them, or the first one and a count of the others."""
    failed = [check for check in exercise.checks if check.verdict not in QUIET]
    shown = failed if detailed else failed[:1]
    lines = []
    for first, *others in alike(shown):
        lines += [*block(exercise, first, view, *others), Line()]
    if len(shown) < len(failed):
        name = short(exercise.name)
        more = view.language.words("{count} more in {name}:", count=len(failed) - len(shown), name=name)
        lines[-1:] = [Line(safe(f"  {more}  {view.command} -k {name}")), Line()]
    return lines


def alike(checks: list[CheckResult]) -> list[list[CheckResult]]:
    """The checks, put together where the same words explain them, as with a file that Python cannot read."""
    told: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in checks:
        told.setdefault((check.where, check.message, check.next), []).append(check)
    return list(told.values())


def block(exercise: ExerciseResult, check: CheckResult, view: View, *others: CheckResult) -> list[Line]:
    """One failure: what, where, next, in at most six lines; and the first line of others with the same words."""
    say = view.language
    where = [inert(safe(f"  {view.folder}{say.sentence(check.where)}"))] if check.where else []
    printed = view.printed.get((exercise.name, check.id), "").strip()
    shown = wrapped(say.words("Your code printed: {printed}", printed=printed), 1) if printed else []
    step = wrapped(say.words("Next: {step}", step=say.sentence(check.next)), 2) if check.next else []
    what = wrapped(say.sentence(check.message), BLOCK - 1 - len(where) - len(shown) - len(step))
    heads = [check_line(exercise, one, say) for one in (check, *others)]
    red = [Line(text, RED) for text in what]
    return [*heads, *map(Line, where), *red, *map(Line, [*shown, *step])]


def check_line(exercise: ExerciseResult, check: CheckResult, language: Translator = ENGLISH) -> Line:
    """Exercise, title and points of a failed check."""
    end = f"  {language.words('{score} of {most}', score=check.points, most=check.max_points)}"
    room = WIDTH - len(end)
    text = fitted(named(exercise.name, check, language), room)
    return Line(text + " " * (room - columns(text)) + end, BOLD)


def total(result: Result, view: View) -> list[Line]:
    """The score, and the first thing to do next."""
    say = view.language
    score = say.words("{score} of {most} points", score=result.score, most=result.max_score)
    part = "" if result.whole_lesson else f" ({say.words('part of the lesson')})"
    lines = [Line(score + part, BOLD)]
    todo = next((one for one in result.exercises if one.verdict not in NOT_TO_MEND), None)
    if todo is None:
        return lines
    name = short(todo.name)
    if todo.verdict is Verdict.NOT_STARTED:
        step = say.words("Next: read {name} in README.md, then fill in", name=name)
    else:
        step = say.words("Next: go on with")
    path = safe(view.folder + view.notebooks.get(todo.name, f"{todo.name}.py"))
    steps = [f"{step} {path}"] if columns(f"{step} {path}") <= WIDTH else [step, f"  {path}"]
    return [*lines, *map(Line, steps), Line(safe(f"{say.words('Then:')}  {view.command} -k {name}"))]


def footer(environment: Environment, language: Translator = ENGLISH) -> list[Line]:
    """Where the answers came from, how far the code was kept apart, and which files were left alone."""
    lines = [Line(), *map(Line, wrapped(answered(environment, language), BLOCK, indent=""))]
    tier = language.words("isolation tier {tier} of 4", tier=environment.tier)
    if environment.tier <= PRACTICE_TIER:
        tier = language.words("practice grade: {tier} (the code is trusted)", tier=tier)
    lines.append(Line(tier))
    if environment.missing:
        lines += [Line(text) for text in wrapped(environment.missing, 2)]
    for note in environment.notes:
        words = language.words("Note: {note}", note=language.sentence(note))
        lines += [Line(text, {"yellow": True}) for text in wrapped(words, BLOCK, indent="")]
    return lines


def answered(environment: Environment, language: Translator = ENGLISH) -> str:
    """How many requests were answered by whom, and what they cost."""
    say = language.words
    if environment.live:
        count = environment.network_calls
        calls = say("1 network call") if count == 1 else say("{count} network calls", count=count)
        if not environment.prices:
            return f"{calls}, $0.00 ({say('a local endpoint')})"
        return f"{calls}, ${environment.dollars:.4f} ({say('prices of {date}', date=environment.prices)})"
    count = sum(environment.replayed.values())
    origins = ", ".join(f"{number} {origin}" for origin, number in environment.replayed.items())
    replayed = say("1 exchange replayed") if count == 1 else say("{count} exchanges replayed", count=count)
    calls = say("{count} network calls", count=0)
    return f"{calls}, $0.00; {replayed}{f' ({origins})' if origins else ''}"


def points(exercise: ExerciseResult, language: Translator) -> str:
    """An exercise's points, and how many there are."""
    return language.words("{score} of {most}", score=exercise.score, most=exercise.max_score)


def wrapped(text: str, most: int, indent: str = "  ", width: int = WIDTH) -> list[str]:
    """The text in lines that fit, at most so many; a cut is shown."""
    text = safe(" ".join(text.split()))[: (most + 1) * width]  # more cannot be shown
    padded = "".join(char + FILLER * (columns(char) - 1) for char in text)
    room = max(width - 1, 1)  # a line may end between a wide character and its filler
    lines = textwrap.wrap(padded, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    if len(lines) > most:
        lines[most - 1 :] = [cut(lines[most - 1], room)]
    return [inert(line.replace(FILLER, "")) for line in lines]


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
