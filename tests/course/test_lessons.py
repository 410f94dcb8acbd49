"""A lesson is read from its folder, with the files that belong to each exercise."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.lessons import Course, Exercise, Lesson
from grader.errors import LessonError

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = '[[exercise]]\nname = "{}"\ntitle = "T"\npoints = 1\nhints = ["h"]\n'


@pytest.fixture
def course(tmp_path):
    """A course with one lesson of these exercises."""

    def made(*names, lesson="lesson1"):
        folder = tmp_path / "assignments" / lesson
        folder.mkdir(parents=True, exist_ok=True)
        text = 'title = "L"\n' + "".join(EXERCISE.format(name) for name in names)
        (folder / "lesson.toml").write_text(text)
        return Course(tmp_path)

    return made


def test_exercises_keep_their_order(course):
    """The order of lesson.toml is the order in which is learned, whatever the names."""
    lesson = course("ex09_last", "ex01_first", "ex05_middle").lesson("lesson1")
    assert [exercise.name for exercise in lesson.exercise] == ["ex09_last", "ex01_first", "ex05_middle"]


def test_an_exercise_names_its_files(course):
    """The stub, the checks and the short name follow from the name."""
    exercise = course("ex03_hello").lesson("lesson1").named("ex03_hello")
    assert (exercise.short, exercise.file, exercise.checks_file) == ("ex03", "ex03_hello.py", "test_ex03_hello.py")
    assert exercise.needs == ()


def test_an_unknown_exercise_is_none(course):
    """Asking for an exercise that is not there is no error."""
    lesson = course("ex03_hello").lesson("lesson1")
    assert lesson.named("ex03") is None
    assert lesson.named("") is None


def test_an_exercise_twice_is_an_error(course):
    """The second of two exercises of one name is named, with its line."""
    with pytest.raises(LessonError) as error:
        course("ex01_a", "ex02_b", "ex01_a").lesson("lesson1")
    assert str(error.value) == ("assignments/lesson1/lesson.toml:13: exercise[2].name: ex01_a stands here twice.")


def test_a_number_twice_is_an_error(course):
    """`-k ex01` and `grader record lesson1 ex01` would mean both."""
    with pytest.raises(LessonError) as error:
        course("ex01_a", "ex02_b", "ex01_c").lesson("lesson1")
    what = "exercise[2].name: ex01_a has the number ex01, too."
    assert str(error.value) == f"assignments/lesson1/lesson.toml:13: {what}"


def test_a_lesson_that_is_not_there(course):
    """The lessons that are there are named."""
    with pytest.raises(LessonError, match=r"^There is no lesson 'lesson9'\. The lessons here: lesson1\.$"):
        course("ex01_a").lesson("lesson9")


@pytest.mark.parametrize(("place", "way"), [("assignments", "cd .."), ("assignments/lesson1", "cd ../..")])
def test_a_folder_below_the_courses_main_folder(course, place, way):
    """The way up is told."""
    here = course("ex01_a").root / place
    with pytest.raises(LessonError, match=rf"^There is no lesson here\. .* main folder of the course: {way}$"):
        Course(here).lesson("lesson1")


@pytest.mark.parametrize("folder", ["", "assignments"])
def test_a_folder_of_no_course(tmp_path, folder):
    """How the main folder is known is told, with an empty assignments/ as without one."""
    (tmp_path / folder).mkdir(exist_ok=True)
    with pytest.raises(LessonError, match=r"^There is no lesson here\. Next: .*, which holds assignments/$"):
        Course(tmp_path).lesson("lesson1")


def test_lessons_are_the_folders_with_a_lesson_file(course, tmp_path):
    """Other folders and files are none, and there may be none at all."""
    assert Course(tmp_path).lessons() == []
    made = course("ex01_a", lesson="lesson2")
    course("ex01_a", lesson="lesson1")
    (tmp_path / "assignments" / "notes").mkdir()
    (tmp_path / "assignments" / "lesson.toml").write_text("")
    assert made.lessons() == ["lesson1", "lesson2"]


def test_takes_are_found_in_the_order_of_their_names(course, tmp_path):
    """Only YAML files of the exercise's own folder are its takes."""
    made = course("ex01_a", "ex02_b")
    folder = tmp_path / "cassettes" / "lesson1" / "ex01_a"
    folder.mkdir(parents=True)
    for name in ("b.yaml", "a.yaml", "a.errors.yaml", "notes.txt"):
        (folder / name).write_text("")
    assert [path.name for path in made.takes("lesson1", "ex01_a")] == ["a.errors.yaml", "a.yaml", "b.yaml"]
    assert made.takes("lesson1", "ex02_b") == []


def test_the_places_of_a_lesson(tmp_path):
    """Stubs and checks lie where README says."""
    made = Course(tmp_path)
    assert made.folder("lesson1") == tmp_path / "assignments" / "lesson1"
    assert made.checks("lesson1") == tmp_path / "assignments" / "lesson1" / "checks"


@settings(derandomize=True, deadline=None)
@given(st.from_regex(r"ex[0-9]{2}_[a-z0-9_]+", fullmatch=True))
def test_names_that_are_allowed_are_module_names(name):
    """Every allowed name is a Python module, and its short name is the beginning that students type."""
    exercise = Exercise(name=name, title="T", points=1, hints=("h",))
    assert name.isidentifier()
    assert name.startswith(f"{exercise.short}_")
    assert Lesson(title="L", exercise=(exercise,)).named(name) is exercise


SHIPPED = [(name, exercise) for name in Course(ROOT).lessons() for exercise in Course(ROOT).lesson(name).exercise]


def test_there_is_a_lesson():
    """The tests below look at something."""
    assert SHIPPED


@pytest.mark.parametrize(("lesson", "exercise"), SHIPPED, ids=lambda value: getattr(value, "name", value))
def test_a_shipped_exercise_is_complete(lesson, exercise):
    """Each exercise has a stub with a docstring that is not started, checks, and a solution."""
    course = Course(ROOT)
    stub = (course.folder(lesson) / exercise.file).read_text("utf-8")
    assert stub.startswith('"""')
    assert "raise NotImplementedError" in stub
    assert (course.checks(lesson) / exercise.checks_file).is_file()
    assert (ROOT / "tests" / "solutions" / lesson / exercise.file).is_file()


@pytest.mark.parametrize("lesson", Course(ROOT).lessons())
def test_no_file_of_a_lesson_is_stray(lesson):
    """Every stub and every file of checks belongs to an exercise."""
    course = Course(ROOT)
    exercises = course.lesson(lesson).exercise
    assert {path.name for path in course.folder(lesson).glob("*.py")} == {one.file for one in exercises}
    assert {path.name for path in course.checks(lesson).glob("test_*.py")} == {
        one.checks_file for one in exercises
    }


@pytest.mark.parametrize(("lesson", "exercise"), SHIPPED, ids=lambda value: getattr(value, "name", value))
def test_the_short_names_are_unlike(lesson, exercise):
    """`-k ex03` means one exercise."""
    others = [one.short for one in Course(ROOT).lesson(lesson).exercise if one is not exercise]
    assert others.count(exercise.short) == 1
