"""Whatever a mentor has becomes a clean folder for each student, and everything else is told."""

import os
import subprocess
import sys
import tarfile

import pytest

from grader.batch import intake
from grader.batch.students import Student
from grader.errors import GraderError, LessonError
from tests.batch.made import HELLO, ROOT, by_id, cells, contents, tarred, zipped

REPOSITORY = {
    "README.md": "# mine",
    "grader/cli.py": "x",
    f"assignments/lesson1/{HELLO}": "mine",
    f"assignments/lesson2/{HELLO}": "other lesson",
    f"tests/solutions/lesson1/{HELLO}": "solution",
    "assignments/lesson1/checks/test_ex03_hello.py": "check",
    "conftest.py": "boom",
}
KEY = "ex01_api_key.py"
HOSTILE = ["conftest.py", "pytest.ini", "sitecustomize.py", "evil.pth", "ex03_hello.pyc", "ex03_hello.so"]


# --- what a mentor may have


def test_a_folder_of_everything(take, tree):
    """Folders, zips, tars, repositories, notebooks and named files, each one student."""
    source = tree(
        {
            f"ann/{HELLO}": "ann",
            f"bob/lesson1/{HELLO}": "bob",
            "cat.zip": zipped({f"hw/{HELLO}": "cat"}),
            "dan.tar.gz": tarred({HELLO: "dan"}),
            "eve.tar": tarred({HELLO: "eve"}, "w"),
            "fay.ipynb": cells("# ex03\nfay = 1"),
            f"gus_{HELLO}": "gus",
            "gus-ex01_api_key.py": "key",
            "notes.txt": "from the mentor",
            **{f"hal/{name}": text for name, text in REPOSITORY.items()},
        }
    )
    taken = take(source)
    found = {student: contents(one) for student, one in by_id(taken).items()}
    assert {student: files.pop(HELLO, b"") for student, files in found.items()} == {
        **{name: name.encode() for name in ("ann", "bob", "cat", "dan", "eve", "gus")},
        "fay": b"",
        "hal": b"mine",
    }
    assert found["gus"] == {"ex01_api_key.py": b"key"}
    assert list(found["fay"]) == ["fay.ipynb"]
    assert not [files for student, files in found.items() if files and student not in ("gus", "fay")]
    assert taken.problems == ("notes.txt: it belongs to no student",)
    assert taken.report()[0] == "8 students (folders and files), 0 without anything to grade"


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_of_a_class(take, tmp_path, pack):
    """A class in one archive, also in a folder of it; the archives of its students are opened, too."""
    files = {
        f"class/ann/{HELLO}": "ann",
        "class/bob.zip": zipped({HELLO: "bob"}),
        "class/cat/hw.tgz": tarred({HELLO: "c"}),
    }
    source = tmp_path / ("class.zip" if pack is zipped else "class.tar.gz")
    source.write_bytes(pack(files))
    assert {student: one.files for student, one in by_id(take(source)).items()} == dict.fromkeys(
        ("ann", "bob", "cat"), (HELLO,)
    )


OF_A_CLASS = {f"ann/{name}": text for name, text in REPOSITORY.items()}


@pytest.mark.parametrize(
    "files",
    [{HELLO: "x"}, {f"lesson1/{HELLO}": "x"}, REPOSITORY],
    ids=["its files", "the lesson's folder", "a repository"],
)
@pytest.mark.parametrize("pack", [None, zipped], ids=["folder", "zip"])
def test_one_student(take, tree, tmp_path, pack, files):
    """One submission alone is named after its folder or archive."""
    source = tmp_path / "ann.zip" if pack else tree(files, "ann")
    if pack:
        source.write_bytes(pack(files))
    (only,) = take(source).submissions
    assert (only.student.id, only.files) == ("ann", (HELLO,))


