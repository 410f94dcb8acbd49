"""Grade every stored answer of lesson 1 in one judge: `grade_stored.py FOLDER cell|in-process [EVERY [ORDER]]`.

Prints JSON: for each answer the result of its exercises, what failing calls printed, and the report's notes.
EVERY takes the first of so many answers; with ORDER the checks run shuffled by that number.
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
from grader.judge.fixtures import RUN
from grader.judge.many import Submitted

ROOT = Path(__file__).resolve().parents[2]
LESSON = "lesson1"


class Listener:
    """Keeps the configuration of the judge's run, which knows what student code printed."""

    def pytest_configure(self, config):
        """Keep it."""
        self.config = config

    def printed(self):
        """What failing calls of the present submission printed, by exercise and check."""
        findings = self.config.stash[RUN].findings
        return [[*key, finding.printed] for key, finding in findings.items() if finding.printed]


class Shuffled:
    """Puts the checks into another order, after the judge has put them into the lesson's."""

    def __init__(self, seed):
        self.order = random.Random(seed)  # noqa: S311 - it only shuffles

    def pytest_collection_modifyitems(self, items):
        """Shuffle."""
        self.order.shuffle(items)


def folders():
    """Submissions that are not in one file; they are about ex03."""
    found = sorted(path for path in (ROOT / "tests" / "submissions" / LESSON).iterdir() if path.is_dir())
    return [Submitted(path.relative_to(ROOT).as_posix(), path, frozenset(["ex03_hello"])) for path in found]


def fits(submitted, mode):
    """Whether an answer can be graded in this mode: some end the process in which they run."""
    if "/mistakes/" not in submitted.name:
        return mode == "cell" or "/submissions/" not in submitted.name
    return mode == "cell" or not stored.expected(ROOT / submitted.name).cell


def main():
    work, mode, *more = sys.argv[1:]
    every, order = int(more[0]) if more else 1, more[1:]
    course = Course(ROOT)
    proof = Proof(course, LESSON, course.lesson(LESSON))
    answers = [proof.stubs(), *proof.answers(Path(work))]
    found, listener = {}, Listener()

    def note(submitted, report):
        found[submitted.name] = {
            "exercises": {one.name: msgspec.to_builtins(one) for one in report.result.exercises},
            "printed": listener.printed(),
            "notes": report.environment.notes,
        }

    options = ["--in-process"] if mode == "in-process" else []
    plugins = [listener, *([Shuffled(order[0])] if order else [])]
    chosen = [one for one in [*answers, *folders()] if fits(one, mode)][::every]
    many.grade(ROOT, LESSON, chosen, note, options=options, plugins=plugins)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
