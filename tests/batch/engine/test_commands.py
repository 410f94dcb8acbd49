"""What a mentor types: grade a class, look at it, give points by hand, write the class's table."""

import csv
import os
import re
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
from grader.batch import statistics
from grader.batch.gradebook import LEFT
from grader.batch.grading import Grading, Plan
from grader.cli import main
from grader.reports.formats import FORMATS

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
    again = mentor("override", out, "ben", "ex01", 3, "--comment", "better still")
    assert again == (0, ["ben, ex01_double: 3 instead of 2 of 3 points."])
    with (out / "export" / "numbers.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["student"]: row for row in csv.DictReader(stream)}
    assert {name: row["score"] for name, row in rows.items()} == {"ana": "5", "ben": "4", "cem": "5", "dia": ""}
    assert [row["email"] for row in rows.values()] == ["ana@x.org", "", "", "dia@x.org"]
    assert (out / "export").is_dir()


@pytest.fixture
def table(mentor, tmp_path):
    """The points of each student in the class's table; empty where nothing was graded."""

    def read(out):
        code, lines = mentor("export", out, "--out", tmp_path / "table")
        assert code == 0, lines
        with (tmp_path / "table" / "numbers.csv").open(encoding="utf-8-sig", newline="") as stream:
            return {row["student"]: row["score"] for row in csv.DictReader(stream)}

    return read


def feedback(out):
    """The feedback of the class, by its paths."""
    return {path: path.read_bytes() for path in sorted((out / "students").rglob("*.*"))}


def test_a_run_that_grades_nothing(mentor, handed_in, table, tmp_path):
    """What was graded last stays: the files, the table, points by hand; that the run did not end is told."""
    out, hidden = tmp_path / "out", tmp_path / "hidden"
    usual = ("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    mentor(*usual)
    scores, files = table(out), feedback(out)
    (hidden / "checks").mkdir(parents=True)
    (hidden / "checks" / "test_ex01_double.py").write_text("import nosuch\n", "utf-8")
    code, lines = mentor(*usual, "--hidden", hidden)
    assert (code, "cannot be read" in "\n".join(lines)) == (2, True), lines
    assert feedback(out) == files
    assert len(files) == 6
    assert table(out) == scores == {"ana": "5", "ben": "3", "cem": "5"}
    for words in (("stats",), ("diff",), ("export",), ("override", "ben", "ex01", 2, "--comment", "why")):
        code, lines = mentor(words[0], out, *words[1:])
        assert (code, "has not ended." in lines[0]) == (0, True), lines
    assert table(out) == scores | {"ben": "4"}
    assert "2 full points (known), 1 in part (known)." in mentor(*usual)[1][-2]
    assert "has not ended" not in "".join(mentor("stats", out)[1])


def test_a_check_that_broke(mentor, handed_in, tmp_path):
    """The mentor is told its name, with what it said; it is not called hard, and no student reads a word of it."""
    out, hidden = tmp_path / "out", tmp_path / "hidden"
    (hidden / "checks").mkdir(parents=True)
    check = (
        '@pytest.mark.points(4)\ndef test_broken(student):\n    """canary"""\n    raise RuntimeError("canary")\n'
    )
    (hidden / "checks" / "test_ex01_double.py").write_text(f"import pytest\n\n\n{check}", "utf-8")
    usual = ("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    code, lines = mentor(*usual, "--hidden", hidden)
    told = "  ex01_double hidden/test_broken (3 students): a check stopped with RuntimeError: canary"
    assert (code, lines[-4:-1]) == (0, [statistics.BROKEN, told, statistics.MEND])
    found = mentor("stats", out)[1]
    assert found[-3:] == lines[-4:-1]
    assert [line for line in found[:-3] if "hidden/" in line or "canary" in line] == []
    assert [content for content in feedback(out).values() if b"canary" in content] == []


def test_what_a_stopped_run_left(mentor, course, book, hand_in, table):
    """A changed submission has its old grade until the new one is there; who is new has none, for want of any."""
    out = book.path.parent
    first = [hand_in("ana", "right"), hand_in("ben", "right")]
    plan = Plan(jobs=1, options=("-o", "call_seconds=1"))
    list(Grading(course, "numbers", book, plan).steps(first))
    files = feedback(out)
    changed = [hand_in("ana", "wrong"), hand_in("ben", "wrong"), hand_in("cem", "right")]
    steps = Grading(course, "numbers", book, plan).steps(changed)
    assert next(steps).student == "ana"
    steps.close()
    assert table(out) == {"ana": "3", "ben": "5", "cem": ""}
    assert {path for path, content in feedback(out).items() if files.get(path) == content} == {
        path for path in files if "ben" in path.parts[-3]
    }
    assert [line.partition(" (")[0] for line in mentor("diff", out)[1][2:-1]] == ["ana: 5 -> 3"]
    again = {step.student: step.reused for step in Grading(course, "numbers", book, plan).steps(changed)}
    assert again == {"ana": True, "ben": False, "cem": False}
    assert table(out) == {"ana": "3", "ben": "3", "cem": "5"}
    told = [line.partition(" (")[0] for line in mentor("diff", out)[1]]
    assert told[:-1] == ["ana: 5 -> 3", "ben: 5 -> 3", "cem: none -> 5"]


def test_only_after_a_change_grades_all(course, book, hand_in):
    """What counts until a submission is graded is no part of its new grade: the lesson may be another one."""
    one = hand_in("ana", "right")
    list(Grading(course, "numbers", book, Plan(jobs=1)).steps([one]))
    lesson = course.folder("numbers") / "lesson.toml"
    lesson.write_text(lesson.read_text("utf-8").rpartition("[[exercise]]")[0], "utf-8")
    (course.checks("numbers") / "test_ex02_half.py").unlink()
    (step,) = Grading(course, "numbers", book, Plan(jobs=1, only="ex01_double")).steps([one])
    assert (step.score, step.max_score) == (3, 3)


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
    told = {path.parts[-3][:3]: path.read_text("utf-8") for path in out.glob("students/*/*/feedback.md")}
    for student, says in {
        "ana": "is larger than 1 MB",
        "ben": "is a folder, a link",
        "cem": "capital letters",
        "dia": "not read: hw.zip: a damaged archive",
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
    (ana,) = (path.read_text("utf-8") for path in out.glob("students/ana-*/numbers/feedback.md"))
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
        (
            ("batch", "nowhere", "--lesson", "numbers", "--out", "out"),
            "nowhere: there is no such file or folder. Next: look at the path",
        ),
        (
            ("batch", "x" * 300, "--lesson", "numbers", "--out", "out"),
            "...: there is no such file or folder. Next: look at the path",
        ),
        (("batch", ".", "--lesson", "letters", "--out", "out"), "letters"),
        (("batch", ".", "--lesson", "numbers", "--out", "out", "--only", "ex09"), "There is no exercise 'ex09'"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_wrong_use_is_told(mentor, words, told):
    """A sentence and exit code 2."""
    code, lines = mentor(*words)
    assert (code, told in "\n".join(lines)) == (2, True), lines


def test_a_wrong_path_leaves_nothing(mentor, tmp_path):
    """Nobody finds an empty gradebook later."""
    code, lines = mentor("batch", tmp_path / "nowhere", "--lesson", "numbers", "--out", tmp_path / "out", *USUAL)
    assert (code, lines) == (
        2,
        [f"{tmp_path / 'nowhere'}: there is no such file or folder. Next: look at the path"],
    )
    assert not (tmp_path / "out").exists()


def test_all_formats_are_named(mentor, handed_in, tmp_path):
    """Those for a class and those for one student."""
    out = tmp_path / "out"
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    code, lines = mentor("export", out, "--format", "nonsense")
    assert (code, lines) == (2, [f"There is no format nonsense. There are: {', '.join(FORMATS)}."])


def test_one_is_no_plural(mentor, hand_in, tmp_path):
    """A class of one."""
    hand_in("ana", "wrong")
    out = tmp_path / "out"
    usual = ("batch", tmp_path / "submissions", "--lesson", "numbers", "--out", out, *USUAL)
    assert mentor(*usual)[1][-2].startswith("1 submission: 1 in part. ")
    hand_in("ana", "right")
    mentor(*usual)
    assert mentor("diff", out)[1][-1].startswith("1 score changed since ")
    assert "1 of 1 student graded; median 100 %" in mentor("stats", out)[1]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE run SET lesson = CAST(x'fffe' AS TEXT)",
        "UPDATE run SET facts = '{'",
        "UPDATE work SET report = '{'",
    ],
)
def test_damage_that_sqlite_does_not_see(mentor, handed_in, tmp_path, harm):
    """It is told as other damage is, with the next step."""
    out = tmp_path / "out"
    mentor("batch", handed_in, "--lesson", "numbers", "--out", out, *USUAL)
    with sqlite3.connect(out / "gradebook.sqlite") as connection:
        connection.execute(harm)
    code, lines = mentor("stats", out)
    told = f"{out / 'gradebook.sqlite'}: the gradebook cannot be used: a part of it is missing or damaged. {LEFT}"
    assert (code, lines) == (2, [told])


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
    assert re.search(r"Stopped; graded and kept: \d+\. Next: run the same command to go on\.", told), told
    assert list(temporary.iterdir()) == []