@pytest.mark.parametrize(
    "files",
    [
        {f"ann/{HELLO}": "x"},
        {f"ann/answers/{HELLO}": "x"},
        {f"ann/course-main/{name}": text for name, text in REPOSITORY.items()},
        {f"ann/src/{HELLO}": "x", "ann/docs/notes.md": "x"},
        {f"ann/new/{HELLO}": "x", f"ann/old/{HELLO}": "y"},
        {"ann.zip": zipped(OF_A_CLASS)},
        {"ann/submission_metadata.yml": "submission_1: {':submitters': [{':sid': bob}]}", f"ann/{HELLO}": "x"},
    ],
    ids=["plain", "deep", "a repository", "two folders", "two copies", "a zip", "what Gradescope may write"],
)
def test_a_student_who_is_the_first(take, tree, files):
    """Who hands in alone has the id that they have with others beside them."""
    alone = by_id(take(tree(files, "alone")))
    both = by_id(take(tree({**files, f"zoe/{HELLO}": "x"}, "both")))
    assert list(alone) == ["ann"]
    assert alone["ann"].files == both["ann"].files == (HELLO,)


def test_a_class_in_a_folder_of_its_own(take, tree):
    """It is one student, as it would be beside others; that it may be a class is told."""
    source = tree({f"class/{name}/{HELLO}": "x" for name in ("ann", "bob")})
    taken = take(source)
    assert list(by_id(taken)) == ["class"]
    assert taken.problems == ("class: it is taken for one student. If it is a class: give that folder",)
    assert list(by_id(take(source / "class"))) == ["ann", "bob"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({f"ann/{HELLO}": "x"}, []),
        ({f"ann/lesson1/{HELLO}": "x"}, []),
        ({f"course-main/{name}": text for name, text in REPOSITORY.items()}, ["course-main"]),
        ({f"hw/answers/{HELLO}": "x"}, ["answers"]),
    ],
    ids=["its own name", "the lesson's folder", "a repository", "deep"],
)
def test_an_archive_alone(take, tree, files, told):
    """An archive that holds one submission has the id that it has in a folder; what else it may be is told."""
    source = tree({"ann.zip": zipped(files)})
    alone, among = take(source / "ann.zip"), take(source)
    assert list(by_id(alone)) == list(by_id(among)) == ["ann"]
    assert alone.problems == tuple(
        f"ann.zip: it is taken for the work of ann. If it is a class, and {name} a student: unpack it, "
        "and give the folder"
        for name in told
    )


@pytest.mark.parametrize(("name", "content"), [(HELLO, b"x"), ("ann.ipynb", cells("# ex03\nx"))])
def test_one_file(take, tree, name, content):
    """A single script or notebook is one submission."""
    (only,) = take(tree({name: content}) / name).submissions
    assert contents(only) == {name: content}


def test_a_table(take, tree):
    """A CSV names students and paths, relative to itself; any kind of path."""
    source = tree(
        {
            "list.csv": "\ufeffStudent ID;Path\nann;a\nbob;zips/b.zip\ncat;c.ipynb\n",
            f"a/{HELLO}": "ann",
            "zips/b.zip": zipped({HELLO: "bob"}),
            "c.ipynb": cells("# ex03\nx"),
        }
    )
    taken = take(source / "list.csv")
    assert {student: one.files for student, one in by_id(taken).items()} == {
        "ann": (HELLO,),
        "bob": (HELLO,),
        "cat": ("c.ipynb",),
    }
    assert taken.kind == "table"


def test_a_repository_of_git(take, tree):
    """A clone is read without its .git, and nothing of git is run."""
    repository = tree({f"ann/{name}": text for name, text in REPOSITORY.items()}) / "ann"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(repository)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    marker = repository.parent / "hook-ran"
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    (only,) = take(repository.parent).submissions
    assert contents(only) == {HELLO: b"mine"}
    assert not marker.exists()


# --- what is chosen, and what is not


