"""The fixture `quiz`: the lesson's questions as this student's SEED draws them."""

from grader.course import drawing, seeds
from grader.course.drawing import Asked
from grader.course.quizzes import Quiz
from grader.course.seeds import SeedError
from grader.judge.outcomes import Ended, failed
from grader.judge.student import Student


class StudentQuiz:
    """Questions for one submission. The seed comes from the text of the student's file, whatever its code does."""

    def __init__(self, quiz: Quiz, student: Student) -> None:
        self._quiz = quiz
        self._student = student

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
        return drawing.asked(self._quiz, self._quiz.named(name), self.seed)
