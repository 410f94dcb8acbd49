"""Hashes tell whether a submission, a check or a cassette was changed, and nothing else."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.hashes import LessonHashes, digest
from grader.course.lessons import Course

FILES = {
    "assignments/lesson1/lesson.toml": 'title = "L"\n'
    + "".join(
        f'[[exercise]]\nname = "{name}"\ntitle = "T"\npoints = 1\nhints = ["h"]\n' for name in ("ex01_a", "ex02_b")
    ),
    "assignments/lesson1/quiz.toml": "",
    "assignments/lesson1/ex01_a.py": "raise NotImplementedError",
    "assignments/lesson1/checks/test_ex01_a.py": "1",
    "assignments/lesson1/checks/test_ex02_b.py": "2",
    "cassettes/lesson1/ex01_a/a.yaml": "a",
    "cassettes/lesson1/ex01_a/b.yaml": "b",
    "submission/ex01_a.py": "x",
    "submission/ex02_b.py": "y",
}


@pytest.fixture
def project(tmp_path):
    """A small project and a submission."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path


def found(root):
    """The three hashes of the project."""
    course = Course(root)
    three = LessonHashes(course, "lesson1", course.lesson("lesson1")).of(root / "submission", {})
    return {"submission": three.submission, "checks": three.checks, "cassettes": three.cassettes}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("submission/ex01_a.py", {"submission"}),
        ("submission/ex02_b.py", {"submission"}),
        ("submission/ex03_c.py", set()),
        ("submission/notes.txt", set()),
        ("submission/sub/ex01_a.py", set()),
        ("assignments/lesson1/checks/test_ex01_a.py", {"checks"}),
        ("assignments/lesson1/checks/helpers/more.py", {"checks"}),
        ("assignments/lesson1/quiz.toml", {"checks"}),
        ("assignments/lesson1/README.md", set()),
        ("assignments/lesson1/ex01_a.py", set()),
        ("assignments/lesson2/lesson.toml", set()),
        ("cassettes/lesson1/ex01_a/a.yaml", {"cassettes"}),
        ("cassettes/lesson1/ex02_b/a.yaml", {"cassettes"}),
        ("cassettes/lesson1/ex01_a/notes.txt", set()),
        ("cassettes/lesson2/ex01_a/a.yaml", set()),
    ],
)
def test_a_change_is_seen_where_it_counts(project, name, changes):
    """Changing, adding or removing a file changes the hash that covers it, and no other."""
    before = found(project)
    path = project / name
    existed = path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("something else")
    after = found(project)
    assert {one for one in before if before[one] != after[one]} == changes
    path.unlink()
    gone = found(project)
    assert {one for one in before if before[one] != gone[one]} == (changes if existed else set())


def test_the_place_of_a_project_does_not_count(project, tmp_path_factory):
    """The same files elsewhere have the same hashes; they are SHA-256 in hexadecimal."""
    other = tmp_path_factory.mktemp("elsewhere") / "deeper"
    shutil.copytree(project, other)
    assert found(project) == found(other)
    assert all(len(value) == 64 and int(value, 16) for value in found(project).values())


def test_times_and_modes_do_not_count(project):
    """Only names and contents are hashed."""
    before = found(project)
    path = project / "submission" / "ex01_a.py"
    path.write_bytes(path.read_bytes())
    path.chmod(0o600)
    assert found(project) == before


def test_an_absent_file_is_not_an_empty_one(project):
    """An empty stub and no stub are two submissions."""
    path = project / "submission" / "ex01_a.py"
    path.write_text("")
    empty = found(project)["submission"]
    path.unlink()
    assert found(project)["submission"] != empty


@pytest.mark.parametrize("name", ["ex01_a.py", "ex02_b.py"])
def test_a_folder_in_place_of_a_file_counts_as_absent(project, name):
    """What is not an ordinary file is not read."""
    path = project / "submission" / name
    path.unlink()
    absent = found(project)
    path.mkdir()
    assert found(project) == absent


CONTENTS = st.dictionaries(
    st.sampled_from(["a", "b", "ab", "a/b", "c.py", "\N{GREEK SMALL LETTER ALPHA}"]),
    st.binary(max_size=4),
    max_size=4,
)


def put(base, files):
    """Write files below a folder, as far as their names do not collide. Their paths, and what was written."""
    base.mkdir()
    written = {}
    for name, content in sorted(files.items()):
        path = base / name
        if name == "a" and "a/b" in files:
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        written[name] = content
    return [base / name for name in written], written


@settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONTENTS, CONTENTS)
def test_two_sets_of_files_have_one_hash_only_if_they_are_the_same(tmp_path_factory, one, other):
    """Names and contents cannot be shifted between files; order and repetition do not count."""
    top = tmp_path_factory.mktemp("files")
    paths, written = put(top / "one", one)
    other_paths, other_written = put(top / "other", other)
    assert digest(paths, top / "one") == digest([*reversed(paths), *paths], top / "one")
    same = digest(paths, top / "one") == digest(other_paths, top / "other")
    assert same == (written == other_written)
