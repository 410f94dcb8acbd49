"""A drawn quiz as text: for a student, with the answers for a mentor, or as a stub to fill in."""

import textwrap
from collections.abc import Sequence

from grader.course import seeds
from grader.course.drawing import Asked
from grader.course.lessons import Exercise

WIDTH = 76
STUB = '''\
"""{short}: a quiz about what you have learned so far."""

# The grader draws your questions from this number. Leave it as it is. Or, if your
# mentor gives you another number, or a word in quotes, write it here, and then run
#     grader quiz {lesson}
# in the main folder of the project: it prints your own questions.
SEED = {seed}


def answers():
    """Return a dict: the name of each question, and the letter of your answer.

    Each question has one right choice. A small letter is fine too.
    Example: answers() returns {{"{first}": "Z", ...}}   (Z is not a choice)
    These are the questions of SEED = {seed}.

{questions}
    """
    raise NotImplementedError
'''


def questions(drawn: Sequence[Asked]) -> str:
    """The questions with their choices."""
    return "\n\n".join(question(asked) for asked in drawn)


def answered(drawn: Sequence[Asked]) -> str:
    """The questions with the right answers, and why each other one is wrong."""
    return "\n\n".join(f"{question(asked)}\n\n{answer(asked)}" for asked in drawn)


def stub(drawn: Sequence[Asked], seed: str, lesson: str, exercise: Exercise) -> str:
    """The file that a student fills in."""
    return STUB.format(
        short=exercise.short,
        lesson=lesson,
        seed=seeds.literal(seed),
        first=drawn[0].name,
        questions=textwrap.indent(questions(drawn), "    "),
    )


def question(asked: Asked) -> str:
    """One question."""
    heading = f'Question "{asked.name}" ({asked.points} point{"" if asked.points == 1 else "s"})'
    choices = [hanging(f"{letter}  ", choice) for letter, choice in asked.choices.items()]
    return "\n".join([heading, "-" * len(heading), asked.text, "", *choices])


def answer(asked: Asked) -> str:
    """The right letter of a question, and what a student reads who took another one."""
    whys = [hanging(f"  {letter}: ", why) for letter, why in asked.why.items()]
    return "\n".join([f"Answer: {asked.answer}", *whys])


def hanging(label: str, text: str) -> str:
    """The text in lines, each further one as far from the left as the first one's words."""
    return textwrap.fill(
        text, WIDTH, initial_indent=label, subsequent_indent=" " * len(label), break_on_hyphens=False
    )