def test_nothing_else_is_brought_along(take, tree):
    """Files that pytest or Python would run by themselves are left; those beside the exercises are named."""
    source = tree({f"ann/{name}": "boom" for name in (HELLO, "helper.py", "ex99_more.py", *HOSTILE)})
    (ann,) = take(source).submissions
    assert contents(ann) == {HELLO: b"boom"}
    assert ann.beside == ("conftest.py", "ex99_more.py", "helper.py", "pytest.ini", "sitecustomize.py")


def test_the_folder_with_the_most_exercises_counts(take, tree):
    """Of several copies the fullest folder wins; an exercise that is only elsewhere comes from there, and told."""
    source = tree(
        {
            f"ann/new/{HELLO}": "new",
            "ann/new/ex01_api_key.py": "new",
            f"ann/{HELLO}": "old",
            "ann/old/ex02_client.py": "old",
        }
    )
    (ann,) = take(source).submissions
    assert contents(ann) == {HELLO: b"new", "ex01_api_key.py": b"new", "ex02_client.py": b"old"}
    assert ann.notes == ("ex02_client.py was found in old/",)


def test_names_that_differ_in_capital_letters(take, tree):
    """Two files that are one on some systems are both refused; the others are graded."""
    source = tree({f"ann/{HELLO}": "1", "ann/EX03_hello.PY": "2", "ann/ex01_api_key.py": "x"})
    (ann,) = take(source).submissions
    assert contents(ann) == {"ex01_api_key.py": b"x"}
    assert [one.path[-1] for one in ann.refused] == ["EX03_hello.PY", HELLO]
    assert "same name" in ann.refused[0].reason


def test_junk_is_not_spoken_of(take, tree):
    """What systems and editors leave behind is ignored without a word."""
    junk = ["__MACOSX/._ex03_hello.py", ".DS_Store", "ann/__pycache__/x.pyc", "ann/.ipynb_checkpoints/l.ipynb"]
    source = tree({f"ann/{HELLO}": "x", **dict.fromkeys(junk, "junk")})
    taken = take(source)
    assert taken.report() == ["1 student (folders and files), 0 without anything to grade"]
    assert contents(taken.submissions[0]) == {HELLO: b"x"}


def test_an_archive_beside_files_is_not_opened(take, tree):
    """A student's archive is looked into only where nothing is beside it; one in an archive never is."""
    inner = zipped({HELLO: "inner"})
    source = tree({f"ann/{HELLO}": "x", "ann/old.zip": inner, "bob/outer.zip": zipped({"inner.zip": inner})})
    ann, bob = take(source).submissions
    assert contents(ann) == {HELLO: b"x"}
    assert ann.notes == ("old.zip was not opened: there are files beside it",)
    assert bob.is_empty
    assert "an archive in an archive" in bob.why_empty()


LONG = b"#" * (2 << 20)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({HELLO: LONG}, f"{HELLO} is larger than 1 MB. It cannot be a solution."),
        ({"hw.zip": zipped({HELLO: LONG, KEY: "x"})}, f"{HELLO} is larger than 1 MB. It cannot be a solution."),
        ({f"{HELLO}/a.txt": "x"}, f"{HELLO} is a folder, a link or something else, and not a file with text."),
        (
            {HELLO: "1", "EX03_HELLO.py": "2"},
            f"There is another file like {HELLO} in your folder: capital letters make no other name.",
        ),
        ({f"assignments/lesson2/{HELLO}": LONG, "assignments/lesson1/x.py": ""}, None),
    ],
    ids=["long", "long in a zip", "a folder", "two names", "of another lesson"],
)
def test_a_student_reads_why_a_file_was_not_read(take, tree, files, says):
    """What the student reads is the reason, and the work is another one than without the file."""
    rest = {} if "hw.zip" in files else {KEY: "x"}
    source = tree({f"{name}/{file}": text for name, own in (("ann", files), ("bob", {KEY: "x"}))
                   for file, text in (own | rest if name == "ann" else own).items()})  # fmt: skip
    ann, bob = take(source).submissions
    assert [message for message, _ in ann.unread.values()] == ([says] if says else [])
    assert (ann.digest != bob.digest) == bool(says)


