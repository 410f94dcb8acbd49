"""The workflows: valid, pinned, with no more rights than they need; and their steps, run as GitHub runs them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.batch.ci.conftest import PATIENCE, answers
from tests.batch.made import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted([*GITHUB.glob("workflows/*.yml"), *GITHUB.glob("examples/*.yml")])
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
BIN = Path(sys.executable).parent
PINNED = re.compile(r"uses: (?P<action>[\w-]+/[\w-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)$")
ELSEWHERE = re.compile(r"uses: (?!\./)")
PLACEHOLDERS = {"OWNER/COURSE/.github/actions/grade@COMMIT", "classroom-resources/autograding-grading-reporter@v1"}
BASH = pytest.mark.skipif(os.name == "nt", reason="the workflows run on Linux")


def name_of(path):
    """A file's place below .github/."""
    return path.relative_to(GITHUB).as_posix()


def read(path):
    """A workflow or an action; YAML takes the key `on` for a truth value."""
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_workflows_fit_their_schema(schema):
    """GitHub can read them, and each job has a time limit."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(WORKFLOWS) >= 4


def test_actions_fit_their_schema():
    """The same for what other repositories use."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-actions",
        *map(str, ACTIONS),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(ACTIONS) == 1


def test_zizmor_finds_nothing():
    """No injection, no needless right, no unpinned action; each exception has its reason in the file."""
    zizmor = shutil.which("zizmor", path=BIN) or "zizmor"
    command = [
        zizmor,
        "--offline",
        "--no-progress",
        "--persona=pedantic",
        *map(str, WORKFLOWS),
        *map(str, ACTIONS),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ignored = [
        line
        for path in [*WORKFLOWS, *ACTIONS]
        for line in path.read_text("utf-8").splitlines()
        if "zizmor" in line
    ]
    assert all(re.search(r"zizmor: ignore\[[\w-]+\] .{15}", line) for line in ignored)


def test_actions_of_others_are_pinned():
    """Each by the commit of one version, the same one everywhere; two lines wait for the reader's own choice."""
    found = {}
    for path in [*WORKFLOWS, *ACTIONS]:
        for line in path.read_text("utf-8").splitlines():
            if not ELSEWHERE.search(line) or any(one in line for one in PLACEHOLDERS):
                continue
            pin = PINNED.search(line)
            assert pin, f"{name_of(path)}: {line}"
            found.setdefault(pin["action"], set()).add((pin["commit"], pin["version"]))
    assert all(len(pins) == 1 for pins in found.values())
    assert set(found) == {
        f"actions/{name}" for name in ("checkout", "setup-python", "upload-artifact", "download-artifact")
    }


def test_rights():
    """Grading may read and has no secret; only the comment's job may write, and only comments."""
    jobs = {(path.stem, name): job for path in WORKFLOWS for name, job in read(path)["jobs"].items()}
    assert all(read(path)["permissions"] == {} for path in WORKFLOWS)
    writes = {key: job["permissions"] for key, job in jobs.items() if "write" in job["permissions"].values()}
    own = {"actions": "read", "contents": "read", "pull-requests": "write"}
    assert writes == {("feedback-comment", "comment"): own}
    assert not [name_of(path) for path in WORKFLOWS if "secrets." in path.read_text("utf-8")]
    for job in jobs.values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_the_second_workflow_follows_the_first():
    """It is started by the first one's name, and takes the artifact that the first one uploads."""
    first, second = (read(GITHUB / "workflows" / f"feedback{end}.yml") for end in ("", "-comment"))
    assert second[True]["workflow_run"]["workflows"] == [first["name"]]
    up, down = (next(iter(one["jobs"].values()))["steps"] for one in (first, second))
    names = [step["with"]["name"] for step in [*up, *down] if "artifact" in step.get("uses", "")]
    assert names == ["feedback", "feedback"]


class Runner:
    """Runs the `run:` steps of a job as GitHub does, with a stand-in for its network."""

    def __init__(self, place, folder, env):
        self.folder, self.temp, self.outputs = folder, place / "temp", {}
        (self.temp / "grader" / "bin").mkdir(parents=True)
        (self.temp / "grader" / "bin" / "grader").symlink_to(BIN / "grader")
        tools = place / "tools"
        tools.mkdir()
        (tools / "gh").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tests/batch/ci/gh.py" "$@"\n')
        (tools / "gh").chmod(0o755)
        path = os.pathsep.join([str(tools), str(BIN), os.environ["PATH"]])
        self.env = {"PATH": path, "HOME": str(place), "RUNNER_TEMP": str(self.temp), **env}

    def step(self, step, values):
        """Run one step; `values` are what expressions stand for."""
        said, script = self.temp / "output", self.temp / "step.sh"
        said.write_text("")
        script.write_text(step["run"])
        env = {name: expanded(str(text), values) for name, text in step.get("env", {}).items()}
        options = ["--noprofile", "--norc", "-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]
        done = subprocess.run(
            ["bash", *options, str(script)],  # noqa: S607
            cwd=self.folder,
            env=self.env | env | {"GITHUB_OUTPUT": str(said)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{step.get('name')}: {done.stderr.decode()}"
        self.outputs |= dict(line.split("=", 1) for line in said.read_text().splitlines())
        return done.stdout.decode()


def expanded(text, values):
    """The text with its expressions' values; one that is not known is a KeyError."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: str(values[found[1]]), text)


def steps(file, job="runs"):
    """The steps of a job or of an action that run a script, by their names."""
    data = read(GITHUB / file)
    own = data["runs"] if job == "runs" else data["jobs"][job]
    return {step["name"]: step for step in own["steps"] if "run" in step}


@pytest.fixture
def hosted(base, fork, tmp_path):
    """A pull request on a GitHub of our own: grade it and comment on it, each in a checkout of its own."""
    base.commit({path.relative_to(ROOT).as_posix(): path.read_bytes() for path in [*WORKFLOWS, *ACTIONS]})
    clone = fork()
    github = tmp_path / "github.json"
    theirs = {"id": 1, "user": {"login": "student"}, "body": "<!-- grader:feedback -->\n# 5 of 5"}
    github.write_text(json.dumps({"pulls": [], "comments": [theirs]}))

    def run(files, change=lambda _: None):
        head = clone.commit(files)
        base.git("fetch", "--quiet", clone.path, f"+{head}:refs/pull/7/head")
        data = json.loads(github.read_text())
        sha = base.git("rev-parse", "main")
        data["pulls"] = [{"number": 7, "user": "ann", "head": {"ref": "pr", "sha": head}, "base": {"sha": sha}}]
        github.write_text(json.dumps(data))
        place = tmp_path / f"run-{len(list(tmp_path.glob('run-*')))}"
        feedback = graded(base, place / "first", head, sha)
        change(feedback)
        return commented(base, place / "second", head, feedback, github)

    return run


def graded(base, place, head, sha):
    """Run the first workflow's steps; the folder with the feedback."""
    event, folder = place / "event.json", place / "course"
    place.mkdir(parents=True)
    base.git("clone", "--quiet", base.path, folder)
    event.write_text(json.dumps({"pull_request": {"base": {"sha": sha}, "head": {"sha": head}}}))
    files = {"GITHUB_EVENT_PATH": str(event), "GITHUB_STEP_SUMMARY": str(place / "summary.md")}
    runner = Runner(place, folder, files)
    fetch = steps("workflows/feedback.yml", "grade")["Fetch the pull request, as data"]
    runner.step(fetch, {"github.token": "t0ken", "github.event.pull_request.number": 7})
    values = {"github.action_path": folder / ".github/actions/grade", "inputs.repository": folder}
    runner.step(
        steps("actions/grade/action.yml")["Grade"],
        values | {"inputs.arguments": "--require-isolation=1\n--jobs=1"},
    )
    assert runner.outputs["result"]
    assert (place / "summary.md").stat().st_size > 100
    return Path(runner.outputs["feedback"])


def commented(base, place, head, feedback, github):
    """Run the second workflow's steps; the comments that there are."""
    place.mkdir(parents=True)
    base.git("clone", "--quiet", base.path, place / "course")
    runner = Runner(place, place / "course", {"FAKE_GITHUB": str(github)})
    (runner.temp / "feedback").mkdir()
    shutil.copy(feedback / "feedback.json", runner.temp / "feedback")
    event = "github.event.workflow_run"
    values = {
        "github.token": "t0ken",
        "github.repository": "o/course",
        f"{event}.head_repository.owner.login": "ann",
        f"{event}.head_branch": "pr",
        f"{event}.head_sha": head,
    }
    own = steps("workflows/feedback-comment.yml", "comment")
    del own["Install the grader"]
    for step in own.values():
        runner.step(step, values | {f"steps.pull.outputs.{name}": text for name, text in runner.outputs.items()})
    return [(one["id"], one["body"]) for one in json.loads(github.read_text())["comments"]]


@BASH
def test_one_comment_is_kept_up_to_date(hosted):
    """The first run posts it, the second one writes it anew; a student's comment with the same marker stays."""
    theirs, (id_, body) = hosted(answers("wrong"))
    assert theirs[1].endswith("# 5 of 5")
    assert "3 of 5 points" in body
    again = hosted(answers("right"))
    assert again[0] == theirs
    assert [one[0] for one in again] == [1, id_]
    assert "5 of 5 points" in again[1][1]


@BASH
def test_a_forged_artifact(hosted):
    """A workflow that the pull request wrote uploads full points: the comment shows no grade."""

    def forge(folder):
        path = folder / "feedback.json"
        path.write_text(path.read_text("utf-8").replace('"score": 3', '"score": 5'), "utf-8")

    _, (_, body) = hosted(answers("wrong") | {".github/workflows/evil.yml": "name: feedback\n"}, forge)
    assert "No grade is shown here" in body
    assert "of 5 points" not in body
