"""Commands of mentors after `batch`: look at what came of it, give points by hand, hand the grades on."""

import getpass
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.grading import require
from grader.errors import GraderError
from grader.model import ExerciseResult, Report
from grader.reports.text import count, line, short

Folder = Annotated[Path, typer.Argument(help="The folder of the gradebook: what --out named.")]


def stats(folder: Folder) -> None:
    """Tell what the last run says about the class, and about the lesson."""
    require("sqlalchemy")
    from grader.batch import gradebook, statistics  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        run = book.last_run(session)
        _echo(gradebook.unended(run))
        _echo(statistics.lines(statistics.of(run, gradebook.overrides(session, run.lesson))))
        _echo(statistics.broken(session, run))


def diff(folder: Folder) -> None:
    """Tell whose score changed since the run before that ended, and why."""
    require("sqlalchemy")
    from grader.batch import compare, gradebook  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        now = book.last_run(session)
        before = gradebook.run_before(session, now)
        if before is None:
            raise GraderError(f"{folder}: there is no earlier run of {now.lesson} that ended.")
        _echo(gradebook.unended(now))
        changes = compare.changes(before, now, gradebook.overrides(session, now.lesson))
        _echo(map(str, changes))
        typer.echo(f"{count(len(changes), 'score')} changed since {before.begun:%Y-%m-%d %H:%M}.")


def override(  # noqa: PLR0913 - the options are the command's
    folder: Folder,
    student: Annotated[str, typer.Argument(help="The student's id.")],
    exercise: Annotated[str, typer.Argument(help="An exercise, as in ex05.")],
    points: Annotated[int, typer.Argument(min=0, help="The points that count from now on.")],
    *,
    comment: Annotated[str, typer.Option(help="Why; the student reads it.")],
    who: Annotated[str, typer.Option(help="Who decided; your login name without it.")] = "",
) -> None:
    """Give points by hand to an exercise of a student; they count in every later run, too."""
    require("sqlalchemy")
    from grader.batch import gradebook  # noqa: PLC0415
    from grader.batch.feedback import Feedback  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415
    from grader.batch.tables import Override  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        run = book.last_run(session)
        _echo(gradebook.unended(run))
        entry = next((one for one in run.entries if one.student == student), None)
        if entry is None or entry.work is None:
            raise GraderError(f"{student}: nothing of this student was graded in the last run.")
        counts = gradebook.row(entry, gradebook.overrides(session, run.lesson)).final()
        found = _exercise(counts, exercise, points)
        given = Override(
            lesson=run.lesson,
            student=student,
            exercise=found.name,
            points=points,
            comment=comment,
            who=who or _me(),
            made=gradebook.now(),
        )
        session.add(given)
        session.flush()
        Feedback(folder, run.lesson, session).write(session, entry)
        typer.echo(f"{student}, {found.name}: {points} instead of {found.score} of {found.max_score} points.")


def _me() -> str:
    """The login name. Raises GraderError where the system knows none, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise GraderError("This system has no name for you. Next: add --who, as in  --who anna") from None


def export(  # noqa: PLR0913 - the options are the command's
    folder: Folder,
    *,
    format_: Annotated[str, typer.Option("--format", help="csv, markdown, html, junit ...")] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; one beside the gradebook without it.")
    ] = None,
    title: Annotated[str, typer.Option(help="canvas: the assignment's title; the lesson's name without it.")] = "",
    assignment: Annotated[
        int | None, typer.Option(help="canvas: the number at the end of the assignment's address.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(help="canvas: an export of the gradebook, with its students.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Write the last run's reports: one file for the class, or a file for each student."""
    require("sqlalchemy")
    from grader.batch import exporting  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415
    from grader.reports.graded import Column  # noqa: PLC0415

    column = Column(title, assignment, template=template.read_bytes() if template else None)
    with closing(Gradebook.open(folder)) as book:
        _echo(exporting.unended(book))
        for path in exporting.export(book, format_, out or folder / "export", column):
            typer.echo(f"Written: {path}")
        missing = exporting.left_out(book, column) if format_ == "canvas" else []
    if missing:
        typer.echo(f"Not in Canvas' export, so left out: {', '.join(map(line, missing))}")


def _exercise(report: Report | None, named: str, points: int) -> ExerciseResult:
    """The exercise of a report with this name, such as ex05. Raises GraderError where it is worth less."""
    exercises = report.result.exercises if report else ()
    found = next((one for one in exercises if named in (one.name, short(one.name))), None)
    if found is None or points > found.max_score:
        most = f"it is worth {found.max_score} points" if found else "there is no such exercise"
        raise GraderError(f"{named}: {most}.")
    return found


def _echo(lines: Iterable[str]) -> None:
    for one in lines:
        typer.echo(one)