# --- notebooks


def test_a_stub_makes_room_for_a_notebook(take, tree, course):
    """In a repository with untouched stubs the notebook counts; a file that was filled in wins over its cells."""
    stub = (course.folder("lesson1") / HELLO).read_bytes()
    source = tree(
        {
            "ann/lesson1.ipynb": cells("# ex03\nx = 1", "# ex01\nx = 1"),
            f"ann/assignments/lesson1/{HELLO}": stub,
            "ann/assignments/lesson1/ex01_api_key.py": "filled in",
            "ann/assignments/lesson1/ex02_client.py": "filled in",
        }
    )
    (ann,) = take(source).submissions
    assert ann.files == ("ex01_api_key.py", "ex02_client.py", "lesson1.ipynb")
    assert ann.notes == ("ex01_api_key.py is graded, and not its cells in lesson1.ipynb",)


def test_which_notebooks_count(take, tree):
    """Those with cells of the lesson; names that are not plain, or that two have, are made new."""
    lesson = cells("# ex03\nx = 1")
    source = tree(
        {
            "ann/lesson2.ipynb": lesson,
            "ann/lesson1.ipynb": lesson,
            "bob/a/hw.ipynb": lesson,
            "bob/b/hw.ipynb": lesson,
            "bob/b/über.ipynb": lesson,
            "bob/scratch.ipynb": cells("1 + 1"),
            "cat/broken.ipynb": "{",
            "dan/empty.ipynb": cells(),
        }
    )
    ann, bob, cat, dan = take(source).submissions
    assert ann.files == ("lesson1.ipynb",)
    assert bob.files == ("hw.ipynb", "notebook 3.ipynb", "notebook 4.ipynb")
    assert cat.files == ("broken.ipynb",)  # the judge tells the student what is wrong with it
    assert cat.notes == ("broken.ipynb cannot be read as a notebook: it is not JSON, as a notebook is",)
    assert dan.is_empty
    assert "`# ex01`" in dan.why_empty()


# --- who handed in


def test_a_roster_adds_those_who_handed_in_nothing(take, tree):
    """The roster's ids and names are used; who is not on it, and who is missing, is told."""
    source = tree(
        {"ann.zip": zipped({HELLO: "x"}), "Joe Doe.zip": zipped({HELLO: "x"}), "zoe.zip": zipped({HELLO: "x"})}
    )
    joe, ann = Student("7", "Doe, Joe", "joe@x.org"), Student("8", "Ann Lee", "ann@x.org")
    taken = take(source, roster=[joe, ann, Student("9", "Sam Foe")])
    assert [one.student for one in taken.submissions] == [joe, ann, Student("zoe", "zoe")]
    assert taken.missing == (Student("9", "Sam Foe"),)
    assert taken.report() == [
        "3 students (folders and files), 0 without anything to grade",
        "9 (Sam Foe): handed in nothing",
        "zoe: not on the roster",
    ]


def test_the_newest_of_two_submissions_counts(take, tree):
    """A student who handed in twice is graded once; what is not graded is told."""
    source = tree({f"ann/{HELLO}": "old", "ann.zip": zipped({HELLO: "new"})})
    os.utime(source / "ann" / HELLO, (1, 1))
    taken = take(source)
    assert contents(taken.submissions[0]) == {HELLO: b"new"}
    assert taken.report()[1] == "ann: ann.zip is graded, ann not"


def test_two_students_with_the_same_files(take, tree):
    """Equal files of two students are two submissions; who copied is not for the grader to say."""
    taken = take(tree({f"{name}/{HELLO}": "same" for name in ("ann", "bob")}))
    assert [one.student.id for one in taken.submissions] == ["ann", "bob"]
    assert len(taken.report()) == 1


