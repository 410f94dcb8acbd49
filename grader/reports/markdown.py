"""A report as Markdown, for a comment on a pull request or the summary of a CI job.

Sentences stand in fenced blocks, word for word as the terminal shows them: no renderer looks there for markup,
links, mentions or issue numbers. What stands outside of them is escaped to the last sign.
"""

import re
import string
from collections.abc import Iterable, Iterator
from typing import Final

from grader.model import ExerciseResult, Report
from grader.reports import graded, terminal
from grader.reports.terminal import View
from grader.reports.text import line, short

LIMIT: Final = 65_536  # characters of a comment on GitHub; the summary of a step may have 1 MiB
ENTITIES: Final = str.maketrans({char: f"&#{ord(char)};" for char in string.punctuation})
LINKING: Final = re.compile("[@#]")  # GitHub makes links of @name and #12 after it has read the Markdown
APART: Final = "\N{ZERO WIDTH SPACE}"


def render(report: Report, view: View) -> bytes:
    """The report as Markdown, of at most LIMIT bytes; where it is cut, its last line says so."""
    say = view.language.words
    left_out = say("The rest is left out here: it is too long. Run {command}", command=view.command)
    return fitting(parts(report, view), LIMIT, f"\n{escaped(left_out)}\n").encode()


def fitting(pieces: Iterable[str], most: int, note: str) -> str:
    """As many of the pieces as fit into so many bytes; where some do not, the note stands at the end."""
    room = most - len(note.encode())
    kept = []
    for piece in pieces:
        room -= len(piece.encode())
        if room < 0:
            kept.append(note)
            break
        kept.append(piece)
    return "".join(kept)


def parts(report: Report, view: View) -> Iterator[str]:
    """The pieces of the text, each of which can be the last."""
    result, say = report.result, view.language
    score = say.words("{score} of {most} points", score=result.score, most=result.max_score)
    part = "" if result.whole_lesson else f" ({say.words('part of the lesson')})"
    yield f"## {escaped(f'{result.lesson}: {score}{part}')}\n\n"
    titles = [say.words("exercise"), "", say.words("points"), say.words("outcome")]
    yield f"{row(titles)}|---|---|--:|---|\n"
    for exercise in result.exercises:
        verdict = say.words(exercise.verdict.replace("_", " "))
        cells = [short(exercise.name), say.sentence(exercise.title), terminal.points(exercise, say), verdict]
        yield row(cells)
    for change in graded.told(report, say):
        yield f"\n{escaped(change)}\n"
    for exercise in result.exercises:
        yield from failures(exercise, view)
    yield fenced(terminal.total(result, view)[1:])
    yield fenced(terminal.footer(report.environment, say)[1:])


def failures(exercise: ExerciseResult, view: View) -> Iterator[str]:
    """A heading and a block for each failure."""
    lines = terminal.failures(exercise, view, detailed=True)
    if lines:
        title = f"{short(exercise.name)} {view.language.sentence(exercise.title)}"
        yield f"\n### {escaped(title)}\n{fenced(lines)}"


def fenced(lines: list[terminal.Line]) -> str:
    """The lines in a block that no backtick in them ends; nothing for none."""
    text = "\n".join(one.text.rstrip() for one in lines).strip("\n")
    if not text:
        return ""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return f"\n{fence}text\n{text}\n{fence}\n"


def row(cells: list[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(map(escaped, cells)) + " |\n"


def escaped(text: str) -> str:
    """The text in one line in which nothing is markup and nothing becomes a link."""
    apart = LINKING.sub(lambda found: found[0] + APART, line(text, 400))
    return apart.translate(ENTITIES)
