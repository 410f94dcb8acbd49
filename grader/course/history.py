"""What was run in Jupyter, as a notebook: cell 7 of it is the one that has [7] beside it.

The saved file may be older than what the student sees, and a kernel does not know its name; what was run is always
known. A cell that was run again counts once, as it was run last.
"""

import ast
import json
from collections.abc import Sequence

from grader.course import magics
from grader.course.lessons import Lesson
from grader.course.notebooks import OURS, broken, tag_of


def notebook(ran: Sequence[str], lesson: Lesson, stubs: dict[str, str]) -> bytes:
    """A notebook file of what counts of a session; `ran[7]` is the text that was run as [7].

    `stubs` are the texts of exercises, which stand for those of which no cell was run: not started.
    """
    count = kept(ran, lesson)
    sources = [text if number in count else "" for number, text in enumerate(ran)][1:]
    begun = {tag_of(ran[number], lesson) for number in count}
    rest = [exercise for exercise in lesson.exercise if exercise.name not in begun]
    sources += [f"# {exercise.short}\n{stubs[exercise.name]}" for exercise in rest]
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def kept(ran: Sequence[str], lesson: Lesson) -> set[int]:
    """The numbers of what counts: the last run of each tagged cell, and what was run before the first of them.

    An earlier run is kept where it defines a name that no later one of the same exercise does.
    """
    tags = {number: tag_of(text, lesson) for number, text in enumerate(ran) if text.strip() and OURS not in text}
    numbers = [number for number, tag in tags.items() if tag and lesson.named(tag)]
    count = {number for number, tag in tags.items() if not tag and number < min(numbers, default=len(ran))}
    defined: dict[str, set[str]] = {}
    for number in sorted(tags, reverse=True):
        tag = tags[number]
        if not tag:
            continue
        own = names("\n".join(magics.set_aside(ran[number]).lines))
        if tag not in defined or own - defined[tag]:
            count.add(number)
        defined.setdefault(tag, set()).update(own)
    return count


def names(text: str) -> set[str]:
    """What a text defines at its top level; nothing where Python cannot read it."""
    found: set[str] = set()
    for node in [] if broken(text) else ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            stored = (part for part in ast.walk(node) if isinstance(part, ast.Name))
            found |= {part.id for part in stored if isinstance(part.ctx, ast.Store)}
    return found