def test_folders_depend_on_the_id_alone(take, tree):
    """A student's folder has the same name in every run, and no two ids share one."""
    names = ["ann", "Ann", "a n n", "änn", "-", "ann!", "x" * 200]
    first, second = (take(tree({f"{name}/{HELLO}": "x" for name in chosen}, where)) for where, chosen in
                     (("all", names), ("some", names[2:])))  # fmt: skip
    folders = {one.student.id: one.folder.name for one in first.submissions}
    assert len(set(map(str.casefold, folders.values()))) == len(names)
    assert all(name.isascii() and len(name) < 60 for name in folders.values())
    assert {one.student.id: one.folder.name for one in second.submissions}.items() <= folders.items()


def test_empties_are_told_with_what_there_is(take, tree):
    """A student without an exercise is kept, with what was found instead."""
    source = tree({"ann/hw.docx": "x", "bob/ex3.py": "x", "cat.zip": b"", "dan.rar": b"Rar!\x1a\x07\0"})
    taken = take(source)
    assert all(one.is_empty and not contents(one) for one in taken.submissions)
    assert taken.report()[1:] == [
        "ann: nothing to grade. No exercise was found, only hw.docx",
        "bob: nothing to grade. No exercise was found, only ex3.py",
        "cat: nothing to grade. not read: cat.zip: an empty file",
        "dan: nothing to grade. not read: dan.rar: a RAR archive; only zip and tar.gz are read",
    ]


def test_a_refused_file_is_not_told_as_no_exercise(take, tree):
    """The reason is told, and not that only this exercise was found."""
    taken = take(tree({"ann.zip": zipped({HELLO: LONG}), f"bob/{KEY}": "x"}))
    told = f"ann: nothing to grade. not read: {HELLO}: it unpacks to more than 1 MiB"
    assert told in taken.report()


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_an_empty_folder_is_a_student(take, tree, tmp_path, kind):
    """Who handed in nothing but a folder is told, whatever a system left in it."""
    if kind == "folder":
        source = tree({f"ann/{HELLO}": "x", "eve/.DS_Store": "junk", "eve/__MACOSX/a": "junk"})
        (source / "nora").mkdir()
    elif kind == "zip":
        source = tmp_path / "class.zip"
        source.write_bytes(zipped({f"ann/{HELLO}": "x", "eve/": "", "eve/.DS_Store": "junk", "nora/": ""}))
    else:
        folder = tarfile.TarInfo("nora")
        folder.type = tarfile.DIRTYPE
        source = tmp_path / "class.tar.gz"
        source.write_bytes(tarred({f"ann/{HELLO}": "x", folder: None, "eve/a/b/c.txt": "x"}))
    taken = take(source)
    assert [one.student.id for one in taken.submissions if one.is_empty] == ["eve", "nora"]
    assert taken.report()[0].startswith("3 students (folders and files), 2 without anything to grade")
    assert "nora: nothing to grade. No exercise file and no notebook was found" in taken.report()


READ = """
import sys
from pathlib import Path

from grader.batch import intake
from grader.course.lessons import Course

source, root, into = map(Path, sys.argv[1:])
print(*intake.read(source, Course(root), "lesson1", into).report(), sep="\\n")
"""
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]  # with them root reads all


@pytest.mark.skipif(sys.platform != "linux", reason="takes rights from root as Linux does")
def test_a_folder_that_may_not_be_read_is_a_student(tree, tmp_path):
    """The mentor learns why there is nothing to grade."""
    source = tree({f"ann/{HELLO}": "x", f"nora/{HELLO}": "x"})
    before = [] if os.geteuid() else WITHOUT_RIGHTS
    words = [*before, sys.executable, "-c", READ, source, ROOT, tmp_path / "read"]
    (source / "nora").chmod(0)
    try:
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    finally:
        (source / "nora").chmod(0o700)
    assert "nora: nothing to grade. not read: nora: a folder that may not be read" in told.splitlines()


