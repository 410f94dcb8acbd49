"""`grader ci`: feedback on a pull request, and the comment that a second workflow writes from it."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from grader import settings
from grader.batch import event
from grader.batch.event import Revisions
from grader.cli import ending
from grader.cli.grading import require
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.reports.feedback import Entry, Feedback

main = typer.Typer(
    invoke_without_command=True, help="Grade what a pull request changes, by the checks that are here."
)
Repo = Annotated[Path, typer.Option("--repository", help="The git repository that holds the pull request.")]
Base = Annotated[str, typer.Option(help="What the pull request is compared with; else what GitHub's event says.")]
Head = Annotated[str, typer.Option(help="The last commit of the pull request; else what GitHub's event says.")]


@main.callback()
def grade(  # noqa: PLR0913 - the options are the command's
    context: typer.Context,
    *,
    base: Base = "",
    head: Head = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Grade all students, not only what is changed.")
    ] = False,
    repository: Repo = Path(),
    out: Annotated[
        Path | None, typer.Option(help="The folder for feedback.json, comment.md and summary.md.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Judges side by side; one a core without it.")] = None,
    require_isolation: Annotated[int | None, typer.Option(min=0, max=4, help="Stop below this tier (3).")] = None,
) -> None:
    """Grade what a pull request changes, by the checks that are checked out here."""
    if context.invoked_subcommand:
        return
    require("sqlalchemy", "nbformat")
    from grader.batch import ci  # noqa: PLC0415 - no other command pays for it
    from grader.batch.pull_request import Scope  # noqa: PLC0415
    from grader.judge import tiers  # noqa: PLC0415

    course = Course(Path.cwd())
    pull = ci.opened(repository, course, _revisions(base, head))
    plan = ci.Plan(
        Scope.ALL if everything else Scope.CHANGED,
        jobs or os.cpu_count() or 1,
        (f"--require-isolation={tiers.for_others(require_isolation)}",),
    )
    with tempfile.TemporaryDirectory(prefix="grader-ci-") as work:
        feedback = ci.grade(repository, course, pull, plan, Path(work) / "in")
    _tell(feedback)
    if out:
        _write(feedback, out)
    if any(entry.report is None for entry in feedback.entries):
        raise typer.Exit(ending.OUR_FAULT)


@main.command()
def comment(
    file: Annotated[Path, typer.Argument(help="The feedback.json of a run.")],
    *,
    base: Base = "",
    head: Head = "",
    repository: Repo = Path(),
    out: Annotated[Path, typer.Option(help="The file for the comment.")] = Path("comment.md"),
) -> None:
    """Check a feedback.json that a pull request's own run made, and write the comment from it."""
    require("sqlalchemy", "nbformat")
    from grader.batch import ci  # noqa: PLC0415
    from grader.course import plain  # noqa: PLC0415
    from grader.reports import comment as comments  # noqa: PLC0415
    from grader.reports import feedback as data  # noqa: PLC0415
    from grader.reports import files  # noqa: PLC0415

    try:
        content = plain.read(file, data.MOST)
    except (plain.NotPlainError, FileNotFoundError):
        raise GraderError(f"{file}: there is no such file.") from None
    feedback = data.read(content, str(file))
    pull = ci.opened(repository, Course(Path.cwd()), _revisions(base, head))
    why = ci.distrusted(pull, feedback)
    files.write(out, comments.withheld(why) if why else comments.comment(feedback))
    typer.echo(f"Written: {out}")


def _revisions(base: str, head: str) -> Revisions:
    """The commits that are named, or else those of GitHub's event."""
    told = settings.actions().event
    return Revisions(base, head) if base or head or told is None else event.revisions(told)


def _tell(feedback: Feedback) -> None:
    """Print annotations, then each report where no line of it is a command; add to the job's summary."""
    from grader.reports import annotations, comment, terminal  # noqa: PLC0415
    from grader.reports.text import line  # noqa: PLC0415

    typer.echo(annotations.render(feedback), nl=False)
    token = secrets.token_hex(16)
    for entry in feedback.entries:
        shown = terminal.render(entry.report, entry.view).decode() if entry.report else line(entry.error)
        typer.echo(annotations.quoted(f"{line(entry.student) or 'this repository'}\n\n{shown}", token), nl=False)
    summary = settings.actions().summary
    if summary:
        with summary.open("ab") as stream:
            stream.write(comment.summary(feedback, comment.SUMMARY - stream.tell()))
    count = len(feedback.entries)
    typer.echo(f"{count} report{'' if count == 1 else 's'}." if count else "Nothing to grade.")


def _write(feedback: Feedback, out: Path) -> None:
    """Write the files; GitHub Classroom's line where there is one report."""
    from grader.reports import comment, files  # noqa: PLC0415
    from grader.reports import feedback as data  # noqa: PLC0415

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraderError(f"{out}: the folder could not be made: {error.strerror}.") from None
    files.write(out / "feedback.json", data.render(feedback))
    files.write(out / "comment.md", comment.comment(feedback))
    files.write(out / "summary.md", comment.summary(feedback))
    reports = [entry for entry in feedback.entries if entry.report]
    if len(reports) == 1:
        files.write(out / "classroom.txt", _classroom(reports[0]))
    typer.echo(f"Written: {out}")


def _classroom(entry: Entry) -> bytes:
    from grader.reports import formats  # noqa: PLC0415

    render = formats.one("classroom")
    return render(entry.report, entry.view) if entry.report else b""
