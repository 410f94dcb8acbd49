"""What a mentor types: grade a class, look at it, give points by hand, write the class's table."""

import csv
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

import pytest
from typer.testing import CliRunner

from grader import settings
from grader.cli import main

USUAL = ("--require-isolation", "1")  # the small lesson is trusted


@pytest.fixture
def mentor(course, monkeypatch):
    """Run a command in the course's folder: exit code and lines."""
    monkeypatch.chdir(course.root)

    def run(*words):
        done = CliRunner().invoke(main, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output.splitlines()

    return run


@pytest.fixture
def handed_in(hand_in, tmp_path):
    """A zip with three students' folders."""
    for student, answer in {"ana": "right", "ben": "wrong", "cem": "right"}.items():
        hand_in(student, answer)
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((tmp_path / "submissions").rglob("*.py")):
            archive.write(file, file.relative_to(tmp_path / "submissions"))
    return path


def test_from_a_zip_to_the_class_table(mentor, handed_in, tmp_path):
    """Grade, read the statistics, change points, export: each tells the next step or the file."""
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,email\nana,Ana,ana@x.org\nben,Ben,\ncem,Cem,\ndia,Dia,dia@x.org\n", "utf-8")
    out = tmp_path / "out"
    code, lines = mentor("batch", handed_in, "--lesson", "numbers", "--out", out, "--roster", roster, *USUAL)
    assert code == 0, lines
    assert "dia (Dia): handed in nothing" in "\n".join(lines)
    assert lines[-2].startswith("3 submissions: 2 full points, 1 in part. Gradebook: ")
    assert "3 of 4 students graded; median 100 %" in mentor("stats", out)[1]
    changed = mentor("override", out, "ben", "ex01", 2, "--comment", "well explained")
    assert changed == (0, ["ben, ex01_double: 2 instead of 1 of 3 points."])
    code, lines = mentor("export", out)
    assert code == 0, lines
    with (out / "export" / "numbers.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["student"]: row for row in csv.DictReader(stream)}
    assert {name: row["score"] for name, row in rows.items()} == {"ana": "5", "ben": "4", "cem": "5", "dia": ""}
    assert [row["email"] for row in rows.values()] == ["ana@x.org", "", "", "dia@x.org"]
    assert (out / "export").is_dir()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody without a name"
)
def test_a_mentor_without_a_name(mentor, handed_in, tmp_path, monkeypatch):
    """A container's user often has none: the command asks for it."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / "out"
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    words = ["ben", "ex01", "2", "--comment", "explained"]
    code = "import os, sys; from grader.cli import main; os.setresuid(54321, 0, 0); main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "override", ".", *words]
    done = subprocess.run(command, cwd=out, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        "This system has no name for you. Next: add --who, as in  --who anna\n",
    )
    assert mentor("override", out, *words, "--who", "anna")[0] == 0


def test_a_file_for_each_student(mentor, handed_in, tmp_path):
    """Feedback in a format for one student goes into a folder of each."""
    out = tmp_path / "out"
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    code, lines = mentor("export", out, "--format", "markdown")
    assert code == 0, lines
    texts = [path.read_text("utf-8") for path in sorted((out / "export").glob("*/feedback.md"))]
    assert len(texts) == len(lines) == 3
    assert sum("3 of 5 points" in text and "Next: " in text for text in texts) == 1


def test_the_gradebook_among_the_submissions(mentor, hand_in, tmp_path):
    """It is no student, in whatever folder it is; it is never mixed with the submissions."""
    hand_in("ana", "right")
    folder = tmp_path / "submissions"
    for out in (folder / "out", folder / "results" / "now"):
        command = ("batch", folder, "--lesson", "numbers", "--out", out, *USUAL)
        for _ in range(2):
            code, lines = mentor(*command)
            assert (code, lines[0]) == (0, "1 student (folders and files), 0 without anything to grade")
        shutil.rmtree(out)
    (folder / "results").rmdir()
    code, lines = mentor("batch", folder, "--lesson", "numbers", "--out", folder, *USUAL)
    assert (code, lines) == (2, [f"{folder}: here are the submissions. Next: name another folder as --out"])
    assert [path.name for path in folder.iterdir()] == ["ana"]


def test_from_canvas_to_canvas(mentor, hand_in, tmp_path):
    """The user's number of a download stands in the column ID of the import."""
    hand_in("ana", "right")
    folder = tmp_path / "submissions"
    for number, path in enumerate(sorted((folder / "ana").iterdir())):
        path.rename(folder / f"leeann_103_500{number}_{path.name}")
    (folder / "ana").rmdir()
    out = tmp_path / "out"
    code, lines = mentor("batch", folder, "--lesson", "numbers", "--out", out, *USUAL)
    assert (code, lines[0]) == (0, "1 student (Canvas), 0 without anything to grade")
    mentor("export", out, "--format", "canvas", "--assignment", 17)
    with (out / "export" / "numbers.csv").open(encoding="utf-8", newline="") as stream:
        *_, ann = csv.DictReader(stream)
    assert [ann[name] for name in ("ID", "SIS User ID", "SIS Login ID", "numbers (17)")] == ["103", "", "", "5"]


def test_a_file_that_was_not_read(mentor, hand_in, tmp_path):
    """The student reads the reason, as in a run of their own; the class's table tells the mentor."""
    for student in ("ana", "ben", "cem"):
        hand_in(student, "right")
    folder, out = tmp_path / "submissions", tmp_path / "out"
    (folder / "ana" / "ex01_double.py").write_bytes(b"#" * (2 << 20))
    (folder / "ben" / "ex01_double.py").unlink()
    (folder / "ben" / "ex01_double.py").mkdir()
    (folder / "cem" / "EX01_DOUBLE.py").write_text("", "utf-8")
    (folder / "dia").mkdir()
    (folder / "dia" / "hw.zip").write_bytes(b"no zip")
    command = ("batch", folder, "--lesson", "numbers", "--out", out, *USUAL)
    assert mentor(*command)[0] == 0
    told = {path.parent.name[:3]: path.read_text("utf-8") for path in out.glob("students/*/feedback.md")}
    for student, says in {
        "ana": "is larger than 1 MB",
        "ben": "is a folder, a link",
        "cem": "capital letters",
    }.items():
        assert says in told[student]
        assert "There is no ex01" not in told[student]
    mentor("export", out)
    with (out / "export" / "numbers.csv").open(encoding="utf-8-sig", newline="") as stream:
        notes = {row["student"]: row["notes"] for row in csv.DictReader(stream)}
    assert {name: text.partition(";")[0] for name, text in notes.items()} == {
        "ana": "not read: ex01_double.py: larger than 1 MiB",
        "ben": "not read: ex01_double.py: a folder",
        "cem": "not read: EX01_DOUBLE.py: another file has the same name (capital letters do not count)",
        "dia": "not read: hw.zip: a damaged archive, or none at all",
    }
    (folder / "ana" / "ex01_double.py").unlink()
    mentor(*command)
    (ana,) = (path.read_text("utf-8") for path in out.glob("students/ana-*/feedback.md"))
    assert "There is no ex01_double.py in your folder" in ana  # the work is not taken for the one before


@pytest.mark.usefixtures("handed_in")
def test_known_work_and_its_changes(mentor, hand_in, tmp_path):
    """The second run knows all; --only grades one exercise again; diff tells what changed."""
    out, folder = tmp_path / "out", tmp_path / "submissions"
    usual = ("batch", folder, "--lesson", "numbers", "--out", out, *USUAL)
    mentor(*usual)
    assert "3 submissions: 2 full points (known), 1 in part (known)." in mentor(*usual)[1][-2]
    assert "3 submissions: 2 full points, 1 in part." in mentor(*usual, "--only", "ex02")[1][-2]
    hand_in("ben", "right")
    mentor(*usual)
    assert (
        mentor("diff", out)[1][0]
        == "ben: 3 -> 5 (the submission changed; ex01_double test_text: failed -> passed)"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("stats", "nowhere"), "there is no gradebook.sqlite here. Next: grader batch"),
        (("diff", "nowhere"), "there is no gradebook.sqlite here"),
        (("batch", "nowhere", "--lesson", "numbers", "--out", "out"), "nowhere: there is no such file or folder."),
        (("batch", ".", "--lesson", "letters", "--out", "out"), "letters"),
        (("batch", ".", "--lesson", "numbers", "--out", "out", "--only", "ex09"), "There is no exercise 'ex09'"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_wrong_use_is_told(mentor, words, told):
    """A sentence and exit code 2."""
    code, lines = mentor(*words)
    assert (code, told in "\n".join(lines)) == (2, True), lines


def test_points_must_fit(mentor, handed_in, tmp_path):
    """Nobody gets more points than an exercise is worth, and nobody unknown any."""
    out = tmp_path / "out"
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    common = ("--comment", "why")
    assert mentor("override", out, "ana", "ex01", 4, *common) == (2, ["ex01: it is worth 3 points."])
    for name in ("ex09", "ex0", "e"):
        assert mentor("override", out, "ana", name, 1, *common) == (2, [f"{name}: there is no such exercise."])
    assert "nothing of this student was graded" in mentor("override", out, "zoe", "ex01", 1, *common)[1][0]


def graded_already(out):
    """How many submissions the gradebook holds by now."""
    try:
        with sqlite3.connect(f"file:{out / 'gradebook.sqlite'}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM work").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_ctrl_c_keeps_what_is_graded(course, hand_in, tmp_path):
    """It stops at once, says how to go on, and leaves no judge and no temporary folder behind."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for number in range(300):
        hand_in(f"s{number:03}", "right")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "grader.cli", "batch", str(tmp_path / "submissions")]
    process = subprocess.Popen(
        [*command, "--lesson", "numbers", "--out", str(out), "--jobs", "1", *USUAL],
        cwd=course.root,
        env=settings.judge_environment() | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    give_up = time.monotonic() + 60
    while not graded_already(out) and time.monotonic() < give_up:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "are graded and kept. Next: run the same command to go on." in told
    assert list(temporary.iterdir()) == []
