"""A student edition is written whole, and updated without losing a line that the student wrote."""

import shutil
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import manifest
from grader.course.manifest import COPY, NAME, original
from grader.errors import GraderError
from grader.student import edition
from grader.student.edition import Edition, Step

CHECK = "assignments/lesson1/checks/test_ex01_a.py"
STUB = "assignments/lesson1/ex01_a.py"
OTHER = "assignments/lesson1/ex02_b.py"
FIXED = {CHECK: b"check 1\n", "README.md": b"read\n", "pyproject.toml": b"[project]\n"}
YOURS = {STUB: b'def a():\n    """Old."""\n\n    raise NotImplementedError\n', OTHER: b"def b(): ...\n"}
FILLED = YOURS[STUB].replace(b"raise NotImplementedError", b"return 1")


def made(changes=None):
    """The edition above with other contents; None leaves a file out."""
    groups = []
    for files in (FIXED, YOURS):
        named = {**files, **{path: content for path, content in (changes or {}).items() if path in files}}
        groups.append({path: content for path, content in named.items() if content is not None})
    return Edition(manifest.made(["lesson1"], *groups), {**groups[0], **groups[1]})


def snapshot(folder):
    """All files of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    """A student's copy."""
    made().write(tmp_path / "course")
    return tmp_path / "course"


def test_an_edition_comes_back_as_it_was_written(tmp_path, folder):
    """From its folder, from a zip, and from a zip with one folder in it; nothing else was left behind."""
    assert edition.read(folder) == made()
    assert set(snapshot(folder)) == {*FIXED, *YOURS, *(original(path) for path in YOURS), NAME}
    for number, root in enumerate([folder, tmp_path]):
        path = shutil.make_archive(str(tmp_path.parent / f"{tmp_path.name}{number}"), "zip", root)
        assert edition.read(tmp_path / path) == made()
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (shutil.rmtree, "there is no such file or folder. Next: name the folder or zip"),
        (lambda path: (path / NAME).unlink(), "there is no edition in it"),
        (lambda path: (path / CHECK).unlink(), "a file of it cannot be read"),
        (lambda path: (path / STUB).write_text("answer"), f"{STUB} in it is not as it was published"),
    ],
    ids=["no folder", "no manifest", "missing", "changed"],
)
def test_what_is_no_whole_edition_is_refused(folder, spoil, says):
    """A download that broke off, or a folder in which somebody worked."""
    spoil(folder)
    with pytest.raises(GraderError, match=says):
        edition.read(folder)


def test_a_broken_zip_is_refused(tmp_path):
    """No traceback, also for a zip that is none, and for one without a file that it should have."""
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr(NAME, made().manifest.content())
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, made().manifest.content())
    whole = (tmp_path / "z.zip").read_bytes()
    at = whole.index(NAME.encode()) + len(NAME) + 20
    (tmp_path / "z.zip").write_bytes(whole[:at] + b"\0\xff" * 9 + whole[at + 18 :])
    for name in ("x.zip", "y.zip", "z.zip"):
        with pytest.raises(GraderError, match=r"cannot be read: .* Next: "):
            edition.read(tmp_path / name)


def test_the_same_edition_changes_nothing(folder):
    """An update is safe to repeat, filled in or not."""
    (folder / STUB).write_bytes(FILLED)
    before = snapshot(folder)
    assert edition.update(folder, made()) == [Step(STUB, "yours")]
    assert snapshot(folder) == before


