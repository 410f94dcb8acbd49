"""What all formats do with a student's text: make it printable, take commands out of it, cut it at a limit.

What a reader could obey is replaced by U+FFFD, the sign for an unreadable character. Markup is each format's own.
"""

import re
from typing import Final, NamedTuple

from grader.model import CheckResult
from grader.reports.translation import ENGLISH, Translator

UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
LONG: Final = 4_000  # bytes of one text in a report that has no limit of its own
# At the start of a line CI runners obey `::error::`, and anywhere in it the older `##[error]` and `##vso[...]`.
COMMAND: Final = re.compile(r"^(\s*):(?=:)|(##)(?=\[|vso\[)")


def safe(text: str) -> str:
    """The text without control characters, whatever a student put in.

    No escape, line break, change of the direction of writing or half of a surrogate pair is left, so it is legal
    in XML, too.
    """
    return "".join(char if char.isprintable() else UNREADABLE for char in text)


def inert(line: str) -> str:
    """The line as one that no CI runner takes for a command when it stands in a log; as long as before."""
    return COMMAND.sub(lambda found: f"{found[1]}{UNREADABLE}" if found[2] is None else f"#{UNREADABLE}", line)


def line(text: str, most: int = LONG, language: Translator = ENGLISH) -> str:
    """The text in one safe line of at most so many bytes."""
    return cut(inert(safe(" ".join(text.split()))), most, language)


def lines(text: str, most: int = LONG, language: Translator = ENGLISH) -> str:
    """The text in safe lines, of at most so many bytes together."""
    return cut("\n".join(inert(safe(one.expandtabs(4))) for one in text.splitlines()), most, language)


def cut(text: str, most: int, language: Translator = ENGLISH) -> str:
    """The text if it has at most so many bytes of UTF-8, else its beginning and a note that it was cut.

    Bytes are the strictest measure: a text of 500 bytes is also one of 500 characters, however they are counted.
    """
    whole = text.encode("utf-8", "replace")
    if len(whole) <= most:
        return text
    note = language.words("... [cut: it has {count} characters]", count=len(text)).encode()[:most]
    return (whole[: most - len(note)] + note).decode("utf-8", "ignore")


def count(number: int, thing: str) -> str:
    """`1 student`, `2 students`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def short(name: str) -> str:
    """`ex03` of `ex03_hello`."""
    return safe(name.split("_", maxsplit=1)[0])


def named(exercise: str, check: CheckResult, language: Translator = ENGLISH) -> str:
    """An exercise and the title of one of its checks, as they head a failure."""
    return f"{exercise.replace('_', ' ', 1)}: {language.sentence(check.title)}"


class Told(NamedTuple):
    """What was wrong (for want of words the verdict), where, and what to do next; the format makes them safe."""

    what: str
    where: str
    next: str

    def whole(self) -> str:
        """A line for each of the three that there is."""
        return "\n".join(filter(None, self))


def explained(check: CheckResult, language: Translator, folder: str = "") -> Told:
    """What is told of a check that is not passed."""
    verdict = language.words(check.verdict.replace("_", " "))
    step = language.words("Next: {step}", step=language.sentence(check.next)) if check.next else ""
    where = f"{folder}{check.where}" if check.where else ""
    return Told(language.sentence(check.message) or verdict, where, step)
