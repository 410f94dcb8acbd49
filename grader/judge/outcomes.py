"""How student code ended, as exceptions for checks and as findings for reports."""

import builtins
import re
from functools import cache

import msgspec

from grader import messages
from grader.cell.isolation.process import DISK, FILES
from grader.cell.meter import MAX_THREADS
from grader.cell.protocol import Raised
from grader.cell.supervisor import CellDiedError, Limit
from grader.course.lessons import Exercise
from grader.judge import explain, script
from grader.model import Finding, Verdict
from grader.replay.api_errors import UNREADABLE

IMPORTED = ["openai", "dotenv"]  # what students import most, and misspell
# `google` is shared by many libraries: where the one that is meant is absent, there is no ModuleNotFoundError
NAMESPACE = re.compile(r"cannot import name '(?P<part>\w+)' from '(?P<package>[\w.]+)' \(unknown location\)")
TOO_MUCH = {"printed": messages.PRINTED, "in requests": messages.SENT, "requests": messages.ASKED}
TOO_BIG = {"too deep": messages.TOO_DEEP, "too many items": messages.TOO_MANY}


class Ended(BaseException):
    """The check is over with this finding. No `except Exception` of a check can swallow it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class NothingLoggedError(Ended):
    """The check looked for a request or reply that the log does not have; a broken contract says it better."""


class StudentError(Exception):
    """An exception of student code. It is also an instance of the nearest builtin class, such as ValueError.

    `type` is its class name, `bases` are those of its base classes (its own first), `finding` is what the
    student reads if the check does not expect it.
    """

    def __init__(self, raised: Raised, finding: Finding) -> None:
        Exception.__init__(self, raised.message)  # not that of the builtin class, which may want more
        self.type = raised.kind
        self.bases = tuple(raised.bases)
        self._raised = raised
        self.finding = finding

    def __str__(self) -> str:
        """The exception's own message."""
        return str(self.args[0])

    def happened_in(self, call: str) -> None:
        """Name the call, with its arguments, in what the student reads."""
        message, _ = explain.error(self._raised, call)
        self.finding = msgspec.structs.replace(self.finding, message=message)


def error_class(bases: tuple[str, ...]) -> type[StudentError]:
    """A class for exceptions whose bases have these names."""
    for name in bases:
        base = getattr(builtins, name, None)
        if base in (Exception, ExceptionGroup):  # a group cannot be made without its members
            continue
        if isinstance(base, type) and issubclass(base, Exception):
            return _also(name)
    return StudentError


@cache  # by builtin classes, of which there are few: a forged frame may name millions of others
def _also(name: str) -> type[StudentError]:
    return type("StudentError", (StudentError, getattr(builtins, name)), {})


def failed(message: str, where: str = "", step: str = "") -> Finding:
    """The finding of a wrong answer."""
    return Finding(verdict=Verdict.FAILED, message=message, where=where, next=step)


def ours(what: str) -> Finding:
    """The finding of a fault that is not the student's."""
    return Finding(verdict=Verdict.ERROR, message=messages.OURS.format(what=what), next=messages.NEXT_TELL)


def raised(outcome: Raised, function: str, exercise: Exercise, modules: set[str]) -> Ended | StudentError:
    """The exception for what student code raised. `function` is empty while the file itself runs.

    `modules` are the names of all exercises of the lesson.
    """
    where = f"{exercise.file}:{outcome.line}" if outcome.line else exercise.file
    if function == script.NAME and outcome.kind == "EOFError" and "reading a line" in outcome.message:
        return Ended(failed(messages.INPUT_ENDED, where, messages.NEXT_INPUT_ENDED))
    special = _special(outcome, where, exercise, modules)
    if special:
        return Ended(special)
    message, step = explain.error(outcome, function)
    finding = failed(message, where, step)
    if not function:
        return Ended(finding)
    if "Exception" not in outcome.bases:
        return Ended(finding)
    return error_class(tuple(outcome.bases))(outcome, finding)


def _special(outcome: Raised, where: str, exercise: Exercise, modules: set[str]) -> Finding | None:
    """The finding where an exception has a meaning of its own, whatever a check expects."""
    if outcome.missing is not None:
        return _no_name(outcome, where, exercise.file)
    absent = NAMESPACE.match(outcome.message) if outcome.kind == "ImportError" else None
    library = ".".join(absent.group("package", "part")) if absent else outcome.library
    if library is not None:
        return _no_library(library, where, exercise, modules)
    if outcome.kind == "NotImplementedError" and outcome.own:
        if outcome.begun:
            return failed(messages.STUB_LINE, where, messages.NEXT_STUB_LINE)
        return Finding(verdict=Verdict.NOT_STARTED, message=messages.NOT_STARTED, where=where)
    if outcome.kind == "TooBigError":
        message = TOO_BIG.get(outcome.message, messages.TOO_LARGE)
        return Finding(verdict=Verdict.OUTPUT_LIMIT, message=message, where=where, next=messages.NEXT_TOO_BIG)
    limit = _limited(outcome, where)
    ending = explain.ending(outcome)
    return limit or (failed(ending[0], where, ending[1]) if ending else None)


MOST_ON_DISK = f"{DISK >> 20} MB, {FILES} files"
DISK_FULL = ("[Errno 28]", "[Errno 27]", "[Errno 122]")  # no space, a file too large, a quota
TOO_MANY_OPEN = "[Errno 24]"


