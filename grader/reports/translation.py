"""Shows English sentences in another language, after they were made: a stored report can be shown in any language.

The English text is its own key. A sentence that holds values ("hello() returned None; expected 'Hi'.") is known by
its template ("{function} returned {got}; expected {want}."). Its values are taken out, and set into the other
language's template as they are: no text of a student is ever read as a template.
"""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final

import msgspec

DEEPEST: Final = 5  # sentences in sentences: `1 or 2 or 3`
FEW_WORDS: Final = 2  # a template of fewer words of its own, such as `{one} or {other}`, fits nearly every text
WORD: Final = re.compile(r"[^\W\d_]{2,}")
PLAIN: Final = re.compile(
    r"[-+]?\d[\w.,]*|'[^']*'|\"[^\"]*\"|None|True|False|[A-Z](?:, [A-Z])*"
)  # a value in short
VERBATIM: Final = frozenset({"message"})  # what an exception or the API says stays as it is


class Template(msgspec.Struct, frozen=True):
    """A text with named fields: `fields[i]` stands between `words[i]` and `words[i + 1]`."""

    words: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def shape(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """What is the same for two templates that differ in the names of their fields only."""
        return self.words, tuple(map(self.fields.index, self.fields))

    @property
    def size(self) -> int:
        """How many characters are its own."""
        return sum(map(len, self.words))

    @property
    def vague(self) -> bool:
        """Whether it has so few words that its values must be looked at, too."""
        return len(WORD.findall(" ".join(self.words))) < FEW_WORDS

    def values(self, text: str) -> dict[str, str] | None:
        """The values of the fields in a text, each as short as can be; None where the text does not fit."""
        first, *between, last = self.words
        end = len(text) - len(last)
        if not (text.startswith(first) and text.endswith(last) and len(first) <= end):
            return None
        values, at = [], len(first)
        for word in between:
            found = text.find(word, at, end)
            if found < 0:
                return None
            values.append(text[at:found])
            at = found + len(word)
        named = list(zip(self.fields, [*values, text[at:end]], strict=True))
        return dict(named) if len(set(named)) == len(set(self.fields)) else None

    def filled(self, values: Mapping[str, object]) -> str:
        """The text with these values."""
        between = (f"{values[name]}{word}" for name, word in zip(self.fields, self.words[1:], strict=True))
        return "".join((self.words[0], *between))


def template(text: str) -> Template:
    """Read a template, as str.format() would. Raises ValueError for a brace that stands alone."""
    words, fields = [""], []
    for literal, name, _spec, _conversion in Formatter().parse(text):
        words[-1] += literal
        if name is not None:
            fields.append(name)
            words.append("")
    return Template(tuple(words), tuple(fields))


class Translator:
    """What is shown for an English text. `messages` maps English templates to those of the other language.

    A text that it does not know is shown as it is. `code` is that language's, as a web page names it (`pt-BR`).
    """

    def __init__(self, messages: Mapping[str, str], code: str = "en") -> None:
        self.code = code
        known = [(template(english), template(other)) for english, other in messages.items()]
        self._own = {english.shape: (english, other) for english, other in known}
        self._whole = {english.words[0]: other.words[0] for english, other in known if not english.fields}
        with_fields = [pair for pair in known if pair[0].fields]
        self._templates = sorted(with_fields, key=lambda pair: pair[0].size, reverse=True)

    def words(self, english: str, /, **values: object) -> str:
        """Our own words, given as a template, filled with these values."""
        own = template(english)
        known, other = self._own.get(own.shape, (own, own))
        return other.filled({name: values[mine] for name, mine in zip(known.fields, own.fields, strict=True)})

    def sentence(self, text: str) -> str:
        """A finished English text; the most specific template that fits counts."""
        known = self._known(text, DEEPEST) if self._own else None
        return text if known is None else known

    def _known(self, text: str, depth: int) -> str | None:
        """The text in the other language; None where it is not known."""
        if text in self._whole:
            return self._whole[text]
        return next(self._fitting(text, depth), None) if depth else None

    def _fitting(self, text: str, depth: int) -> Iterator[str]:
        """The text by each template that fits, the most specific first."""
        for english, other in self._templates:
            found = english.values(text)
            if found is None:
                continue
            shown = {}
            for name, value in found.items():
                known = None if name in VERBATIM else self._known(value, depth - 1)
                if known is None and english.vague and not PLAIN.fullmatch(value):
                    break
                shown[name] = value if known is None else known
            else:
                yield other.filled(shown)


ENGLISH: Final = Translator({})
