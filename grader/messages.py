"""The sentences that students read, in one place; the words around values, never the values themselves."""

import difflib
import re
import reprlib
from functools import reduce
from itertools import islice
from typing import Final

# --- requests
VIOLATION: Final = "Your request asked for {field}={got}; this exercise wants {want}."
NOT_SENT: Final = "Your request did not send {field}; this exercise wants {field}={want}."
NO_REQUEST: Final = "Your code made no {operation} request."
WRONG_COUNT: Final = "Your code made {got} {operation} {requests}; this exercise wants {want}."
NO_FURTHER: Final = "This check looks for one more request; your code made {count}."
REFUSED: Final = "The API refused your request: {message}"
UNKNOWN_PATH: Final = "Your code asked {host} for {method} {path}; this exercise has no recording of that."
UNKNOWN_SHAPE: Final = "Your request asked for {what}; this exercise has no recording of that."
UNKNOWN_TEXT: Final = "Your request asked about {text}; this exercise has no recording of that text."
OTHER_HOST: Final = "Your request went to {host}; this exercise asks {want}."
NO_NETWORK: Final = "Your code tried to reach {host} by itself. Only the API client works here."

# --- what a function returned
RETURNED: Final = "{function} returned {got}; expected {want}."
UNEXPECTED: Final = "Found {got}; expected {want}."
DID_NOT_RAISE: Final = "Your code raised no error here; expected one."
NOT_TRUE: Final = "This check did not find what it looked for."

# --- how code ended
RAISED: Final = "{function} stopped with {kind}: {message}"
NO_MESSAGE: Final = "(no message)"
RAISED_AT_IMPORT: Final = "Your file stopped with {kind}: {message}"
SYNTAX: Final = "Python cannot read this line: {message}."
INPUT: Final = "Your code waits for input(), and nobody types here."
EXIT: Final = "Your code called exit(); it must return or raise an error instead."
NO_FUNCTION: Final = "There is no {name} in {file}."
NO_FUNCTION_BUT: Final = "There is no {name} in {file}. Did you mean {other}?"
NOT_STARTED: Final = "not started yet"
BLOCKED: Final = "This exercise needs {library}, which is not installed here."
NO_LIBRARY: Final = "There is no library called {library} here."
NO_PART: Final = "There is no module {library} here."
NO_NEIGHBOUR: Final = "{library} is another exercise; this one cannot import it."
TIMEOUT: Final = "Your code did not finish within {seconds}."
TIMEOUTS: Final = "Two checks of this exercise did not finish; this one was not run."
SUBMISSION_TIMEOUT: Final = "The time for all exercises together ({seconds}) is used up."
CRASHED: Final = "Your code ended the Python process ({how}) before it gave an answer."
MEMORY: Final = "Your code used more memory than there is here."
TOO_BIG: Final = "Your code returned more than can be checked: {what}."
OUTPUT_LIMIT: Final = "Your code printed or sent too much: {detail}."
TAMPERED: Final = "Your code wrote into the grader's own connection."

# --- a real API (--live)
NO_ANSWER: Final = "The API at {host} did not answer: {why}."
CAPPED: Final = "This request can cost up to {most}; {spent} of the {cap} for this run are spent. It was not sent."
NO_PRICE: Final = "The cost of this request cannot be told ({what}). It was not sent."
REPLAY_ONLY: Final = "Only the recorded exchanges can prove this: {reason}"

# --- files
NO_FILE: Final = "There is no {file} in your folder."
NO_FILE_BUT: Final = "There is no {file} in your folder, but there is {other}."
NOT_A_FILE: Final = "{file} is a folder, a link or something else, and not a file with text."
NOT_UTF8: Final = "{file} is not saved as UTF-8 text (byte {byte:#04x})."
NULL_BYTE: Final = "{file} holds a null byte. It is not a text file."
TOO_LONG: Final = "{file} is larger than {most}. It cannot be a solution."
SHADOWS: Final = "{file} has the name of a library, which Python would import instead of it. Rename it."
LEFT_ALONE: Final = "{file} is not part of the lesson. It was not used."

# --- the quiz
SEED_VALUE: Final = "SEED is {got}; expected a whole number or a short word."
SEED_PLACE: Final = "SEED must get its value in one line: a number or a word, and no code."
SEED_TOO_LONG: Final = "Your file is too long to look for SEED in it: {most} characters are the most."
SEED_UNREAD: Final = "Python cannot read your file, so its SEED is not known."

# --- the command
NOTHING_SELECTED: Final = "No check fits {selection}. Look at the spelling; -k ex03 selects an exercise."

# --- values in words
EITHER: Final = "{one} or {other}"
RANGE: Final = "{first} to {last}"
SECOND: Final = "1 second"
SECONDS: Final = "{count} seconds"

# --- our own faults
READABLE: Final = "the checks can be read"  # the title of checks that cannot be read
OURS: Final = "This is not your code: {what}"

