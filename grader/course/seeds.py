"""The seed of a student's quiz, read from their file as text: nothing of the file runs."""

import ast
import re
import unicodedata
import warnings
from pathlib import Path
from typing import TypeGuard

from grader import messages
from grader.errors import GraderError

NAME = "SEED"
MOST = 1 << 16  # characters of a file with answers; a syntax tree takes hundreds of times as much
LONGEST = 20  # characters of a word
SIGNS = frozenset("0123456789_.@-")
LETTERS, MARKS = ("Lu", "Ll", "Lt", "Lm", "Lo"), ("Mn", "Mc")  # a mark belongs to the letter before it
INVISIBLE = re.compile(  # letters and marks that nobody can see in a name
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
LARGEST = 10**9
HIDDEN = "hidden-"  # a SEED that begins so is drawn together with a seed that only mentors have


class SeedError(GraderError):
    """A SEED that cannot be used: what is wrong, the next step, and the line, where there is one."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.step = messages.NEXT_SEED
        self.line = line


def seed_of(value: object, line: int | None = None) -> str:
    """The seed as text: `7` and `"7"` are the same. Raises SeedError for what is no number or short word.

    A word is in Unicode's form NFC: some systems type `ü` as one character, others as two.
    """
    if type(value) is int and 0 <= value <= LARGEST:
        return str(value)
    word = unicodedata.normalize("NFC", value) if type(value) is str else ""
    if not is_word(word):
        raise SeedError(messages.SEED_VALUE.format(got=messages.shown(value)), line)
    return word


def is_word(text: str) -> bool:
    """Whether these are up to 20 letters of any script, digits and signs: no blank, control or markup."""
    kinds = [unicodedata.category(char) for char in text if char not in SIGNS]
    return (
        0 < len(text) <= LONGEST
        and unicodedata.category(text[0]) not in MARKS
        and all(kind in LETTERS + MARKS for kind in kinds)
        and not INVISIBLE.search(text)
    )


def seed_in(source: str) -> str | None:
    """The seed that stands in a student's file as `SEED = 7`; None where there is none. Raises SeedError."""
    if len(source) > MOST:
        raise SeedError(messages.SEED_TOO_LONG.format(most=MOST))
    try:
        with warnings.catch_warnings():  # an odd backslash in a student's text is no concern of ours
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SeedError(messages.SEED_UNREAD) from None
    names = [node for node in ast.walk(tree) if _is_seed(node)]
    if not names:
        return None
    line = max(node.lineno for node in names)
    values = [statement.value for statement in tree.body if _assigns(statement)]
    if len(names) > 1 or len(values) != 1 or not isinstance(values[0], ast.Constant):
        raise SeedError(messages.SEED_PLACE, line)
    return seed_of(values[0].value, line)


def seed_of_file(path: Path) -> str | None:
    """The seed that stands in a file; None where there is no file or no seed. Raises GraderError."""
    try:
        return seed_in(path.read_text("utf-8-sig")) if path.exists() else None
    except SeedError as error:
        where = f"{path.name}:{error.line}" if error.line else path.name
        raise GraderError(f"{where}: {error} Next: {error.step}") from None
    except (OSError, UnicodeDecodeError):
        raise GraderError(f"{path.name}: it cannot be read as text. Next: name a seed with --seed") from None


def _is_seed(node: ast.AST) -> TypeGuard[ast.Name]:
    """Whether SEED gets a value here."""
    return isinstance(node, ast.Name) and node.id == NAME and isinstance(node.ctx, ast.Store)


def _assigns(statement: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    """Whether this is a line `SEED = ...` or `SEED: int = ...`."""
    if isinstance(statement, ast.Assign):
        return len(statement.targets) == 1 and _is_seed(statement.targets[0])
    return isinstance(statement, ast.AnnAssign) and _is_seed(statement.target)


def is_hidden(seed: str) -> bool:
    """Whether the questions of a seed can be drawn with a hidden one only."""
    return seed.startswith(HIDDEN)


def mixed(seed: str, hidden: str) -> str:
    """What the questions are drawn from: the seed itself, or both where it is a hidden one's."""
    return f"{seed}\0{hidden}" if is_hidden(seed) else seed


def literal(seed: str) -> str:
    """The seed as it is written in Python."""
    is_number = seed.isdigit() and str(int(seed)) == seed and int(seed) <= LARGEST
    return seed if is_number else repr(seed)
