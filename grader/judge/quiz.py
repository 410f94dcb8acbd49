"""The fixture `quiz`: the lesson's questions as this student's SEED draws them."""

from grader import messages
from grader.course import drawing, seeds
from grader.course.drawing import Asked
from grader.course.quizzes import Quiz
from grader.course.seeds import SeedError
from grader.judge.outcomes import Ended, failed
from grader.judge.student import Student
from grader.model import Finding, Verdict


class StudentQuiz:
    """Questions for one submission. The seed comes from the text of the student's file, whatever its code does.

    With a `hidden` seed the file must name a seed that is to be mixed with it.
    """

    def __init__(self, quiz: Quiz, student: Student, hidden: str = "") -> None:
        self._quiz = quiz
        self._student = student
        self._hidden = hidden

    @property
    def seed(self) -> str:
        """The student's seed, else the lesson's. A check ends here where SEED is wrong."""
        try:
            return seeds.seed_in(self._student.source) or str(self._quiz.seed)
        except SeedError as error:
            where = self._student._exercise.file + (f":{error.line}" if error.line else "")
            raise Ended(failed(str(error), where, error.step)) from None

    def question(self, name: str) -> Asked:
        """The question of this name, with `choices`, `answer`, and `why` for each wrong letter."""
        return drawing.asked(self._quiz, self._quiz.named(name), seeds.mixed(self._known(self.seed), self._hidden))

    def _known(self, seed: str) -> str:
        """The seed, if its questions can be drawn here. A check ends here where they cannot."""
        file = self._student._exercise.file
        if seeds.is_hidden(seed) == bool(self._hidden):
            return seed
        if self._hidden:
            message = messages.SEED_OTHER.format(got=seeds.literal(seed))
            raise Ended(failed(message, file, messages.NEXT_OTHER_SEED))
        words = {"message": messages.SEED_HIDDEN, "where": file, "next": messages.NEXT_HIDDEN_SEED}
        raise Ended(Finding(verdict=Verdict.BLOCKED, **words))