# --- wrong use


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.zip", None, "no such file"),
        ("text.zip", b"hello", "text.zip: a damaged archive, or none at all."),
        ("list.csv", b"who,where\n", "list.csv:1: there is no column `student`"),
        ("list.csv", b"student,path\nann\n", "list.csv:2: this line needs a student and a path"),
        ("list.csv", b"student,path\nann,nowhere\n", "list.csv:2: there is no 'nowhere'"),
        ("list.csv", b"student,path\nann," + b"x/" * 2500, "list.csv:2: there is no 'x/x/"),
        ("list.csv", b"student,path\nann," + b"x" * 5000, "list.csv:2: there is no 'xxx"),
        ("x" * 300, None, "no such file"),
        ("list.csv", b"student,path\n\nJos\xe9,x\n", "list.csv:3: this is not UTF-8"),
        ("list.csv", b'student,path\n"ann,x\n', "this is not CSV"),
        ("list.csv", b"", "it is empty"),
        ("list.csv", b"student,path\n", "there is no line below the titles"),
    ],
)
def test_a_source_that_cannot_be_read(take, tree, name, content, says):
    """The file, the line and what to write."""
    source = tree({name: content} if content is not None else {"x": ""}) / name
    with pytest.raises(GraderError, match=says.replace("(", r"\(").replace("`", ".")):
        take(source)


def test_the_folder_to_write_to_must_be_new(course, tree, tmp_path):
    """Nothing is mixed with what is there already."""
    used = tree({"kept": "x"}, "used")
    with pytest.raises(GraderError, match="not empty"):
        intake.read(tree({f"ann/{HELLO}": "x"}), course, "lesson1", used)
    with pytest.raises(LessonError):
        intake.read(tmp_path, course, "lesson9", tmp_path / "new")
    assert [path.name for path in used.iterdir()] == ["kept"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("pack", [None, tarred], ids=["a folder", "a tar"])
def test_a_full_disk(course, tree, tmp_path, pack):
    """It is told with the next step, and is no damage of a submission."""
    files = {HELLO: "x" * 100_000}
    source = tree({"ann.tar.gz": pack(files)} if pack else {f"ann/{name}": text for name, text in files.items()})
    work = tmp_path / "work"
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from grader.batch import intake\n"
        "from grader.course.lessons import Course\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "course = Course(Path(sys.argv[1]))\n"
        "course.lesson('lesson1')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "intake.read(Path(sys.argv[2]), course, 'lesson1', Path(sys.argv[3]))\n"
    )
    command = [sys.executable, "-c", code, str(course.root), str(source), str(work)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    told = done.stderr.splitlines()[-1]
    assert told.startswith("grader.errors.GraderError: ")
    assert "name a folder on another disk in TMPDIR" in told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_folders_are_private(take, tree):
    """Nobody else on the machine reads what students handed in."""
    (ann,) = take(tree({f"ann/{HELLO}": "x"})).submissions
    modes = [path.stat().st_mode & 0o777 for path in (ann.folder.parent, ann.folder, ann.folder / HELLO)]
    assert modes == [0o700, 0o700, 0o600]


# --- the judge


def test_what_was_taken_in_is_graded(grade, submit, take, tree):
    """A class from a zip gets the verdicts, messages and hashes that the same files get where they are."""
    files = {
        path.name: path.read_bytes() for path in submit({HELLO: "def hello(client):\n    return 1\n"}).iterdir()
    }
    source = tree({"class.zip": zipped({f"ann/hw/{name}": text for name, text in files.items()})}) / "class.zip"
    (ann,) = take(source).submissions
    direct, taken = (grade(folder, "-k", "ex03 or ex07") for folder in (tree(files, "own"), ann.folder))
    assert taken.canonical == direct.canonical
    assert taken.exercise("ex07")["verdict"] == "passed"
    assert ROOT not in ann.folder.parents
