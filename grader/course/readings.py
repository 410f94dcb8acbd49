"""What the texts of a drawn question can name in braces: its table and settings, the truth, typical errors."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from grader.course import sampling
from grader.course.sampling import Chances

NAME = re.compile(r"\{(\w+)\}")
DIGITS = 3  # of a computed chance


class Setting(msgspec.Struct, frozen=True):
    """What was drawn: the text that a model has read, its next words with their chances, and both settings."""

    start: str
    chances: Chances
    temperature: float
    top_p: float

    @property
    def rescaled(self) -> Chances:
        """The chances at this temperature."""
        return sampling.rescale(self.chances, self.temperature)

    @property
    def kept(self) -> Chances:
        """What the temperature makes of the chances, and top_p of those."""
        return sampling.keep_top(self.rescaled, self.top_p)

    @property
    def one_off(self) -> Chances:
        """One word fewer than top_p keeps; where it keeps one only, one more."""
        number = len(self.kept)
        return sampling.divided(sampling.top(self.rescaled, number - 1 if number > 1 else number + 1))


# Chances that a choice can show. The names without an error in them are `rescaled` and `kept`.
SHOWN: Final[dict[str, Callable[[Setting], Chances]]] = {
    "unchanged": lambda setting: setting.chances,
    "rescaled": lambda setting: setting.rescaled,
    "not_divided": lambda setting: sampling.powers(setting.chances, setting.temperature),
    "upside_down": lambda setting: sampling.rescale(setting.chances, 1 / setting.temperature),
    "kept": lambda setting: setting.kept,
    "kept_not_divided": lambda setting: sampling.top(setting.rescaled, len(setting.kept)),
    "one_off": lambda setting: setting.one_off,
    "top_p_first": lambda setting: sampling.rescale(
        sampling.keep_top(setting.chances, setting.top_p), setting.temperature
    ),
}
TOLD: Final[dict[str, Callable[[Setting], str]]] = {
    "start": lambda setting: setting.start,
    "table": lambda setting: "    ".join(f"{word} {chance:g}" for word, chance in setting.chances.items()),
    "temperature": lambda setting: f"{setting.temperature:g}",
    "top_p": lambda setting: f"{setting.top_p:g}",
    "best_word": lambda setting: next(iter(setting.chances)),
    "kept_words": lambda setting: words(setting.kept),
    "one_off_words": lambda setting: words(setting.one_off),
}
ALL: Final = frozenset(SHOWN) | frozenset(TOLD)


def names(text: str) -> set[str]:
    """The names in braces."""
    return set(NAME.findall(text))


def filled(text: str, setting: Setting) -> str:
    """The text with each name's value in its place."""
    return NAME.sub(lambda found: value(found[1], setting), text)


def value(name: str, setting: Setting) -> str:
    """The value of a name, as the student reads it."""
    return numbers(SHOWN[name](setting)) if name in SHOWN else TOLD[name](setting)


def numbers(chances: Chances) -> str:
    """Words with their chances."""
    return ", ".join(f"{word} {chance:.{DIGITS}f}" for word, chance in chances.items())


def words(chances: Chances) -> str:
    """Words that can come: `only tea`, or `tea, milk or juice`."""
    *others, last = chances
    return f"{', '.join(others)} or {last}" if others else f"only {last}"
