"""What an exception of student code means, in words of the lesson.

A row of the table fits an exception with this class among its bases whose message begins so. The groups of the
patterns fill the sentence and the next step.
"""

import re

from grader import messages
from grader.cell.protocol import Raised
from grader.judge.known_errors import AT_IMPORT, ENDINGS, IN_FUNCTION, SYNTAX, Row

MOST = 160  # characters of a library's own message


def error(raised: Raised, function: str) -> tuple[str, str]:
    """The sentence and the next step for an exception in a call of `function`; empty while the file is loaded."""
    return explained(raised, IN_FUNCTION if function else AT_IMPORT, function) or ("", "")


def ending(raised: Raised) -> tuple[str, str] | None:
    """The same for what ends any check, such as input() or a line that Python cannot read; else None."""
    unreadable = raised.own and "SyntaxError" in raised.bases
    return explained(raised, SYNTAX if unreadable else ENDINGS)


def explained(raised: Raised, table: tuple[Row, ...], function: str = "") -> tuple[str, str] | None:
    """What the first row that fits says, and its next step."""
    for row in table:
        words = fitting(row, raised)
        if words is not None:
            other = messages.similar(words.get("name", ""), list(row.known))
            says = row.but if other else row.says
            general = {"function": function, "kind": raised.kind, "message": own_words(raised), "other": other}
            return says.format(**general | words), row.step.format(**words)
    return None


def fitting(row: Row, raised: Raised) -> dict[str, str] | None:
    """The groups of the row's patterns, or None where the row does not fit."""
    found = re.match(row.begins, raised.message.removeprefix("f-string: "), re.DOTALL)
    if not found or row.kind not in raised.bases:
        return None
    words = found.groupdict()
    line = re.match(row.line.format(**words), raised.code)
    return words | line.groupdict() if line else None


def own_words(raised: Raised) -> str:
    """The exception's own message; of a library's only the beginning."""
    text = raised.message or messages.NO_MESSAGE
    if raised.own:
        return text
    first = text.splitlines()[0] if text.splitlines() else text
    return first if len(first) <= MOST else f"{first[: MOST - 3]}..."
