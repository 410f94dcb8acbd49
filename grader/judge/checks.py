"""One check, run once for each take: from what happened to a finding. The log speaks before the assertion."""

import inspect
from collections.abc import Callable

import msgspec
import pytest

from grader import messages
from grader.errors import GraderError
from grader.judge import hidden
from grader.judge.api import Api
from grader.judge.outcomes import Ended, NothingLoggedError, StudentError, failed, ours
from grader.judge.student import Student
from grader.model import Finding, Verdict
from grader.replay.cassettes import Take
from grader.replay.player import Player, Problem

PASSED = Finding(verdict=Verdict.PASSED)
CONFIRMED = (Verdict.TIMEOUT, Verdict.MEMORY)  # count only when they happen twice
MOST_TIMEOUTS = 2  # of one exercise; more would take the time of the others
# what clients raise when the API refuses: openai's, anthropic's, google-genai's, ollama's, and those of plain HTTP
CLIENT_ERRORS = frozenset(
    ["APIError", "AnthropicError", "HTTPError", "HTTPStatusError", "OpenAIError", "ResponseError"]
)
COMPARED = "\x1e"  # stands before a sentence that the judge made of two compared values
NEXT = "Next: "
LINE = "Line: "


def not_live(reason: str) -> Finding:
    """The finding of a check that a real API cannot decide."""
    message = messages.REPLAY_ONLY.format(reason=reason)
    return Finding(verdict=Verdict.BLOCKED, message=message, next=messages.NEXT_REPLAY)


def judge(check: Callable[[], object], student: Student, api: Api | None) -> Finding:
    """Run a check on each take, the hidden ones last; the first finding that is not `passed`, else `passed`."""
    if student._timeouts >= MOST_TIMEOUTS:
        where = student._exercise.file
        return Finding(verdict=Verdict.TIMEOUT, message=messages.TIMEOUTS, where=where, next=messages.NEXT_TIMEOUT)
    for take in (api._takes if api else ()) or (None,):
        finding = _confirmed(check, student, api, take)
        if finding.verdict is not Verdict.PASSED:
            return finding
    for take in api._hidden if api else ():
        finding = _confirmed(check, student, api, take)
        student._forget()
        if finding.verdict is not Verdict.PASSED:
            return msgspec.structs.replace(finding, take=hidden.shown(take))
    return PASSED


def _confirmed(check: Callable[[], object], student: Student, api: Api | None, take: Take | None) -> Finding:
    """The finding with one take; a time-out and the like must happen twice."""
    finding = _run(check, student, api, take)
    if finding.verdict in CONFIRMED and not student._is_broken():
        student._discard_cell()
        finding = _run(check, student, api, take)
    student._timeouts += finding.verdict is Verdict.TIMEOUT
    return finding


def _run(check: Callable[[], object], student: Student, api: Api | None, take: Take | None) -> Finding:
    player = api._begin(take) if api else Player(None, student._key)
    student._begin(player)
    finding = _outcome(check, student, player)
    if api:
        api._end()
    if finding.verdict is Verdict.PASSED:
        return finding
    return msgspec.structs.replace(finding, printed=student._printed())


def _outcome(check: Callable[[], object], student: Student, player: Player) -> Finding:
    finding, asserted = PASSED, False
    try:
        if inspect.isawaitable(check()):
            finding = ours("a check is an async function")
    except Ended as ended:
        finding, asserted = ended.finding, isinstance(ended, NothingLoggedError)
    except StudentError as error:
        refused = player.refusals if CLIENT_ERRORS.intersection(error.bases) else []
        finding = problem(refused[0], student) if refused else error.finding
    except (AssertionError, pytest.fail.Exception) as error:
        asserted = True
        told = sentence(str(error))
        finding = failed(told.words, at(told.line, student), told.step)
    except pytest.exit.Exception:  # `q` in a debugger
        raise
    except GraderError as error:  # such as recordings that are missing
        finding = ours(str(error))
    except Exception as error:  # noqa: BLE001 - a check that breaks must not look like a student's fault
        finding = ours(f"a check stopped with {type(error).__name__}: {error}")
    if finding.verdict in (Verdict.PASSED, Verdict.FAILED) and player.problems:
        return problem(player.problems[0], student)
    unmet = player.unmet() if asserted or finding is PASSED else None
    return problem(unmet, student) if unmet else finding


def problem(logged: Problem, student: Student) -> Finding:
    """The finding for a problem of the log."""
    found = failed(logged.message, at(logged.line, student), logged.next)
    return msgspec.structs.replace(found, verdict=logged.verdict)


def at(line: int | None, student: Student) -> str:
    """A place in the student's file: this line, or the one that the last answer came from."""
    where = student._where()
    return f"{where.partition(':')[0]}:{line}" if line else where


def compared(operator: str, left: object, right: object, student: Student) -> str:
    """The sentence for two values of an assertion: the student's on the left, the expected one on the right."""
    want = messages.shown(right) if operator == "==" else f"{operator} {messages.shown(right)}"
    if left is student._returned and student._function:
        return messages.RETURNED.format(function=student._function, got=messages.shown(left), want=want)
    return messages.UNEXPECTED.format(got=messages.shown(left), want=want)


class Sentence(msgspec.Struct, frozen=True):
    """What a failed assertion tells the student, the next step, and the line it is about, where it says so."""

    words: str
    step: str = ""
    line: int | None = None


def sentence(text: str) -> Sentence:
    """Read an assertion's message: its own words stand before pytest's; `Next:` and `Line:` begin lines of it."""
    text = text.partition("\nassert ")[0]
    if text.startswith("assert "):
        text = text.partition(COMPARED)[2].partition("\n")[0]
    elif text.startswith("DID NOT RAISE"):
        text = messages.DID_NOT_RAISE
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    steps = [line.removeprefix(NEXT) for line in lines if line.startswith(NEXT)]
    numbers = [line.removeprefix(LINE) for line in lines if line.startswith(LINE)]
    words = [line for line in lines if not line.startswith((NEXT, LINE))]
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() else None
    return Sentence(" ".join(words) or messages.NOT_TRUE, " ".join(steps), number)
