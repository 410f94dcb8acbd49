"""Grade every stored answer of lesson 1 in one judge: `grade_stored.py FOLDER cell|in-process [EVERY [ORDER]]`.

Prints JSON: for each answer and exercise what the result holds. EVERY takes the first of so many answers; with
ORDER the checks run shuffled by that number.
"""

import json
import random
import sys
from pathlib import Path

import msgspec

from grader.authoring import stored
from grader.authoring.verify import Proof
from grader.course.lessons import Course
from grader.judge import many

ROOT = Path(__file__).resolve().parents[2]
LESSON = "lesson1"


class Shuffled:
    """Puts the checks into another order, after the judge has put them into the lesson's."""

    def __init__(self, seed):
        self.order = random.Random(seed)  # noqa: S311 - it only shuffles

    def pytest_collection_modifyitems(self, items):
        """Shuffle."""
        self.order.shuffle(items)


def fits(submitted, mode):
    """Whether an answer can be graded in this mode: some end the process in which they run."""
    needs_cell = "/mistakes/" in submitted.name and stored.expected(ROOT / submitted.name).cell
    return mode == "cell" or not needs_cell


def main():
    work, mode, *more = sys.argv[1:]
    every, order = int(more[0]) if more else 1, more[1:]
    course = Course(ROOT)
    answers = Proof(course, LESSON, course.lesson(LESSON), Path(work)).submissions()
    found = {}

    def note(submitted, report):
        found[submitted.name] = {one.name: msgspec.to_builtins(one) for one in report.result.exercises}

    options = ["--in-process"] if mode == "in-process" else []
    plugins = [Shuffled(order[0])] if order else []
    chosen = [one for one in answers if fits(one, mode)][::every]
    many.grade(ROOT, LESSON, chosen, note, options=options, plugins=plugins)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
