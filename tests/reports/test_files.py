"""Reports on disk: canonical bytes, written whole or not at all."""

import errno
import os
import stat
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.model import CheckResult, Environment, ExerciseResult, Hashes, Report, Result, Verdict
from grader.reports import files

OLD, NEW = b"the old report\n", b"the new report\n"


def report(message="", replayed=None, versions=None):
    """A report that differs in these."""
    check = CheckResult(
        id="test_x", title="x", verdict=Verdict.FAILED, points=0, max_points=1, message=message, where="", next=""
    )
    exercise = ExerciseResult(
        name="ex01_x", title="X", verdict=Verdict.FAILED, score=0, max_score=1, checks=(check,)
    )
    result = Result(
        lesson="lesson1",
        whole_lesson=True,
        score=0,
        max_score=1,
        exercises=(exercise,),
        hashes=Hashes(submission="a", checks="b", cassettes="c"),
    )
    environment = Environment(
        tier=1, missing="", seconds=0.5, replayed=replayed or {}, notes=(), versions=versions or {}
    )
    return Report(result=result, environment=environment)


def left_in(folder):
    """The names of what is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


# --- the bytes of a report


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_report_comes_back(message):
    """What is written can be read back, whatever a message holds, and ends with a line break."""
    content = files.report_json(report(message))
    assert msgspec.json.decode(content, type=Report) == report(message)
    assert content.endswith(b"}\n")


@given(st.permutations([("live", 1), ("authored", 2), ("documented", 3)]))
def test_equal_reports_have_equal_bytes(pairs):
    """The order in which a map was filled does not show."""
    again = dict(sorted(pairs))
    assert files.report_json(report(replayed=dict(pairs))) == files.report_json(report(replayed=again))


@given(st.text(st.characters(categories=["Cs"]), min_size=1))
def test_any_text_can_be_written(message):
    """Half a surrogate pair, as in a file name that is not UTF-8, does not stop a report."""
    msgspec.json.decode(files.report_json(report(message)), type=Report)


def test_a_person_can_read_it():
    """A report is indented, and not escaped beyond need."""
    text = files.report_json(report("Grüße")).decode("utf-8")
    assert '\n  "result": {\n' in text
    assert '"message": "Grüße"' in text


# --- files on disk


def test_write_makes_a_file(tmp_path):
    """A new file has the content and nothing lies beside it."""
    files.write(tmp_path / "report.json", NEW)
    assert (tmp_path / "report.json").read_bytes() == NEW
    assert left_in(tmp_path) == ["report.json"]


def test_write_replaces_a_file(tmp_path):
    """An old file is replaced."""
    (tmp_path / "report.json").write_bytes(OLD)
    files.write(tmp_path / "report.json", NEW)
    assert (tmp_path / "report.json").read_bytes() == NEW
    assert left_in(tmp_path) == ["report.json"]


def full(*_args, **_kwargs):
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Path, "open"), (os, "fsync"), (Path, "replace")],
    ids=lambda value: value if isinstance(value, str) else "-",
)
@pytest.mark.parametrize("existing", [True, False], ids=["old file", "no file"])
def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch, owner, name, existing):
    """Where any step fails, the old file stays, no temporary file is left, and the path and reason are told."""
    path = tmp_path / "report.json"
    if existing:
        path.write_bytes(OLD)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, full)
        with pytest.raises(GraderError) as caught:
            files.write(path, NEW)
    assert left_in(tmp_path) == (["report.json"] if existing else [])
    assert not existing or path.read_bytes() == OLD
    assert str(path) in str(caught.value)
    assert os.strerror(errno.ENOSPC) in str(caught.value)


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    """Ctrl-C in the middle leaves the old file and no temporary one."""

    def interrupted(_descriptor):
        raise KeyboardInterrupt

    (tmp_path / "report.json").write_bytes(OLD)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            files.write(tmp_path / "report.json", NEW)
    assert (tmp_path / "report.json").read_bytes() == OLD
    assert left_in(tmp_path) == ["report.json"]


@pytest.mark.parametrize("place", ["missing/report.json", "a_file/report.json", "a_folder"])
def test_a_place_that_cannot_be_written(tmp_path, place):
    """A missing folder, a file in its place, or a folder in the file's place is named in the message."""
    (tmp_path / "a_file").touch()
    (tmp_path / "a_folder").mkdir()
    with pytest.raises(GraderError) as caught:
        files.write(tmp_path / place, NEW)
    assert str(tmp_path / place) in str(caught.value)
    assert left_in(tmp_path) == ["a_file", "a_folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_report_may_be_read_as_any_other_file(tmp_path):
    """The user's umask decides who may read a report, as for every other file that a program writes."""
    (tmp_path / "plain").touch()
    files.write(tmp_path / "report.json", NEW)
    plain, written = (stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "report.json"))
    assert written == plain


@pytest.mark.skipif(sys.platform == "win32", reason="making links takes rights on Windows")
@pytest.mark.parametrize("exists", [True, False], ids=["to a file", "to nothing"])
def test_a_link_is_not_followed(tmp_path, exists):
    """A link that a submission holds under the report's name is neither followed nor replaced."""
    target = tmp_path / "target"
    if exists:
        target.write_bytes(OLD)
    (tmp_path / "report.json").symlink_to(target)
    with pytest.raises(GraderError, match="not an ordinary file"):
        files.write(tmp_path / "report.json", NEW)
    assert target.exists() == exists
    assert not exists or target.read_bytes() == OLD
    assert (tmp_path / "report.json").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_or_device_is_not_replaced(tmp_path):
    """`--report=/dev/stdout` must not put a file in the place of a pipe or a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write(pipe, NEW)
    except GraderError:
        pass
    else:
        assert os.read(reader, 100) == NEW
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
