"""Pull requests that attack: they change checks, forge reports, inject commands, hide deletions, or flood."""

import re
import stat

from grader.course import manifest
from tests.batch.ci.conftest import answers, grader
from tests.batch.made import ROOT

WRONG, RIGHT = answers("wrong"), answers("right")
DOUBLE, HALF = sorted(RIGHT)
CHECKS = "assignments/numbers/checks"
EASY = 'import pytest\n\n\n@pytest.mark.points(2)\ndef test_half(student):\n    """easy"""\n'
FORGED = '{"result": {"score": 5, "max_score": 5}}'
SHOUT = '''
import sys
SHOUT = """
::error file=x.py,line=1::gotcha
::add-mask::student
::set-output name=result::5
##[error]old ##vso[task.complete result=Succeeded]
\\x1b[31m::warning::colour
"""
print(SHOUT, flush=True)
print(SHOUT, file=sys.stderr, flush=True)


def double(x):
    print(SHOUT)
    raise ValueError("%0A::error::in a message\\r\\n::warning::and a line\\n##[error]x")


def half(x):
    return SHOUT
'''


def test_checks_of_the_pull_request_do_not_count(fork, grade):
    """It changes the check, the lesson, the course's settings and a workflow, and is graded as if it had not."""
    clone = fork()
    clone.commit(
        {
            **WRONG,
            f"{CHECKS}/test_ex02_half.py": EASY,
            f"{CHECKS}/test_ex01_double.py": EASY.replace("2", "3"),
            "assignments/numbers/lesson.toml": "title = 'Mine'\n",
            "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-p', 'evil']\n",
            "grader/judge/plugin.py": "raise SystemExit",
        }
    )
    done = grade(clone)
    assert (done.code, done.scores) == (0, {"": 3})
    assert done.verdicts("") == {"ex01_double": "failed", "ex02_half": "passed"}
    told = [note.partition(": this pull request changes it")[0] for note in done.feedback["notes"]]
    checks = [f"{CHECKS}/test_ex01_double.py", f"{CHECKS}/test_ex02_half.py"]
    assert told == [*checks, "assignments/numbers/lesson.toml", "grader/judge/plugin.py", "pyproject.toml"]


def test_an_edition_whose_checks_were_edited(base, fork, grade):
    """Where the base branch itself is not as it was published, its manifest tells."""
    files = {path.relative_to(base.path).as_posix(): path for path in (base.path / CHECKS).glob("*.py")}
    published = manifest.made(["numbers"], {name: path.read_bytes() for name, path in files.items()}, {})
    base.commit({manifest.NAME: published.content(), f"{CHECKS}/test_ex02_half.py": EASY})
    clone = fork()
    clone.commit(answers("right"))
    note = f"{CHECKS}/test_ex02_half.py: not as your course published it (changed)"
    assert note in grade(clone).feedback["notes"]


def test_files_beside_the_exercises(fork, grade):
    """A forged report, a conftest.py, a pytest.ini and the like are not taken; the last two are told."""
    clone = fork()
    folder, hook = "assignments/numbers", "def pytest_collection_modifyitems(items):\n    items.clear()\n"
    forged = (
        "report.json",
        "feedback.json",
        "out/feedback.json",
        f"{folder}/report.json",
        f"{folder}/gradebook.sqlite",
    )
    clone.commit(
        WRONG
        | dict.fromkeys(forged, FORGED)
        | dict.fromkeys(("conftest.py", f"{folder}/conftest.py", f"{folder}/sitecustomize.py"), hook)
        | dict.fromkeys(("pytest.ini", f"{folder}/pytest.ini"), "[pytest]\npython_files = *\n")
    )
    done = grade(clone)
    assert (done.code, done.scores) == (0, {"": 3})
    notes = " ".join(done.entry("")["report"]["environment"]["notes"])
    assert "conftest.py" in notes
    assert "pytest.ini" in notes


