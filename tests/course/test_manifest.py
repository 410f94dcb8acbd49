"""The manifest of a student edition: what was changed, is missing or was added since it was published."""

import msgspec
import pytest

from grader.course import manifest
from grader.course.manifest import Change
from grader.errors import GraderError

FIXED = {
    "assignments/lesson1/checks/test_ex01_a.py": b"1",
    "assignments/lesson1/lesson.toml": b"2",
    "cassettes/lesson1/ex01_a/a.yaml": b"3",
    "grader/settings.py": b"4",
    "conftest.py": b"5",
}
YOURS = {"assignments/lesson1/ex01_a.py": b"raise NotImplementedError"}
MADE = manifest.made(["lesson1"], FIXED, YOURS)


@pytest.fixture
def edition(tmp_path):
    """An edition as it was published."""
    for name, content in {**FIXED, **YOURS, manifest.NAME: MADE.content()}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def found(root):
    """What changed."""
    return manifest.changes(root, manifest.of(root))


def test_what_was_published_has_no_changes(edition):
    """The file on disk is read as it was made, and what students fill in does not count."""
    assert manifest.of(edition) == MADE
    (edition / "assignments/lesson1/ex01_a.py").write_text("x = 1")
    (edition / "assignments/lesson1/notes.py").write_text("x = 1")
    (edition / ".env").write_text("OPENAI_API_KEY=")
    (edition / "grader" / "__pycache__").mkdir()
    (edition / "grader" / "__pycache__" / "settings.cpython-311.pyc").write_bytes(b"")
    assert found(edition) == []


@pytest.mark.parametrize("name", FIXED)
def test_each_file_counts(edition, name):
    """A change, a link to the same content in its place, and a deletion are seen."""
    path = edition / name
    path.write_bytes(b"other")
    assert found(edition) == [Change(name, "changed")]
    (edition / "same").write_bytes(FIXED[name])
    path.unlink()
    assert found(edition) == [Change(name, "missing")]
    path.symlink_to(edition / "same")
    assert found(edition) == [Change(name, "changed")]


@pytest.mark.parametrize(
    "name", ["assignments/lesson1/checks/test_ex02_b.py", "cassettes/lesson1/ex01_a/c.yaml", "grader/cell/more.py"]
)
def test_what_was_added_counts(edition, name):
    """Among checks, cassettes and the grader."""
    (edition / name).parent.mkdir(parents=True, exist_ok=True)
    (edition / name).write_bytes(b"")
    assert found(edition) == [Change(name, "added")]


def test_the_edition_is_named_after_its_content(edition):
    """The same files have the same name, others another."""
    assert manifest.of(edition).edition == manifest.made(["lesson1"], FIXED, YOURS).edition
    assert manifest.made(["lesson1"], FIXED, {}).edition != MADE.edition


def test_a_project_has_none(tmp_path):
    """Where there is no manifest, nothing is said."""
    assert manifest.of(tmp_path) is None
    manifest.require_project(tmp_path)


def test_a_broken_manifest_is_told(edition):
    """Damage, another version, and paths that lead out of the folder."""
    plain = msgspec.json.decode(MADE.content())
    for spoilt in (
        b"{",
        b"[]",
        msgspec.json.encode(plain | {"schema_version": 2}),
        msgspec.json.encode(plain | {"files": {"a.py": "0"}}),
        *(
            msgspec.json.encode(plain | {"files": {name: "0" * 64}})
            for name in ("../a.py", "a/../../b.py", "/etc/passwd", "C:\\a.py", "..", "a/..", "a//b", "", "a\n")
        ),
    ):
        (edition / manifest.NAME).write_bytes(spoilt)
        with pytest.raises(GraderError, match="Next: get your course's files again"):
            manifest.of(edition)
    with pytest.raises(GraderError, match="This is a student edition"):
        manifest.require_project(edition)
