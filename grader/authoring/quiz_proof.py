"""Proof that a lesson's quiz holds, whatever the seed: it can be drawn, and only the right letters have points.

Whether the right letters are the truth is no question of one lesson: tests of the reference functions prove it.
"""

from collections.abc import Iterator
from pathlib import Path

from grader.course import drawing, quizzes
from grader.course.drawing import Asked
from grader.course.lessons import Course
from grader.errors import LessonError
from grader.judge.many import Submitted
from grader.model import ExerciseResult, Verdict
from grader.reports import quiz as printed

DRAWN = 200  # seeds of which each question must be drawn
GRADED = 3  # seeds of which the judge grades right and wrong letters
ANSWERS = "SEED = {seed}\n\n\ndef answers():\n    return {letters!r}\n"

Flaw = tuple[str, str, str]  # where, what, and what mends it


class QuizProof:
    """The proofs of one lesson's quiz. Raises LessonError where there is none."""

    def __init__(self, course: Course, name: str) -> None:
        self._name = name
        self._quiz, self._exercise = quizzes.of_lesson(course, name)
        self._stub = course.folder(name) / self._exercise.file
        self._expected: dict[str, dict[str, str]] = {}  # submission, question: why its letter is wrong, or ""

    def flaws(self) -> Iterator[Flaw]:
        """What is wrong with the questions, and with the stub."""
        try:
            for number in range(DRAWN):
                drawing.all_of(self._quiz, str(number))
        except LessonError as error:
            yield (
                f"assignments/{self._name}/quiz.toml",
                str(error).rstrip("."),
                "give `draw` or [tables] other values",
            )
            return
        seed = str(self._quiz.seed)
        fresh = printed.stub(drawing.all_of(self._quiz, seed), seed, self._name, self._exercise)
        if not self._stub.is_file() or self._stub.read_text("utf-8") != fresh:
            shown = f"assignments/{self._name}/{self._stub.name}"
            what = "it does not hold the questions of quiz.toml"
            yield shown, what, f"grader quiz {self._name} --stub > {shown}"

    def submissions(self, work: Path) -> Iterator[Submitted]:
        """For some seeds the right letters, then all the wrong ones, in folders below `work`."""
        for seed in map(str, range(GRADED)):
            drawn = drawing.all_of(self._quiz, seed)
            yield self._submitted(work, seed, drawn, [asked.answer for asked in drawn])
            for number in range(max(len(asked.why) for asked in drawn)):
                yield self._submitted(work, seed, drawn, [wrong(asked, number) for asked in drawn])

    def knows(self, submitted: Submitted) -> bool:
        """Whether this is one of these submissions."""
        return submitted.name in self._expected

    def judged(self, submitted: Submitted, exercise: ExerciseResult) -> Iterator[Flaw]:
        """What is wrong with the grade of one of them."""
        for check in exercise.checks:
            why = self._expected[submitted.name][check.id.partition("[")[2].rstrip("]")]
            if not why and check.verdict is not Verdict.PASSED:
                yield submitted.name, f"the right letter: {check.id} is {check.verdict}", "mend the check"
            elif why and (check.verdict is not Verdict.FAILED or why not in check.message):
                what = f"a wrong letter: {check.id} is {check.verdict} and says {check.message!r}"
                yield submitted.name, what, "mend the check"

    def _submitted(self, work: Path, seed: str, drawn: list[Asked], letters: list[str]) -> Submitted:
        given = dict(zip((asked.name for asked in drawn), letters, strict=True))
        name = f"quiz of seed {seed}, {''.join(letters)}"
        folder = work / name
        folder.mkdir(parents=True)
        (folder / self._exercise.file).write_text(ANSWERS.format(seed=seed, letters=given), "utf-8")
        self._expected[name] = {asked.name: asked.why.get(given[asked.name], "") for asked in drawn}
        return Submitted(name, folder, frozenset([self._exercise.name]))


def wrong(asked: Asked, number: int) -> str:
    """The wrong letter of this number; a question with fewer of them begins anew."""
    letters = list(asked.why)
    return letters[number % len(letters)]