NEW_TEXT = YOURS[STUB].replace(b"Old.", b"New.")
NEW_LINE = YOURS[STUB].replace(b"raise NotImplementedError", b"raise NotImplementedError()")
CASES = {  # what the student has, what the course publishes; what becomes of the file, and of the copy
    "untouched": ({}, {STUB: NEW_TEXT}, Step(STUB, "renewed"), NEW_TEXT),
    "untouched, with other line ends": (
        {STUB: YOURS[STUB].replace(b"\n", b"\r\n")},
        {STUB: NEW_TEXT},
        Step(STUB, "renewed"),
        NEW_TEXT,
    ),
    "filled in": ({STUB: FILLED}, {CHECK: b"check 2\n"}, Step(STUB, "yours"), FILLED),
    "filled in, and changed": (
        {STUB: FILLED},
        {STUB: NEW_TEXT},
        Step(STUB, "merged", STUB + COPY),
        FILLED.replace(b"Old.", b"New."),
    ),
    "filled in with other line ends, and changed": (
        {STUB: FILLED.replace(b"\n", b"\r\n")},
        {STUB: NEW_TEXT},
        Step(STUB, "merged", STUB + COPY),
        FILLED.replace(b"Old.", b"New.").replace(b"\n", b"\r\n"),
    ),
    "the same lines": ({STUB: FILLED}, {STUB: NEW_LINE}, Step(STUB, "conflict", lines=(4,)), FILLED),
    "the same lines, and others": (
        {STUB: FILLED},
        {STUB: NEW_LINE.replace(b"Old.", b"New.")},
        Step(STUB, "conflict", STUB + COPY, (4,)),
        FILLED.replace(b"Old.", b"New."),
    ),
    "deleted": ({STUB: None}, {}, Step(STUB, "new"), YOURS[STUB]),
    "filled in, and taken out": ({STUB: FILLED}, {STUB: None}, Step(STUB, "yours"), FILLED),
    "untouched, and taken out": ({}, {STUB: None}, Step(STUB, "removed"), None),
    "a check that was edited": ({CHECK: b"easy\n"}, {}, Step(CHECK, "reset", CHECK + COPY), b"check 1\n"),
    "an edited check that is gone": ({CHECK: b"easy\n"}, {CHECK: None}, Step(CHECK, "reset", CHECK + COPY), None),
    "a check that changed": ({}, {CHECK: b"check 2\n"}, Step(CHECK, "renewed"), b"check 2\n"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_a_file(folder, case):
    """Each file by who changed it; what was there before is in the copy; the new edition is in order then."""
    mine, published, step, content = CASES[case]
    for path, text in mine.items():
        (folder / path).unlink()
        if text is not None:
            (folder / path).write_bytes(text)
    before = snapshot(folder)
    steps = edition.update(folder, made(published))
    after = snapshot(folder)
    assert [one for one in steps if one.path == step.path] == [step]
    assert after.get(step.path) == content
    assert (after[step.copy] == before[step.path]) if step.copy else not any(COPY in path for path in after)
    assert manifest.changes(folder, manifest.of(folder)) == []
    assert {path: after[original(path)] for path in made(published).manifest.yours} == {
        path: made(published).content[path] for path in made(published).manifest.yours
    }
    assert any(step.path in line for line in edition.told(steps)) == (step.what in ("merged", "conflict", "reset"))


def test_a_new_exercise_does_not_replace_a_file_of_the_students(tmp_path):
    """Who wrote ex01_a.py before the course did keeps it, and is told."""
    made({STUB: None}).write(tmp_path / "course")
    (tmp_path / "course" / STUB).write_bytes(b"mine\n")
    steps = edition.update(tmp_path / "course", made())
    assert Step(STUB, "conflict", lines=(1,)) in steps
    assert (tmp_path / "course" / STUB).read_bytes() == b"mine\n"


def test_copies_of_earlier_updates_stay(folder):
    """Each update that changes a file of the student's has a copy of its own."""
    for number in (1, 2):
        (folder / CHECK).write_text(f"easy {number}")
        edition.update(folder, made())
    assert (folder / f"{CHECK}{COPY}").read_text() == "easy 1"
    assert (folder / f"{CHECK}{COPY}-2").read_text() == "easy 2"


def test_an_interrupted_update_is_done_again(tmp_path, folder, monkeypatch):
    """Whichever write fails, the same command ends where an undisturbed one ends."""
    (folder / STUB).write_bytes(FILLED)
    (folder / CHECK).write_bytes(b"easy")
    new, left, write = (
        made({STUB: NEW_TEXT, OTHER: b"def b(x): ...\n", CHECK: b"check 2\n"}),
        [0],
        edition.files.write,
    )
    shutil.copytree(folder, tmp_path / "whole")
    edition.update(tmp_path / "whole", new)

    def fails(path, content):
        left[0] -= 1
        if not left[0]:
            raise GraderError("the disk is full")
        write(path, content)

    monkeypatch.setattr(edition.files, "write", fails)
    interrupted = 0
    for number in range(1, 20):
        copy, left[0] = tmp_path / str(number), number
        shutil.copytree(folder, copy)
        try:
            edition.update(copy, new)
        except GraderError:
            interrupted += 1
            edition.update(copy, new)
        assert snapshot(copy) == snapshot(tmp_path / "whole")
    assert interrupted == len(
        [path for path in snapshot(tmp_path / "whole") if path not in ("README.md", "pyproject.toml")]
    )


def test_other_files_stay(folder):
    """What neither edition knows of is not touched."""
    own = {".env": b"OPENAI_API_KEY=x", "assignments/lesson1/notes.txt": b"n", ".venv/pyvenv.cfg": b""}
    for path, content in own.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    edition.update(folder, made({CHECK: None, STUB: None}))
    assert snapshot(folder).items() >= own.items()
    assert not (folder / CHECK).parent.exists()


def test_links_and_other_folders_are_refused(tmp_path, folder):
    """Before anything is changed."""
    (folder / STUB).unlink()
    (folder / STUB).symlink_to(tmp_path / "elsewhere.py")
    before = snapshot(folder)
    with pytest.raises(GraderError, match="it is not an ordinary file"):
        edition.update(folder, made({CHECK: b"2"}))
    assert snapshot(folder) == before
    with pytest.raises(GraderError, match="it is no student edition"):
        edition.update(tmp_path, made())


def test_a_new_install_is_asked_for():
    """Where the libraries may have changed."""
    assert list(edition.told([Step("pyproject.toml", "renewed")]))[-1].startswith("Next: run the first command")
    (named, *_) = edition.told([Step(STUB, "conflict", f"{STUB}{COPY}", (4, 9, 12))])
    assert named.startswith(
        f"{STUB}:4: you and the course changed the same lines. Yours stay. Also at 9, 12. What you"
    )
    assert list(edition.told([])) == ["0 new, 0 changed, 0 removed; 0 of yours stay as they are"]


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"    c\n", b"d"]), max_size=6).map(b"".join)
MAYBE = st.none() | LINES
FILES = st.fixed_dictionaries(dict.fromkeys((CHECK, STUB, OTHER), MAYBE))


@given(FILES, FILES, FILES, FILES)
def test_nothing_is_ever_lost(tmp_path_factory, published, mine, newer, newest):
    """Whatever three editions say and a student writes: files or copies of them hold it, update by update."""
    folder = tmp_path_factory.mktemp("student") / "course"
    made(published).write(folder)
    for path, content in mine.items():
        (folder / path).unlink(missing_ok=True)
        if content is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    for one in (newer, newest):
        edition.update(folder, made(one))
        after = snapshot(folder)
        for path, content in mine.items():
            copies = [text for name, text in after.items() if name == path or name.startswith(path + COPY)]
            theirs = content is not None and content != published[path]
            assert not theirs or content in copies or content in (newer[path], newest[path])
        assert {one.what for one in manifest.changes(folder, manifest.of(folder))} <= {"added"}
