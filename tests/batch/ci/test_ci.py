"""A pull request is graded by the base branch's checks: who is graded, what is told, and how it ends."""

import json
import sys

import pytest

from tests.batch.ci.conftest import answers, grader

ANNA, BEN = "submissions/anna", "submissions/ben"


def lesson_of(student):
    """A student's folder of the lesson."""
    return f"{student}/assignments/numbers"


def test_a_fork(base, fork, grade):
    """The lesson of a fork is graded; what main changed since then is not the pull request's doing."""
    clone = fork()
    clone.commit(answers("wrong"))
    base.commit(answers("right", lesson_of(ANNA)))
    done = grade(clone)
    assert done.code == 0, done.stderr
    assert done.scores == {"": 3}
    failure = next(one for one in done.commands if one[0] == "error")
    where = "file=assignments/numbers/ex01_double.py,line=2,title=ex01 double%3A double() repeats a text"
    assert failure[1] == where
    assert failure[2].count("%0A") == 1
    assert done.commands[-1][0] == "notice"
    assert done.entry("")["places"]["ex01_double.py"] == "assignments/numbers/ex01_double.py"


def test_two_forks_do_not_know_of_each_other(fork, grade):
    """Each pull request is about its own student."""
    one, two = fork("one"), fork("two")
    one.commit(answers("right", lesson_of(ANNA)))
    two.commit(answers("wrong", lesson_of(BEN)))
    assert grade(one).scores == {ANNA: 5}
    assert grade(two).scores == {BEN: 3}


def test_two_students_in_one_pull_request(fork, grade):
    """Each gets a report of their own; layouts may differ."""
    clone = fork()
    clone.commit(answers("right", lesson_of(ANNA)) | answers("wrong", BEN))
    done = grade(clone)
    assert done.scores == {ANNA: 5, BEN: 3}
    assert "| &#47;" not in done.comment
    assert done.comment.count("\n# ") == 2
    titles = [properties.partition("title=")[2] for _, properties, _ in done.commands]
    assert {title.partition("%3A ")[0] for title in titles} == {"anna", "ben"}


def test_all(base, fork, grade):
    """--all grades those who are in the repository, changed or not."""
    base.commit(answers("right", lesson_of(ANNA)))
    clone = fork()
    clone.commit(answers("wrong", BEN))
    assert grade(clone, "--all").scores == {"": 0, ANNA: 5, BEN: 3}


@pytest.mark.parametrize("files", [{}, {"README.md": "# Other words\n", "submissions/anna/notes.txt": "hello"}])
def test_nothing_to_grade(fork, grade, files):
    """A pull request without changes, or without changed exercises, is no failure."""
    clone = fork()
    clone.commit(files)
    done = grade(clone)
    assert (done.code, done.feedback["entries"], done.commands) == (0, [], [])
    assert "Nothing to grade" in done.stdout
    assert "## Nothing to grade" in done.comment


def test_a_deleted_exercise(base, fork, grade):
    """It earns no points, and everybody reads that it is gone."""
    base.commit(answers("right", lesson_of(ANNA)))
    clone, path = fork(), f"{lesson_of(ANNA)}/ex02_half.py"
    clone.commit(
        {path: None, f"{lesson_of(ANNA)}/ex01_double.py": answers("right")["assignments/numbers/ex01_double.py"]}
    )
    done = grade(clone)
    assert done.scores == {ANNA: 3}
    assert done.entry(ANNA)["deleted"] == [path]
    assert ("warning", f"file={path},title=anna%3A a file is gone") in [one[:2] for one in done.commands]
    assert "ex02&#95;half&#46;py is taken away" in done.comment


def test_a_deleted_student(base, fork, grade):
    """Who is deleted gets zero points, and not no report."""
    base.commit(answers("right", lesson_of(ANNA)) | answers("right", lesson_of(BEN)))
    clone = fork()
    clone.git("rm", "-r", "--quiet", ANNA)
    clone.commit(answers("wrong", lesson_of(BEN)))
    done = grade(clone)
    assert done.scores == {ANNA: 0, BEN: 3}
    assert len(done.entry(ANNA)["deleted"]) == 2


def test_solutions_elsewhere_do_not_stand_in(base, fork, grade):
    """Where the lesson's files are gone, files of their names in other folders do not count."""
    base.commit(answers("right", "tests/solutions/numbers"))
    clone = fork()
    for file in answers("right"):
        clone.git("rm", "--quiet", file)
    clone.commit()
    assert grade(clone).scores == {"": 0}


@pytest.mark.parametrize("new", ["ex02_halves.py", "checks/ex02_half.py"])
def test_a_renamed_exercise(base, fork, grade, new):
    """A file with another name is not the exercise; the old name is told as gone."""
    base.commit(answers("right"))
    clone = fork()
    clone.git("mv", "assignments/numbers/ex02_half.py", f"assignments/numbers/{new}")
    clone.commit()
    done = grade(clone)
    assert done.entry("")["deleted"] == ["assignments/numbers/ex02_half.py"]
    assert done.scores == {"": 3}


