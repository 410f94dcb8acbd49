"""Names that somebody else wrote: of files in archives, of folders, of students."""

import hashlib
import re
import unicodedata

import msgspec

from grader import messages

# Left on disk or in archives by systems and tools; never part of an answer, so nobody has to read about it.
JUNK = {
    "__MACOSX",
    "__pycache__",
    "node_modules",
    "site-packages",
    "venv",
    "desktop.ini",
    "Thumbs.db",
    ".DS_Store",
    ".git",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".venv",
    ".vscode",
}
BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DRIVE = re.compile(r"[A-Za-z]:")
SEPARATOR = re.compile(r"[\\/]")
MOST_LONG = 255  # characters of one name
MOST_DEEP = 24  # folders in folders


class Told(msgspec.Struct, frozen=True):
    """What a student reads about an exercise file that was not read, and the next step; with {file} and {most}."""

    message: str
    step: str


UNREADABLE = Told(messages.UNREADABLE, messages.NEXT_READABLE)
TOO_LONG = Told(messages.TOO_LONG, messages.NEXT_SHORTER)  # these two as in the student's own run
NOT_A_FILE = Told(messages.NOT_A_FILE, messages.NEXT_PLAIN_FILE)
TWO_NAMES = Told(messages.TWO_NAMES, messages.NEXT_ONE_NAME)


class Refused(msgspec.Struct, frozen=True):
    """A file that was not read, as the names on its path, and why. Empty for the whole of a submission."""

    path: tuple[str, ...]
    reason: str
    told: Told = UNREADABLE

    def __str__(self) -> str:
        return f"{printable('/'.join(self.path))}: {self.reason}" if self.path else self.reason


class RefusedError(Exception):
    """Something that is not read; the message is the reason, in a few words."""

    told = UNREADABLE

    def of(self, path: tuple[str, ...]) -> Refused:
        """The file that was not read."""
        return Refused(path, str(self), self.told)


class TooLongError(RefusedError):
    """A file is longer than what is read."""

    told = TOO_LONG


class NotAFileError(RefusedError):
    """A link, a folder, a device, or what may not be read."""

    told = NOT_A_FILE


def parts(name: str) -> tuple[str, ...]:
    r"""The names on a member's path, in composed form (NFC); both / and \ separate them.

    Raises RefusedError where an honest archive has no such name.
    """
    if PLAIN.fullmatch(name):  # nearly all are, and a class has thousands
        return (name,)
    if CONTROL.search(name):
        raise RefusedError("a control character in its name")
    if BIDIRECTIONAL.search(name):
        raise RefusedError("a character in its name that turns the direction of writing")
    if SEPARATOR.match(name) or DRIVE.match(name):
        raise RefusedError("an absolute path")
    found = split(name)
    if ".." in found:
        raise RefusedError("a path that leads out of its folder")
    if any(len(part) > MOST_LONG for part in found):
        raise RefusedError(f"a name longer than {MOST_LONG} characters")
    if len(found) > MOST_DEEP:
        raise RefusedError(f"more than {MOST_DEEP} folders deep")
    return found


def split(name: str) -> tuple[str, ...]:
    r"""The names on a path, however strange; bytes that are no text are written as \udce9."""
    if PLAIN.fullmatch(name):
        return (name,)
    found = [part for part in SEPARATOR.split(unicodedata.normalize("NFC", name)) if part not in ("", ".")]
    return tuple(part.encode("utf-8", "backslashreplace").decode() for part in found)


def is_junk(path: tuple[str, ...]) -> bool:
    """Whether a path is none of the student's doing."""
    return any(part in JUNK or part.startswith("._") for part in path)


def printable(text: str, most: int = 200) -> str:
    """A text for people: no control characters, no turned writing, not too long."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: most + 1])
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def folder_name(student: str) -> str:
    """A safe folder name for a student's id: the same for the same id, and no two ids share one."""
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    unique = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{words or 'student'}-{unique}"
