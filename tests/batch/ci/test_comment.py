"""The second workflow trusts no file: the comment is rendered here, from data that fits the schema."""

import json

import jsonschema

from grader.authoring import schemas
from tests.batch.ci.conftest import answers, grader


def test_an_honest_report(base, fork, grade, tmp_path):
    """The comment is what the run itself wrote, with the marker first; another file gives none."""
    clone, file, out = fork(), tmp_path / "out" / "feedback.json", tmp_path / "comment.md"
    clone.commit(answers("wrong"))
    done = grade(clone)
    jsonschema.validate(done.feedback, json.loads(schemas.schema("ci")))
    head = clone.git("rev-parse", "HEAD")
    told = grader("ci", "comment", file, "--head", head, cwd=base.path, out=out, usual=())
    assert told.code == 0, told.stderr
    assert out.read_text("utf-8") == done.comment
    assert done.comment.startswith("<!-- grader:feedback -->\n")
    assert "3 of 5 points" in done.comment

    link, broken, nothing = (tmp_path / f"{name}.json" for name in ("link", "broken", "nothing"))
    link.symlink_to(file)
    broken.write_text(json.dumps(done.feedback | {"comment": "# 5 of 5 points"}))
    for wrong in (link, broken, nothing):
        out.unlink(missing_ok=True)
        told = grader("ci", "comment", wrong, "--head", head, cwd=base.path, out=out, usual=())
        assert told.code == 2
        assert wrong.name in told.stderr
        assert not out.exists()


def test_another_commit(base, fork, grade, tmp_path):
    """A report about another commit than the pull request's shows no grade."""
    clone, file, out = fork(), tmp_path / "out" / "feedback.json", tmp_path / "comment.md"
    clone.commit(answers("right"))
    assert grade(clone).scores == {"": 5}
    later = clone.commit(answers("wrong"))
    base.git("fetch", "--quiet", clone.path, later)
    assert grader("ci", "comment", file, "--head", later, cwd=base.path, out=out, usual=()).code == 0
    text = out.read_text("utf-8")
    assert "another commit" in text
    assert "5 of 5" not in text


def test_a_changed_workflow(base, fork, grade, tmp_path):
    """Who changes the workflow can forge all that it uploads: no grade is shown; a mentor reads the command."""
    clone, file, out = fork(), tmp_path / "out" / "feedback.json", tmp_path / "comment.md"
    head = clone.commit(answers("wrong") | {".GitHub/actions/grade/action.yml": "name: mine\n"})
    assert grade(clone).scores == {"": 3}
    assert grader("ci", "comment", file, "--head", head, cwd=base.path, out=out, usual=()).code == 0
    text = out.read_text("utf-8")
    assert text.startswith("<!-- grader:feedback -->\n## No grade is shown here\n")
    assert f"&#45;&#45;head {head[:10]}" in text
    assert "3 of 5" not in text