def test_commands_in_a_students_text(fork, grade):
    """What a student's code prints, raises or returns is obeyed nowhere, and their folder's name is not either."""
    clone = fork()
    loud = dict.fromkeys(WRONG, SHOUT)
    name = "submissions/x::error::y,title=z%0A"
    clone.commit(loud | {path.replace("assignments/numbers", name): text for path, text in loud.items()})
    done = grade(clone)
    assert done.code == 0, done.stderr
    kinds = {kind for kind, _, _ in done.commands}
    assert kinds <= {"error", "warning", "notice"}
    assert not re.search(r"^.*(gotcha|and a line).*$", "\n".join(p for _, p, _ in done.commands), re.MULTILINE)
    for _, properties, value in done.commands:
        facts = [fact.partition("=") for fact in properties.split(",")]
        assert [fact[0] for fact in facts] in (["title"], ["file", "title"], ["file", "line", "title"])
        assert not value.startswith("::")
        path = next((fact[2] for fact in facts if fact[0] == "file"), "")
        assert path.startswith(("", "assignments/numbers/", "submissions/x%3A%3Aerror%3A%3Ay%2Ctitle=z%250A/"))
    assert "\x1b" not in done.stdout
    for text in (done.comment, done.summary):
        assert "::error" not in re.sub(r"```text\n.*?```", "", text, flags=re.DOTALL)


def test_evidence_stays_with_mentors(fork, grade):
    """Students can read what a run uploads: it says that code tampered, and not how it was noticed."""
    attack = (ROOT / "tests/attacks/33_forged_frames/attack.py").read_text("utf-8")
    clone = fork()
    clone.commit(WRONG | {DOUBLE: attack.replace("def hello(client)", "def double(x)")})
    done = grade(clone)
    assert done.verdicts("")["ex01_double"] == "tampered"
    assert done.entry("")["report"]["environment"]["evidence"] == []


def test_links_and_submodules(base, fork, grade):
    """Nothing behind them is looked at: not the solution, not a file of the computer, not another repository."""
    base.commit(answers("right", "solutions"))
    clone = fork()
    head = clone.git("rev-parse", "HEAD")
    clone.commit({DOUBLE: WRONG[DOUBLE]})
    clone.git("rm", "--quiet", HALF)
    entries = [
        ("120000", clone.blob(b"../../solutions/ex02_half.py"), HALF.encode()),
        ("120000", clone.blob(b"../solutions"), b"submissions/link"),
        ("160000", head, b"submissions/module"),
        ("120000", clone.blob(b"/etc"), b"etc"),
        ("160000", head, b"vendor"),
    ]
    done = grade(clone, head=clone.planted(entries))
    assert (done.code, done.scores) == (0, {"": 1, "submissions/link": 0, "submissions/module": 0})
    assert f"not read: {HALF}: a link" in done.entry("")["notes"]
    assert done.entry("submissions/module")["notes"] == ["not read: module: a submodule"]
    assert done.feedback["notes"] == [
        "etc: a link, which is not followed",
        "vendor: a submodule, which is not followed",
    ]


def test_five_megabytes(fork, grade):
    """What is too large is left out, with the reason; the rest is graded."""
    clone = fork()
    files = {f"data/{number}.txt": f"{number}\n" * 40_000 for number in range(10, 30)}
    clone.commit(WRONG | files | {HALF: RIGHT[HALF] + "#" * (5 << 20)})
    done = grade(clone)
    assert (done.code, done.scores) == (0, {"": 1})
    assert f"not read: {HALF}: larger than 1 MiB" in done.entry("")["notes"]


NAMES = {
    b"submissions/line\nbreak/ex01_double.py": "a control character in its name",
    b"submissions/bell\x07/ex01_double.py": "a control character in its name",
    "submissions/\N{RIGHT-TO-LEFT OVERRIDE}anna/ex01_double.py".encode(): "turns the direction of writing",
    b"submissions/" + b"d/" * 40 + b"ex01_double.py": "folders deep",
}
TAKEN = {
    b"submissions/\xff\xfe/ex01_double.py": "submissions/\\udcff\\udcfe",
    b"submissions/-rf $(reboot) `x`/ex01_double.py": "submissions/-rf $(reboot) `x`",
    b"submissions/'\"<b>|&;/ex01_double.py": "submissions/'\"<b>|&;",
    "submissions/名前/ex01_double.py".encode(): "submissions/名前",
    b"submissions\\back\\ex01_double.py": "submissions/back",
}


