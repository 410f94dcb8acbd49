"""Typical wrong answers lose exactly the points that they should, and get the message that teaches.

A mistake is a file tests/mistakes/lesson1/<exercise>/<name>.py. Its first two lines say what must happen:
`# fails: test_a, test_b[case]` (the checks that lose their points: all cases of a check, or the named case) and
`# says: text` (part of a message).
Exercises are independent, so the i-th mistakes of all exercises are graded in one run.
"""

import re
from functools import cache
from pathlib import Path

import pytest

MISTAKES = Path(__file__).resolve().parents[1] / "mistakes" / "lesson1"
HEADER = re.compile(r"\A# fails: (?P<fails>[\w\[\]]+(?:, [\w\[\]]+)*) *\n# says: (?P<says>.*\S) *\n")


def of(exercise):
    """The mistakes of an exercise, in the order of their names."""
    return sorted((MISTAKES / exercise).glob("*.py"))


EXERCISES = sorted(folder.name for folder in MISTAKES.iterdir() if of(folder.name))
ALL = [path for exercise in EXERCISES for path in of(exercise)]


@pytest.fixture(scope="module")
def group(grade, submit):
    """Grade the mistakes at one position of all exercises: `group(i)`."""

    @cache
    def graded(position):
        files = [of(exercise)[position] for exercise in EXERCISES if position < len(of(exercise))]
        folder = submit({f"{path.parent.name}.py": path.read_bytes() for path in files})
        return grade(folder, "-k", " or ".join(path.parent.name for path in files))

    return graded


def header(path):
    """What a mistake's first lines promise."""
    found = HEADER.match(path.read_text("utf-8"))
    assert found, f"{path}: the first two lines must be `# fails: test_a, test_b` and `# says: text`"
    return set(found["fails"].split(", ")), found["says"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name[:4]}-{path.stem}")
def test_mistake(group, path):
    """Exactly the named checks lose their points, and a message of theirs holds the promised text."""
    fails, says = header(path)
    graded = group(of(path.parent.name).index(path))
    checks = graded.exercise(path.parent.name)["checks"]
    ids = [check["id"] for check in checks if check["points"] < check["max_points"]]
    lost = {id_ if id_ in fails else id_.partition("[")[0] for id_ in ids}
    messages = "\n".join(check["message"] for check in checks)
    assert lost == fails, messages
    assert says in messages
    assert graded.code == 1


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name[:4]}-{path.stem}")
def test_mistake_is_explained(group, path):
    """Each message says where in the student's file, and what to do next."""
    checks = group(of(path.parent.name).index(path)).exercise(path.parent.name)["checks"]
    for check in checks:
        if check["verdict"] != "passed":
            assert check["verdict"] == "failed"
            assert check["message"]
            assert check["next"]
            assert re.fullmatch(rf"{path.parent.name}\.py(:\d+)?", check["where"])


def test_every_exercise_has_mistakes(lesson):
    """Each exercise of the lesson has at least one typical mistake."""
    assert sorted(exercise["name"] for exercise in lesson["exercise"]) == EXERCISES