# --- next steps
NEXT_REQUEST: Final = "read the task in README.md again, and change that argument"
NEXT_ADD: Final = "add {field}={want} to the arguments of your request"
NEXT_FEWER: Final = "look for a request in a loop, and for test calls at the end of your file"
NEXT_RAISED: Final = "look at this line; print what stands on it, piece by piece"
NEXT_INPUT: Final = "leave input() out; what your function needs comes as its arguments"
NEXT_OLD_API: Final = "write client.chat.completions.create(...), as in README.md"
NEXT_CLIENT: Final = "use the client that your function gets, or give OpenAI() the key"
NEXT_CALL: Final = "call the client inside this function, and wait for its answer"
NEXT_REFUSED: Final = "mend what the API names; README.md shows a request that works"
NEXT_SHAPE: Final = "leave that argument out"
NEXT_SMALL_CAP: Final = "ask for as many tokens as your function was told"
NEXT_TEXT: Final = "send the text as it was given to your function"
NEXT_PATH: Final = "use client.chat.completions.create() or the call that the stub names"
NEXT_HOST: Final = "leave base_url out, or take the address that the exercise names"
NEXT_NETWORK: Final = "ask the API through the client; leave other addresses alone"
NEXT_FILE: Final = "put your answer into {file}"
NEXT_TIMEOUT: Final = "look for a loop that never ends, or for input()"
NEXT_SYNTAX: Final = "look here and one line above: brackets, quotes, colons, blanks"
NEXT_QUOTES: Final = "type the quotes again: straight ones, as \" or '"
NEXT_UTF8: Final = "save the file as UTF-8 in your editor"
NEXT_FUNCTION: Final = "name the function as the stub does"
NEXT_LIBRARY: Final = "check its spelling, or solve it without this library"
NEXT_KEY: Final = "check OPENAI_API_KEY in your environment, or in the file .env beside assignments/"
NEXT_QUOTA: Final = "look at the limits of your account, or wait a little and run it again"
NEXT_OUTAGE: Final = "is it running? Wait a little and run it again, or leave --live out"
NEXT_SERVICE: Final = "leave --live out, or use an API that has it"
NEXT_CAP: Final = "limit the reply with max_tokens, or run it again with --max-cost={cap}"
NEXT_PRICE: Final = "use gpt-4o-mini with plain text, or leave --live out"
NEXT_REPLAY: Final = "leave --live out to earn these points"
NEXT_NEIGHBOUR: Final = "copy what you need into this file"
NEXT_EXIT: Final = "hand the answer back with return, and let the function come to its end"
NEXT_CRASH: Final = "leave out what ends Python: os._exit(), os.kill(), or endless recursion in a library"
NEXT_MEMORY: Final = "look for a list or text that grows without end"
NEXT_TOO_BIG: Final = "return just what the stub asks for: a text, a number, a short list or dict"
NEXT_OUTPUT: Final = "look for a print() or a request in a loop that never ends"
NEXT_TAMPERED: Final = "take out the code that reaches into the grader"
NEXT_PLAIN_FILE: Final = "put a file with your answer in its place"
NEXT_SHORTER: Final = "take out what is not part of the answer, such as long data"
NEXT_RENAME: Final = "rename {other} to {file}"
NEXT_SEED: Final = "write one line at the left margin, such as SEED = 7 or SEED = 'anna'"
NEXT_TELL: Final = "tell your mentor; your points are not lost"


ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{4,}|\.\.\.[0-9a-f]{4,}(?=>)")  # whole, or cut at its front
HIDDEN_ADDRESS: Final = "0x..."
MOST_SHOWN: Final = 160  # characters
MOST_BITS: Final = 13_000  # of an integer that is written down


class _Short(reprlib.Repr):
    """Standard library's short repr, with room for a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = self.maxother = 60

    def repr_str(self, x: str, level: int) -> str:
        """A string; an address in it is taken out before the middle is cut."""
        return super().repr_str(ADDRESS.sub(HIDDEN_ADDRESS, x), level)

    def repr_int(self, x: int, level: int) -> str:
        """A number; Python does not write down one of more than 4300 digits."""
        return super().repr_int(x, level) if x.bit_length() < MOST_BITS else "a number of thousands of digits"

    def repr_dict(self, x: dict[object, object], level: int) -> str:
        """A dict in its own order, which may decide."""
        if level <= 0:
            return "{...}"
        pairs = [
            f"{self.repr1(key, level - 1)}: {self.repr1(x[key], level - 1)}" for key in islice(x, self.maxdict)
        ]
        return f"{{{', '.join([*pairs, *(['...'] if len(x) > self.maxdict else [])])}}}"


def shown(value: object) -> str:
    """A value in one short line; the same on every machine (sets are sorted, long parts are cut)."""
    text = _Short().repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def seconds(count: float) -> str:
    """A time in words."""
    return SECOND if count == 1 else SECONDS.format(count=f"{count:g}")


def wanted(value: object) -> str:
    """What a contract allows, in words: a value, `1 to 8`, or `'a' or 'b'`."""
    if isinstance(value, range):
        return str(value[0]) if len(value) == 1 else RANGE.format(first=value[0], last=value[-1])
    if isinstance(value, set | frozenset | tuple):
        return reduce(either, sorted(shown(item) for item in value)) if value else ""
    return shown(value)


def either(one: str, other: str) -> str:
    """One value or another, in words."""
    return EITHER.format(one=one, other=other)


def similar(name: str, names: list[str]) -> str | None:
    """The one of `names` that a misspelt name most likely means."""
    return next(iter(difflib.get_close_matches(name, names, n=1)), None)