def test_hostile_names(fork, grade):
    """No name leads anywhere else, breaks a line of the output, or stops the others from being graded."""
    clone = fork()
    blob = clone.blob(RIGHT[DOUBLE].encode())
    twice = [b"submissions/twins/EX01_double.py", b"submissions/twins/ex01_double.py"]
    head = clone.planted([("100644", blob, path) for path in [*NAMES, *TAKEN, *twice]])
    done = grade(clone, head=head)
    assert done.code == 0, done.stderr
    assert {student: score for student, score in done.scores.items() if score} == dict.fromkeys(TAKEN.values(), 3)
    told = [note for entry in done.feedback["entries"] for note in entry["notes"]]
    for reason in [*NAMES.values(), "another file has the same name"]:
        assert any(reason in note for note in told), reason
    assert "\x07" not in done.stdout + done.comment
    assert all(stat.S_ISDIR(path.stat().st_mode) for path in clone.path.glob("submissions"))


def test_a_tree_of_billions_of_files(fork, grade):
    """A tree can hold itself many times over: it is refused, and fills neither memory nor disk."""
    clone = fork()
    tree = clone.git("mktree", text=b"100644 blob " + clone.blob(b"x").encode() + b"\tx\n")
    for _ in range(10):
        tree = clone.git("mktree", text="".join(f"040000 tree {tree}\t{name}\n" for name in "abcdefghij").encode())
    head = clone.git("commit-tree", tree, "-p", "HEAD", "-m", "bomb")
    done = grade(clone, head=head)
    assert done.code == 2
    assert "the list of its files is longer than 16 MiB" in done.stderr


def test_programs_that_git_could_run(base, fork, tmp_path):
    """Neither the repository's settings nor attributes in the pull request start one."""
    mark, clone = tmp_path / "ran", fork()
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho ran >> {mark}\ncat\n")
    program.chmod(0o755)
    clone.commit(
        WRONG | {".gitattributes": "* diff=evil filter=evil merge=evil\n", ".gitmodules": "[submodule]\n"}
    )
    names = [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "diff.external",
        "credential.helper",
    ]
    names += ["diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "filter.evil.clean", "gpg.program"]
    names += ["pager.ls-tree", "pager.cat-file", "core.alternateRefsCommand", "core.askPass", "core.gitProxy"]
    head = clone.git("rev-parse", "HEAD")
    base.git("fetch", "--quiet", clone.path, head)
    for name in names:
        base.git("config", name, program)
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (base.path / ".git" / "hooks" / hook).symlink_to(program)
    hostile = {"GIT_EXTERNAL_DIFF": str(program), "GIT_PAGER": str(program), "GIT_SSH_COMMAND": str(program)}
    done = grader("ci", "--head", head, cwd=base.path, out=tmp_path / "out", env=hostile)
    assert (done.code, done.scores) == (0, {"": 3})
    assert not mark.exists()


def test_everything_at_once(base, fork, grade, tmp_path):
    """A fork that changes its checks and workflow, forges reports, injects commands and hides a deletion."""
    base.commit(answers("right", "submissions/anna") | {"submissions/anna/ex03_not.py": "x"})
    clone = fork()
    clone.git("mv", "submissions/anna/ex02_half.py", "submissions/anna/ex03_half.py")
    head = clone.commit(
        {
            "submissions/anna/ex01_double.py": SHOUT,
            "submissions/anna/feedback.json": FORGED,
            "submissions/anna/conftest.py": "import os\nos._exit(0)\n",
            f"{CHECKS}/test_ex02_half.py": "def test_half():\n    pass\n",
            ".github/workflows/feedback.yml": "name: feedback\non: pull_request\njobs: {}\n",
            "grader/cli/ci.py": "print('5 of 5')\n",
        }
    )
    done = grade(clone)
    assert (done.code, done.scores) == (0, {"submissions/anna": 0})
    assert done.entry("submissions/anna")["deleted"] == ["submissions/anna/ex02_half.py"]
    assert {kind for kind, _, _ in done.commands} <= {"error", "warning", "notice"}
    forged = tmp_path / "forged.json"
    forged.write_text((tmp_path / "out" / "feedback.json").read_text("utf-8").replace('"score": 0', '"score": 5'))
    told = grader("ci", "comment", forged, "--head", head, cwd=base.path, out=tmp_path / "comment.md", usual=())
    assert told.code == 0, told.stderr
    comment = (tmp_path / "comment.md").read_text("utf-8")
    assert "No grade is shown here" in comment
    assert "5 of 5" not in comment
