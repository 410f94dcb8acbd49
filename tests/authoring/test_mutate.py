"""`grader mutate`: small changes of the solutions that the checks must notice, in a small lesson of its own."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.authoring.mutants import mutants
from grader.errors import GraderError

ROOT = Path(__file__).resolve().parents[2]
LESSON = """\
title = "Small"

[[exercise]]
name = "ex01_total"
title = "T"
points = 2
hints = ["h"]

[[exercise]]
name = "ex02_weak"
title = "T"
points = 1
hints = ["h"]

[[exercise.equivalent]]
old = "return count * price"
new = "return count / price"
reason = "The solution says it the other way round by now."

[[exercise]]
name = "ex03_any_case"
title = "T"
points = 1
hints = ["h"]

[[exercise.equivalent]]
old = 'return ["yes", len(text)]'
new = 'return ["YES", len(text)]'
reason = "Capitals count as well."

[[exercise]]
name = "ex04_forever"
title = "T"
points = 1
hints = ["h"]

[[exercise]]
name = "ex05_breaks"
title = "T"
points = 1
hints = ["h"]

[[exercise]]
name = "ex06_wrong"
title = "T"
points = 1
hints = ["h"]
"""
SOLUTIONS = {
    "ex01_total": """\
def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result
""",
    "ex02_weak": """\
def cost(price, count):
    return price * count
""",
    "ex03_any_case": """\
def answer(text):
    return ["yes", len(text)]
""",
    "ex04_forever": """\
def steps(most):
    done = 0
    while done < most:
        done = done + 1
    return done
""",
    "ex05_breaks": """\
def double(number):
    return number * 2
""",
    "ex06_wrong": """\
def one():
    return 2
""",
}
CHECK = 'import pytest\n\n@pytest.mark.points(1)\ndef test_{name}(student):\n    """a title"""\n    {code}\n\n'
CHECKS = {
    # only the second check tells + from -
    "ex01_total": [("nothing", "assert student.total([]) == 0"), ("some", "assert student.total([2, 3]) == 5")],
    "ex02_weak": [("cost", "assert student.cost(3, 1) == 3")],
    "ex03_any_case": [("answer", 'assert [str(one).lower() for one in student.answer("abc")] == ["yes", "3"]')],
    "ex04_forever": [("steps", "assert [student.steps(0), student.steps(3)] == [0, 3]")],
    "ex05_breaks": [("double", "assert {6: True}[student.double(3)]")],
    "ex06_wrong": [("one", "assert student.one() == 1")],
}
MUTATE = "from grader.cli import main; main()"


@dataclass(frozen=True)
class Told:
    """What the command said."""

    code: int
    lines: list[str]
    errors: str

    def about(self, text):
        """The only line that holds the text."""
        (line,) = [line for line in self.lines if text in line]
        return line


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a lesson of six exercises; the solution of the last one is wrong."""
    root = tmp_path_factory.mktemp("course")
    checks, solutions = root / "assignments" / "small" / "checks", root / "tests" / "solutions" / "small"
    for folder in (checks, solutions):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", root)
    (checks.parent / "lesson.toml").write_text(LESSON)
    for name, source in SOLUTIONS.items():
        (solutions / f"{name}.py").write_text(source)
        (checks / f"test_{name}.py").write_text(
            "".join(CHECK.format(name=each, code=code) for each, code in CHECKS[name])
        )
    return root


