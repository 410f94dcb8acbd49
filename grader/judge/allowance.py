"""Time for the import of a known library: it is not charged to a call of student code.

The judge decides by the text of the file, and a cell gets it once. So code that only pretends to import a library
gains at most this much, whatever it does.
"""

import re
from functools import cache
from importlib.util import find_spec
from typing import Final

# seconds, about three times what the import takes of a processor; a busy machine needs as much by the clock
SECONDS: Final = {
    "aiohttp": 1.0,
    "anthropic": 3.0,
    "any_llm": 5.0,
    "google": 3.0,
    "httpx": 1.0,
    "langchain_openai": 5.0,
    "litellm": 10.0,
    "ollama": 1.0,
    "requests": 1.0,
    "urllib3": 1.0,
}
MOST: Final = 12.0  # for one file
IMPORT: Final = re.compile(r"^[ \t]*(?:from[ \t]+(?P<one>\w+)|import[ \t]+(?P<names>[\w., \t]+))", re.MULTILINE)


def allowance(source: bytes) -> float:
    """The seconds for the libraries that a file imports anywhere in it, as far as they are installed."""
    text = source.decode("utf-8", "replace")
    named = [match["one"] or match["names"] for match in IMPORT.finditer(text)]
    libraries = {name.strip().partition(".")[0].partition(" ")[0] for names in named for name in names.split(",")}
    return min(MOST, sum(SECONDS[name] for name in libraries & SECONDS.keys() if installed(name)))


@cache
def installed(library: str) -> bool:
    """Whether a library can be imported here; a cell runs the same Python."""
    return find_spec(library) is not None
