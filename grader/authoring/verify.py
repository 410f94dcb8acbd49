"""Proof that a lesson's checks are right: everything that a course author may get wrong, one line a problem.

Stubs, solutions, variants and mistakes are graded by the judge itself, in one warm run.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from grader import messages
from grader.authoring import evidence, judged, new, reel, sdk, stored, tape, written
from grader.authoring.quiz_proof import QuizProof
from grader.authoring.uncollected import Uncollected
from grader.course import quizzes
from grader.course.lessons import Course, Exercise, Lesson
from grader.errors import CassetteError, LessonError
from grader.judge import many
from grader.judge.many import Submitted
from grader.model import ExerciseResult, Report, Verdict
from grader.replay import cassettes


class Problem(msgspec.Struct, frozen=True, order=True):
    """What is wrong, where, and the command or the act that mends it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. Next: {self.mend}"


def verify(root: Path, name: str, work: Path) -> list[Problem]:
    """All problems of a lesson. `work` is an empty folder for submissions. Raises GraderError."""
    course = Course(root)
    lesson = course.lesson(name)
    proof = Proof(course, name, lesson)
    tape.require_vcrpy()
    unread = list(proof.unread())
    if unread:
        return sorted(unread)
    left = list(proof.left()) or [*proof.unrecorded(), *proof.described()]
    if left:  # an exercise that is on its way: how it is graded by now would only distract
        return sorted({*left, *proof.files(), *proof.pages()})
    own = (*proof.files(), *proof.checks(), *proof.pages(), *proof.quiz())
    graded = proof.graded([proof.stubs(), *proof.answers(work)])
    return sorted({*own, *graded, *proof.recorded(), *proof.played()})


def handed_out(course: Course, name: str) -> list[Problem]:
    """The problems of what students get of a lesson; how its answers are graded is not looked at.

    Raises GraderError.
    """
    proof = Proof(course, name, course.lesson(name))
    unread = list(proof.unread())
    if unread:
        return sorted(unread)
    left = list(proof.left()) or list(proof.unrecorded())
    if left:
        return sorted({*left, *proof.pages()})
    own = (*proof.checks(), *proof.pages(), *proof.quiz())
    return sorted({*own, *proof.graded([proof.stubs()]), *proof.recorded()})


