"""Real-looking keys in a submission: the mentor learns where one stands, and nobody is shown one."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from grader import messages
from grader.judge.cleaning import REAL_KEY
from grader.replay.scrub import PATTERNS

KINDS: Final = ("an API key", "a token", "a signed token")  # of scrub's patterns: what nobody writes by chance
MOST_KEYS: Final = 20  # that are named, and masked also in part and backwards; a hostile file holds thousands
MOST_OF_A_KEY: Final = 1_000  # characters that are masked: an API key has up to 164, a signed token more
LEAST: Final = 20  # characters; a real key is longer, a placeholder often shorter
SHOWN: Final = 3  # characters of a key that tell whose it is, as `sk-`


class Leak(NamedTuple):
    """A key in the submission, and where it stands."""

    place: str
    kind: str
    value: str

    def note(self) -> str:
        """What the mentor and the student read; the key itself is masked."""
        return messages.REAL_KEY.format(place=self.place, what=self.kind, begin=self.value[:SHOWN])


def leaks(file: str, content: bytes) -> Iterator[Leak]:
    """The real-looking keys of a file; a made-up one such as sk-your-key-comes-here has no digit.

    The lines of a notebook's file mean nothing to anybody: it is named alone.
    """
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        for kind in KINDS:
            for match in PATTERNS[kind].finditer(line):
                if len(match[0]) >= LEAST and any(char.isdigit() for char in match[0]):
                    place = file if file.endswith(".ipynb") else f"{file}:{number}"
                    yield Leak(place, kind, match[0][:MOST_OF_A_KEY])


def without_keys(text: str) -> str:
    """The text with a mark in the place of whatever looks like a key."""
    for kind in KINDS:
        text = PATTERNS[kind].sub(REAL_KEY, text)
    return text
