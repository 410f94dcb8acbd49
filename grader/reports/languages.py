"""The languages that ship: a catalogue for each, grader/locale/<language>/LC_MESSAGES/grader.po.

Babel is loaded for another language than English only: a run in English does not pay for it.
"""

from pathlib import Path
from typing import Final

from grader import settings
from grader.errors import GraderError
from grader.reports.translation import ENGLISH, Translator

LOCALE: Final = Path(__file__).resolve().parents[1] / "locale"
CATALOGUE: Final = Path("LC_MESSAGES", "grader.po")
SOURCE: Final = "en"  # the language that messages are written in


def shipped(locale: Path = LOCALE) -> list[str]:
    """The languages that a student can choose."""
    return sorted({SOURCE, *(path.parents[1].name for path in locale.glob(f"*/{CATALOGUE.as_posix()}"))})


def chosen(option: str | None) -> Translator:
    """The language of --lang, else the user's own, else English. Raises GraderError for a --lang that we lack."""
    wanted = (option or settings.user_language()).replace("-", "_").lower()
    if wanted.partition("_")[0] in ("", "c", "posix", SOURCE):
        return ENGLISH
    from babel import negotiate_locale  # noqa: PLC0415 - see above

    languages = {name.lower(): name for name in shipped()}
    found = negotiate_locale([wanted], languages)
    if found:
        return load(LOCALE / languages[found.lower()] / CATALOGUE)
    if not option:
        return ENGLISH
    raise GraderError(f"--lang={option}: there is no such language here. There are: {', '.join(shipped())}.")


def load(path: Path) -> Translator:
    """Read a catalogue. An entry without a translation, or with one to be looked at, is left out."""
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with path.open("rb") as stream:
        catalogue = read_po(stream)
    messages = {str(one.id): str(one.string) for one in catalogue if one.id and one.string and not one.fuzzy}
    return Translator(messages, path.parents[1].name.replace("_", "-"))