def test_a_renamed_student(base, fork, grade):
    """The old folder has nothing any more, and the new one is graded."""
    base.commit(answers("right", lesson_of(ANNA)))
    clone = fork()
    clone.git("mv", ANNA, BEN)
    clone.commit()
    assert grade(clone).scores == {ANNA: 0, BEN: 5}


def test_the_event_of_a_workflow(base, fork, tmp_path):
    """Without options the event says the commits, and the job's summary is added to."""
    clone = fork()
    head = clone.commit(answers("right"))
    base.git("fetch", "--quiet", clone.path, head)
    sha = {"base": {"sha": base.git("rev-parse", "HEAD")}, "head": {"sha": head}}
    event, summary = tmp_path / "event.json", tmp_path / "summary.md"
    event.write_text(json.dumps({"action": "opened", "pull_request": sha}))
    summary.write_text("before\n")
    files = {"GITHUB_EVENT_PATH": str(event), "GITHUB_STEP_SUMMARY": str(summary)}
    done = grader("ci", cwd=base.path, out=tmp_path / "out", env=files)
    assert (done.code, done.scores) == (0, {"": 5})
    assert summary.read_text("utf-8") == f"before\n{done.summary}"


def test_the_event_of_a_push(base, tmp_path):
    """A push of what is checked out is graded with --all; of a new branch nothing is known before."""
    head = base.commit(answers("right"))
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"before": "0" * 40, "after": head}))
    done = grader("ci", "--all", cwd=base.path, out=tmp_path / "out", env={"GITHUB_EVENT_PATH": str(event)})
    assert (done.code, done.scores) == (0, {"": 5})
    assert (tmp_path / "out" / "classroom.txt").read_bytes().startswith(b"result=")


def test_a_repository_elsewhere(base, fork, tmp_path):
    """The course may be no repository, and the students' repository no course."""
    students = fork("students")
    students.git("rm", "-r", "--quiet", "assignments/numbers/checks", "pyproject.toml")
    students.commit(answers("wrong"))
    base.git("gc", "--quiet")
    (base.path / ".git").rename(tmp_path / "gone")
    done = grader("ci", "--all", "--repository", students.path, cwd=base.path, out=tmp_path / "out")
    assert (done.code, done.scores) == (0, {"": 3}), done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--head", "nothing"), "There is no commit 'nothing'"),
        (("--head", "--exec=x"), "There is no commit '--exec=x'"),
        (("--repository", "/"), "this is no git repository"),
        (("--repository", "/nowhere"), "this is no git repository"),
    ],
)
def test_wrong_use(base, words, said):
    """It ends with 2 and says what to do."""
    done = grader("ci", *words, cwd=base.path)
    assert done.code == 2
    assert said in done.stderr


def test_a_working_copy_of_the_pull_request(fork, tmp_path):
    """Its checks could be the pull request's own: nothing is graded."""
    clone = fork()
    head = clone.commit(answers("wrong"))
    for place in ("HEAD", head):
        done = grader("ci", "--base", "origin/main", "--head", place, cwd=clone.path, out=tmp_path / "out")
        assert done.code == 2
        assert "check out the base branch" in done.stderr
    clone.git("checkout", "--quiet", "origin/main")
    clone.git("merge", "--quiet", "--no-ff", "--message", "as GitHub does it", head)
    assert grader("ci", "--base", "origin/main", "--head", head, cwd=clone.path).code == 2


def test_a_fault_of_ours(base, fork, grade):
    """Where the judge cannot go on, the exit code is 3, and no student is blamed."""
    check = "import os\n\n\ndef test_two(student):\n    os._exit(1)\n"
    base.commit(
        {
            "assignments/numbers/checks/test_ex01_double.py": f"import pytest\n{check}".replace(
                "def", "@pytest.mark.points(3)\ndef"
            )
        }
    )
    clone = fork()
    clone.commit(answers("right"))
    done = grade(clone)
    assert done.code == 3
    assert done.entry("")["report"] is None
    assert "This is not your code" in done.comment
    assert [one[0] for one in done.commands] == ["error"]


def test_another_fault_of_ours(base, tmp_path):
    """What nobody thought of ends with 3, too, and not with a code that means something else."""
    done = grader("ci", cwd=base.path, env={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert done.code == 3
    assert "IsADirectoryError" in done.stderr


def test_isolation_is_demanded(base, fork, tmp_path):
    """Below tier 3 no code of others runs, as with `grader batch`."""
    clone = fork()
    head = clone.commit(answers("right"))
    base.git("fetch", "--quiet", clone.path, head)
    done = grader("ci", "--head", head, cwd=base.path, out=tmp_path / "out", usual=())
    if done.code == 2:
        assert "Isolation tier 3 is required" in done.stderr
    else:
        assert done.entry("")["report"]["environment"]["tier"] >= 3
    assert sys.platform != "linux" or done.code == 0, done.stderr