class Proof:
    """The proofs of one lesson."""

    def __init__(self, course: Course, name: str, lesson: Lesson) -> None:
        self._course = course
        self._name = name
        self._lesson = lesson
        self._stored = stored.Stored(course.root, name)
        self._quiz = QuizProof(course, name) if quizzes.of(course, name) else None
        self._used: set[str] = set()
        self._uncollected = Uncollected()
        self._broken: set[str] = set()  # exercises whose checks stop whatever is submitted, by the stub's grade
        self._sound: dict[str, Path] = {}  # the cassettes without a fault, by their shown paths

    def files(self) -> Iterator[Problem]:
        """Each exercise has its files, and no file belongs to no exercise."""
        folder, checks = self._course.folder(self._name), self._course.checks(self._name)
        for exercise in self._lesson.exercise:
            for path in (folder / exercise.file, checks / exercise.checks_file, self._stored.solution(exercise)):
                if not path.is_file():
                    yield Problem(self._shown(path), "there is no such file", f"write it for {exercise.name}")
            if not self._stored.mistakes(exercise):
                yield Problem(
                    exercise.name, "it has no typical mistake", f"add one to tests/mistakes/{self._name}"
                )
        names = {exercise.name for exercise in self._lesson.exercise}
        for path, owner in self._stored.owned(folder, checks):
            if owner not in names:
                yield Problem(self._shown(path), "it belongs to no exercise of lesson.toml", "delete or rename it")

    def unread(self) -> Iterator[Problem]:
        """Each file that an author writes is UTF-8."""
        for path in self._texts():
            content = path.read_bytes() if path.is_file() else b""
            try:
                content.decode()
            except UnicodeDecodeError as error:
                line = content[: error.start].count(b"\n") + 1
                yield Problem(f"{self._shown(path)}:{line}", "the file is not UTF-8", "save it as UTF-8")

    def left(self) -> Iterator[Problem]:
        """What `grader new` wrote is filled in."""
        for path in self._texts():
            for number, what in new.left(path):
                where = f"{self._shown(path)}:{number}"
                yield Problem(where, f"to fill in: {what}", f"write it in the place of {new.MARK}")

    def unrecorded(self) -> Iterator[Problem]:
        """There are takes where checks expect requests."""
        for exercise in self._lesson.exercise:
            path = self._course.checks(self._name) / exercise.checks_file
            expects = path.is_file() and re.search(r"^\s*api\.expect\(", path.read_text("utf-8"), re.MULTILINE)
            if expects and not self._course.takes(self._name, exercise.name):
                again = f"grader record {self._name} {exercise.short}"
                yield Problem(exercise.name, "its checks expect requests, and it has no takes", again)

    def described(self) -> Iterator[Problem]:
        """Each mistake says what it loses, and what the student reads."""
        for exercise in self._lesson.exercise:
            for path in self._stored.mistakes(exercise):
                try:
                    stored.expected(path)
                except LessonError as error:
                    what = str(error).partition(": ")[2].rstrip(".")
                    yield Problem(self._shown(path), what, "write them")

    def checks(self) -> Iterator[Problem]:
        """Each check has a name of its own and a title that the student reads."""
        for path in sorted(self._course.checks(self._name).glob("test_*.py")):
            names: set[str] = set()
            for node in definitions(path):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    where = f"{self._shown(path)}:{node.lineno}"
                    if node.name in names:
                        yield Problem(
                            where, f"there is another {node.name}, which this one replaces", "rename one"
                        )
                    if not ast.get_docstring(node):
                        yield Problem(where, f"{node.name} has no title", "write its docstring")
                    names.add(node.name)

    def pages(self) -> Iterator[Problem]:
        """The lesson page has a section for each exercise."""
        page = self._course.folder(self._name) / "README.md"
        text = page.read_text("utf-8") if page.is_file() else ""
        for exercise in self._lesson.exercise:
            if not re.search(rf"^## {exercise.short}\b", text, re.MULTILINE):
                yield Problem(
                    self._shown(page), f"no section for {exercise.name}", f"add `## {exercise.short} ...`"
                )

    def quiz(self) -> list[Problem]:
        """The questions of many seeds can be drawn, and the stub holds those of the lesson's own."""
        return [Problem(*flaw) for flaw in self._quiz.flaws()] if self._quiz else []

    def graded(self, submissions: Iterable[Submitted]) -> list[Problem]:
        """Stubs score nothing, right answers all, each mistake loses just its checks with its message."""
        problems: list[Problem] = []

        def note(submitted: Submitted, report: Report) -> None:
            for exercise in report.result.exercises:
                problems.extend(self._judged(submitted, exercise))

        self._used = many.grade(self._course.root, self._name, submissions, note, plugins=[self._uncollected])
        return problems

    def recorded(self) -> Iterator[Problem]:
        """Each cassette is honest and free of secrets, and each exercise has takes enough."""
        for exercise in self._lesson.exercise:
            again = f"grader record {self._name} {exercise.short}"
            paths = self._course.takes(self._name, exercise.name)
            for path in paths:
                faults = self._faults(path)
                yield from (Problem(where, what, f"{again}, or mend it by hand") for where, what in faults)
                self._sound |= {} if faults else {self._shown(path): path}
            yield from self._takes(exercise, [path for path in paths if self._shown(path) in self._sound])

    def played(self) -> Iterator[Problem]:
        """Each sound cassette is replayable by others, and used. Call it after `graded` and `recorded`."""
        for line in sdk.seen_otherwise(self._sound):
            where, _, what = line.partition(": ")
            yield Problem(where, f"plain vcrpy: {what}", "compare the request with what the SDK sends")
        for place in [place for shown, path in self._sound.items() for place in stored.places(path, shown)]:
            if place not in self._used and Path(place).parent.name not in self._broken:
                yield Problem(place, "no solution, variant or mistake uses this exchange", "delete it")

    def _takes(self, exercise: Exercise, paths: list[Path]) -> Iterator[Problem]:
        """There are two takes at least, which differ, and a guardrail can ask about the replies of each."""
        takes = cassettes.takes(paths, self._course.root)
        again = f"grader record {self._name} {exercise.short}"
        if len(takes) == 1:
            yield Problem(exercise.name, "it has one take only", again)
        reply = reel.shared(takes)
        if reply is not None:
            what = f"two takes give the same reply {messages.shown(reply)}: it could be written into an answer"
            yield Problem(exercise.name, what, f"{again} --seeds 7,107, or write another reply by hand")
        for place, text in [(take[0].place, text) for take in takes for text in judged.unjudged(take)]:
            what = f"there is no moderation of the reply {messages.shown(text)}"
            yield Problem(place.partition("#")[0], what, "write it beside that of the other texts")

    def _faults(self, path: Path) -> list[tuple[str, str]]:
        """Where and what is wrong in a cassette. One that was never checked is checked now, and says so after."""
        shown = self._shown(path)
        faults = evidence.faults(path, shown)
        if not faults:
            try:
                written.check(path, shown)
            except CassetteError as error:
                faults = [str(error)]
        parts = [fault.splitlines()[0].removeprefix(shown).removeprefix(": ").rstrip(".") for fault in faults]
        return [(shown, what) for what in parts]

    def stubs(self) -> Submitted:
        """The lesson as students get it."""
        return Submitted("stub", self._course.folder(self._name))

    def answers(self, work: Path) -> Iterator[Submitted]:
        """The solutions, each variant and mistake alone, and letters for the quiz, in folders below `work`."""
        yield Submitted("solution", self._stored.solutions)
        for exercise in self._lesson.exercise:
            for path in (*self._stored.variants(exercise), *self._stored.mistakes(exercise)):
                folder = work / exercise.name / path.parent.parent.parent.name / path.stem
                folder.mkdir(parents=True)
                (folder / exercise.file).write_bytes(path.read_bytes())
                yield Submitted(self._shown(path), folder, frozenset([exercise.name]))
        if self._quiz:
            yield from self._quiz.submissions(work)

    def _judged(self, submitted: Submitted, exercise: ExerciseResult) -> Iterator[Problem]:
        if exercise.name in self._broken:  # told of the stub; all else would only follow from it
            return
        if self._quiz and self._quiz.knows(submitted):
            yield from (Problem(*flaw) for flaw in self._quiz.judged(submitted, exercise))
        elif submitted.name == "stub":
            yield from self._stub(exercise)
        elif "/mistakes/" in submitted.name:
            yield from self._mistake(submitted, exercise)
        else:
            lacking = self._lacking(submitted)
            for check in exercise.checks:
                if check.verdict is not (Verdict.BLOCKED if lacking else Verdict.PASSED):
                    what = f"{exercise.name}::{check.id} is {check.verdict}: {check.message}"
                    yield Problem(submitted.name, what, command(self._name, exercise))

    def _stub(self, exercise: ExerciseResult) -> Iterator[Problem]:
        checks = self._course.checks(self._name) / f"test_{exercise.name}.py"
        broken = next((check for check in exercise.checks if check.verdict is Verdict.ERROR), None)
        self._broken |= {exercise.name} if broken else set()
        if checks in self._uncollected.faults:
            line, what = self._uncollected.faults[checks]
            yield Problem(f"{self._shown(checks)}:{line}", what, "mend it")
        elif broken:
            yield Problem(self._shown(checks), f"{broken.id}: {broken.message.rstrip('.')}", "mend it")
        elif exercise.verdict is not Verdict.NOT_STARTED:
            path = self._course.folder(self._name) / f"{exercise.name}.py"
            what = f"the stub is {exercise.verdict}, with {exercise.score} points"
            yield Problem(self._shown(path), what, "let each function raise NotImplementedError")

    def _lacking(self, submitted: Submitted) -> list[str]:
        """The libraries that a variant uses and that are not installed here: then it must be blocked."""
        path = self._course.root / submitted.name
        return [name for name in stored.uses(path) if not stored.installed(name)] if path.is_file() else []

    def _mistake(self, submitted: Submitted, exercise: ExerciseResult) -> Iterator[Problem]:
        expected = stored.expected(self._course.root / submitted.name)
        failed = {check.id: check for check in exercise.checks if check.verdict is not Verdict.PASSED}
        lost = {id_ if id_ in expected.fails else id_.partition("[")[0] for id_ in failed}
        if lost != set(expected.fails):
            what = f"it loses {', '.join(sorted(failed)) or 'nothing'}, not {', '.join(expected.fails)}"
            yield Problem(submitted.name, what, "mend its line `# fails:` or the checks")
        for check in failed.values():
            if not any(says in f"{check.message} {check.next}" for says in expected.says):
                yield Problem(submitted.name, f"{check.id} tells the student {check.message!r}", "mend `# says:`")

    def _texts(self) -> list[Path]:
        """The files that an author writes, also those that are missing."""
        folder, exercises = self._course.folder(self._name), self._lesson.exercise
        stubs = [folder / exercise.file for exercise in exercises]
        checks = [self._course.checks(self._name) / exercise.checks_file for exercise in exercises]
        return [folder / "lesson.toml", folder / "README.md", *stubs, *checks, *self._stored.answers()]

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._course.root).as_posix()


def definitions(path: Path) -> list[ast.stmt]:
    """What stands at the top of a file of checks; nothing where it is no Python, which its collection tells."""
    try:
        return ast.parse(path.read_bytes()).body
    except SyntaxError:
        return []


def command(lesson: str, exercise: ExerciseResult) -> str:
    """The command that shows a failure in full."""
    return f"pytest assignments/{lesson} --submission=tests/solutions/{lesson} -k {exercise.name}"