def _limited(outcome: Raised, where: str) -> Finding | None:
    """The finding where an exception says that a rule or a limit of the cell was met."""
    system = outcome.message if "OSError" in outcome.bases else ""
    verdict, message, step = Verdict.OUTPUT_LIMIT, "", ""
    file = where.partition(":")[0]  # which line meets the limit depends on how the cell is kept apart
    if outcome.kind == "NoProgramsError":  # the cell's own, as the next one
        verdict, message, step = Verdict.FAILED, messages.NO_PROGRAM, messages.NEXT_PROGRAM
    elif outcome.kind == "OutsideError":
        verdict, message, step = Verdict.FAILED, messages.OUTSIDE, messages.NEXT_OUTSIDE
    elif system.startswith(DISK_FULL):
        message, step, where = messages.DISK.format(most=MOST_ON_DISK), messages.NEXT_DISK, file
    elif system.startswith(TOO_MANY_OPEN):
        message, step = messages.OPEN_FILES, messages.NEXT_OPEN_FILES
    elif outcome.kind == "RuntimeError" and outcome.message == "can't start new thread":
        verdict, message, where = Verdict.MEMORY, messages.THREADS.format(most=MAX_THREADS), file
        step = messages.NEXT_THREADS
    elif "MemoryError" in outcome.bases:
        verdict, message, step = Verdict.MEMORY, messages.MEMORY, messages.NEXT_MEMORY
    return Finding(verdict=verdict, message=message, where=where, next=step) if message else None


def _no_name(outcome: Raised, where: str, file: str) -> Finding:
    name = f"{outcome.missing}()"
    if outcome.line:
        return failed(messages.OUTSIDE_OF_CLASS.format(name=name), where, messages.NEXT_INTO_CLASS)
    close = messages.similar(str(outcome.missing), outcome.names)
    if not close:
        return failed(messages.NO_FUNCTION.format(name=name, file=file), file, messages.NEXT_FUNCTION)
    words = {"name": name, "file": file, "other": f"{close}()"}
    return failed(messages.NO_FUNCTION_BUT.format(**words), file, messages.NEXT_RENAME.format(**words))


def _no_library(library: str, where: str, exercise: Exercise, modules: set[str]) -> Finding:
    name = messages.shown(library)
    if library in modules:
        return failed(messages.NO_NEIGHBOUR.format(library=library), where, messages.NEXT_NEIGHBOUR)
    if {library, library.partition(".")[0]} & set(exercise.needs):
        message = messages.BLOCKED.format(library=name)
        return Finding(verdict=Verdict.BLOCKED, message=message, where=where, next=messages.NEXT_TELL)
    other = messages.similar(library.lower(), IMPORTED)
    if other:
        message = messages.NO_LIBRARY_BUT.format(library=name, other=other)
        return failed(message, where, messages.NEXT_SPELLING)
    sentence = messages.NO_PART if "." in library else messages.NO_LIBRARY
    return failed(sentence.format(library=name), where, messages.NEXT_LIBRARY)


def tampered(evidence: str) -> Ended:
    """The end of a check whose cell sent what no honest one sends."""
    words = {"message": messages.TAMPERED, "next": messages.NEXT_TAMPERED, "evidence": evidence}
    return Ended(Finding(verdict=Verdict.TAMPERED, **words))


def sent_too_much(where: str) -> Ended:
    """The end of a check whose requests hold, or ask for, more than is kept in memory."""
    words = {"message": messages.SENT, "next": messages.NEXT_OUTPUT}
    return Ended(Finding(verdict=Verdict.OUTPUT_LIMIT, where=where, **words))


def unanswerable(error: Exception, where: str) -> Ended:
    """The end of a check with a request that has broken what answers it; `evidence` tells the mentor how."""
    evidence = f"a request that cannot be answered: {type(error).__name__}: {error}"
    finding = failed(messages.REFUSED.format(message=UNREADABLE), where, messages.NEXT_REFUSED)
    return Ended(msgspec.structs.replace(finding, evidence=evidence))


def died(error: CellDiedError, call_seconds: float, where: str) -> Finding:
    """The finding for a cell that is gone."""
    how, _, code = error.detail.rpartition(" ")
    ended = messages.CRASHED if how == "signal" else messages.EXITED
    flood = next((says for end, says in TOO_MUCH.items() if error.detail.endswith(end)), messages.ANSWERED)
    time = messages.seconds(call_seconds)
    message, step = {
        Limit.PROCESSOR: (messages.PROCESSOR.format(seconds=time), messages.NEXT_TIMEOUT),
        Limit.THREADS: (messages.THREADS.format(most=MAX_THREADS), messages.NEXT_THREADS),
        Limit.DISK: (messages.DISK.format(most=MOST_ON_DISK), messages.NEXT_DISK),
        Verdict.TIMEOUT: (messages.TIMEOUT.format(seconds=time), messages.NEXT_TIMEOUT),
        Verdict.CRASHED: (ended.format(code=code), messages.NEXT_CRASH),
        Verdict.OUTPUT_LIMIT: (flood, messages.NEXT_OUTPUT),
        Verdict.TAMPERED: (messages.TAMPERED, messages.NEXT_TAMPERED),
    }[error.limit or error.verdict]
    evidence = f"{error.detail}; it begins with {error.sent!r}" if error.verdict is Verdict.TAMPERED else ""
    return Finding(verdict=error.verdict, message=message, where=where, next=step, evidence=evidence)