@pytest.fixture(scope="module")
def mutate(course):
    """`grader mutate` with these arguments."""

    def run(*arguments, code=MUTATE, cwd=course):
        ended = subprocess.run(
            [sys.executable, "-c", code, "mutate", *arguments],
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Told(ended.returncode, ended.stdout.splitlines(), ended.stderr)

    return run


@pytest.fixture
def own(course, tmp_path):
    """A copy of the course that a test may change."""
    return shutil.copytree(course, tmp_path / "own")


@pytest.fixture(scope="module")
def five(mutate):
    """What the command says about the five exercises with right solutions."""
    return mutate("small", "ex01", "ex02", "ex03", "ex04", "ex05")


def test_checks_that_notice_everything(mutate):
    """Each mutant loses a point, by whichever check: code 0, and one line that counts."""
    told = mutate("small", "ex01_total")
    assert (told.code, told.errors) == (0, "")
    assert told.lines[0].startswith(
        "small: 4 mutants, 4 killed (100.0 %; 0 by a time-out), 0 equivalent, 0 survivors; "
    )
    assert len(told.lines) == 1


def test_a_survivor_is_one_line(five):
    """The file, the line, the change, and what to do next; the code is 1."""
    assert five.code == 1
    assert five.about("price /") == (
        "tests/solutions/small/ex02_weak.py:2: no check notices `return price * count` -> `return price / count`. "
        "Next: let test_ex02_weak.py notice it; or say in lesson.toml, [[exercise.equivalent]], why it is right"
    )
    assert not any("ex01" in line or "ex04" in line for line in five.lines)


def test_a_check_that_breaks_notices_nothing(five):
    """That a mutant gets no points for a fault of ours is no merit of the check."""
    lines = [line for line in five.lines if line.startswith("tests/solutions/small/ex05_breaks.py:2: no check")]
    assert len(lines) == 2
    assert "`return number * 3`" in lines[0] + lines[1]


def test_an_endless_mutant_is_stopped(five):
    """It loses its points by the time limit, and is counted apart."""
    assert "1 by a time-out" in five.lines[-1]


def test_an_equivalent_is_no_survivor(five):
    """lesson.toml excuses the change, whatever line of the file it stands in."""
    assert not any("YES" in line for line in five.lines)
    assert ", 1 equivalent, 3 survivors; " in five.lines[-1]


def test_an_equivalent_without_a_survivor_is_told(five):
    """The entry is quoted, and so is what to do with it."""
    assert five.about("count * price") == (
        "assignments/small/lesson.toml: ex02_weak has no survivor `return count * price` -> "
        "`return count / price`. Next: delete this [[exercise.equivalent]]"
    )


def test_one_entry_excuses_one_mutant(own, mutate):
    """The same change in a second place is not excused with the first."""
    solution = own / "tests" / "solutions" / "small" / "ex03_any_case.py"
    solution.write_text(SOLUTIONS["ex03_any_case"] + SOLUTIONS["ex03_any_case"].replace("answer", "unused"))
    told = mutate("small", "ex03", cwd=own)
    assert told.code == 1
    assert told.about("YES").startswith("tests/solutions/small/ex03_any_case.py:4: no check notices ")
    assert ", 1 equivalent, " in told.lines[-1]


def test_most_mutants_of_a_lesson_must_lose_points(own, mutate):
    """Many equivalents are a sign of weak checks; one exercise alone may have few mutants."""
    begin, end = LESSON.index('[[exercise]]\nname = "ex03'), LESSON.index('[[exercise]]\nname = "ex04')
    (own / "assignments" / "small" / "lesson.toml").write_text('title = "Small"\n' + LESSON[begin:end])
    assert mutate("small", "ex03", cwd=own).code == 0
    told = mutate("small", cwd=own)
    assert told.code == 1
    assert told.lines[0] == (
        "small: 50.0 % of the mutants lose points, and at least 95 % must. Next: improve the checks"
    )


def test_without_a_name_all_lessons_are_proved(own, mutate):
    """A line that counts for each of them."""
    begin, end = LESSON.index('[[exercise]]\nname = "ex01'), LESSON.index('[[exercise]]\nname = "ex02')
    (own / "assignments" / "small" / "lesson.toml").write_text('title = "Small"\n' + LESSON[begin:end])
    for folder in ("assignments", "tests/solutions"):
        shutil.copytree(own / folder / "small", own / folder / "small2")
    told = mutate(cwd=own)
    assert (told.code, [line.partition(":")[0] for line in told.lines]) == (0, ["small", "small2"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["big"], "There is no lesson 'big'. The lessons here: small."),
        (
            ["small", "ex09"],
            "There is no exercise 'ex09' in small. Its exercises: ex01, ex02, ex03, ex04, ex05, ex06.",
        ),
        (["small", "ex06"], "ex06_wrong: its solution has not all points. Next: grader verify small"),
    ],
)
def test_wrong_use(mutate, arguments, message):
    """An unknown lesson or exercise, and a solution that is wrong itself, are told; the code is 2."""
    told = mutate(*arguments)
    assert (told.code, told.lines, told.errors.strip()) == (2, [], message)


def test_missing_mutmut_is_named_with_the_install_command(mutate):
    """The message ends in the command to copy, and pyproject.toml has that extra."""
    told = mutate("small", code=f"import sys; sys.modules['mutmut'] = None; {MUTATE}")
    assert told.code == 2
    assert told.errors.rstrip().endswith('pip install -e ".[mutate]"')
    assert "\nmutate = [" in (ROOT / "pyproject.toml").read_text("utf-8")


# --- the mutants


@pytest.fixture
def changes(tmp_path):
    """The changes of a source: pairs of old and new."""

    def found(source):
        path = tmp_path / "solution.py"
        path.write_text(source, "utf-8")
        return [(mutant.old, mutant.new) for mutant in mutants(path, "solution.py")]

    return found


def test_requests_are_changed_as_well(changes):
    """An argument is left out or None, a name is written otherwise; a change of several lines is shown in one."""
    made = changes('def f(client):\n    return client.create(\n        model="a",\n        n=1,\n    )\n')
    assert ('model="a",', "model=None,") in made
    assert ('model="a",', "") in made
    assert ("n=1, )", ")") in made
    assert ('model="a",', 'model="A",') in made
    assert ("n=1,", "n=2,") in made


def test_what_no_check_can_notice_stays(changes):
    """Annotations and docstrings are not changed."""
    assert changes('def f(a: "str" = "b") -> "int | None":\n    """Text."""\n    return a\n') == [
        ('def f(a: "str" = "b") -> "int | None":', 'def f(a: "str" = "XXbXX") -> "int | None":'),
        ('def f(a: "str" = "b") -> "int | None":', 'def f(a: "str" = "B") -> "int | None":'),
    ]


def test_a_mutant_is_a_program_and_there_once(changes):
    """What Python does not take, such as a return outside a function, and a change made twice do not count."""
    assert changes("for one in []:\n    break\n") == []
    assert len(changes("x = 1 + 1\n")) == len(set(changes("x = 1 + 1\n"))) == 4


@pytest.mark.parametrize("content", ["def f(:\n", "x = '\0'\n", None])
def test_a_solution_that_cannot_be_read(tmp_path, content):
    """The file is named."""
    path = tmp_path / "solution.py"
    if content is not None:
        path.write_text(content)
    with pytest.raises(GraderError, match=r"^tests/solution\.py: it cannot be read: "):
        mutants(path, "tests/solution.py")
