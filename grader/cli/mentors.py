"""Commands of mentors: grade a class, look at what came of it, give points by hand, hand the grades on."""

import getpass
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.course.lessons import Course
from grader.errors import GraderError
from grader.reports.text import short

STOPPED = 130  # what shells say of Ctrl-C
PLAIN_SECONDS = 5.0  # between two lines of progress, where nobody watches
BAR = 30
Folder = Annotated[Path, typer.Argument(help="The folder of the gradebook: what --out named.")]


def require(*libraries: str) -> None:
    """Raise GraderError with the install command where a library of the extra `batch` is missing."""
    from importlib.util import find_spec  # noqa: PLC0415

    if not all(map(find_spec, libraries)):
        raise GraderError('This command needs more libraries. Next: pip install -e ".[batch]"')


def batch(  # noqa: PLR0913 - the options are the command's
    submissions: Annotated[
        Path, typer.Argument(help="A folder, an archive, a notebook, or a CSV of student and path.")
    ],
    *,
    lesson: Annotated[str, typer.Option(help="A lesson's name.")],
    out: Annotated[Path, typer.Option(help="The folder for the gradebook.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Judges side by side; one a core without it.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="A CSV of all students; adds those who handed in nothing.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade again what is known, too.")] = False,
    only: Annotated[str, typer.Option(help="Grade this exercise again, as in ex05.")] = "",
    require_isolation: Annotated[int | None, typer.Option(min=0, max=4, help="Stop below this tier (3).")] = None,
) -> None:
    """Grade many submissions; what is known and has not changed is not graded again."""
    require("sqlalchemy", "rich")
    from grader.batch import grading, intake, students  # noqa: PLC0415 - no other command pays for it
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415
    from grader.judge import tiers  # noqa: PLC0415

    course = Course(Path.cwd())
    plan = grading.Plan(
        jobs=jobs or os.cpu_count() or 1,
        options=(f"--require-isolation={tiers.for_others(require_isolation)}",),
        fresh=fresh,
        only=course.chosen(lesson, [only])[0].name if only else "",
    )
    with tempfile.TemporaryDirectory(prefix="grader-intake-") as work, closing(Gradebook.create(out)) as book:
        found = intake.read(
            submissions, course, lesson, Path(work) / "in", roster=students.roster(roster) if roster else ()
        )
        for line in found.report():
            typer.echo(line)
        handed_in = grading.handed_in(found)
        steps = grading.Grading(course, lesson, book, plan).steps(handed_in)
        done = followed(steps, sum(one.folder is not None for one in handed_in))
    told = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    typer.echo(f"{done.total()} submissions: {told or 'nothing'}. Gradebook: {book.path}")
    typer.echo(f"Next: grader stats {out}    or: grader export {out} --format csv")


def followed(steps: Generator[Any], total: int) -> Counter[str]:
    """Show the steps as they come, and count them. Ctrl-C ends the command; what was graded is kept."""
    done = Counter[str]()
    try:
        shown(steps, total, done)
    except KeyboardInterrupt:
        steps.close()
        typer.echo(f"\nStopped; {done.total()} are graded and kept. Next: run the same command to go on.")
        raise typer.Exit(STOPPED) from None
    return done


def shown(steps: Generator[Any], total: int, done: Counter[str]) -> None:
    """Show a bar where somebody watches, else a line now and then. Counts what came in `done`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(BAR), MofNCompleteColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn())
    said = time.monotonic()
    with Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as progress:
        task = progress.add_task("", total=total, told="")
        begun = time.monotonic()
        for step in steps:
            done[counted(step)] += 1
            rate = done.total() / max(time.monotonic() - begun, 1e-3)
            told = f"{rate:.1f}/s  " + ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
            progress.update(task, advance=1, told=told)
            if progress.disable and time.monotonic() - said > PLAIN_SECONDS:
                said = time.monotonic()
                left = (total - done.total()) / rate
                typer.echo(f"{done.total()} of {total}, {told}; about {left:.0f} s left")


def counted(step: Any) -> str:
    """What a step counts as."""
    if step.report is None:
        return "not graded"
    result = step.report.result
    name = "full points" if result.score == result.max_score else "no points" if result.score == 0 else "in part"
    return f"{name} (known)" if step.reused else name


def stats(folder: Folder) -> None:
    """Tell what the last run says about the class, and about the lesson."""
    require("sqlalchemy")
    from grader.batch import gradebook, statistics  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        runs = gradebook.last_runs(session, count=1)
        if not runs:
            raise GraderError(f"{folder}: nothing was graded yet. Next: grader batch SUBMISSIONS --out {folder}")
        for line in statistics.lines(statistics.of(runs[0], gradebook.overrides(session, runs[0].lesson))):
            typer.echo(line)


def diff(folder: Folder) -> None:
    """Tell whose score changed between the last two runs, and why."""
    require("sqlalchemy")
    from grader.batch import compare, gradebook  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        runs = gradebook.last_runs(session)
        if len(runs) < 2:  # noqa: PLR2004 - two are compared
            raise GraderError(f"{folder}: there are not two runs yet.")
        now, before = runs
        changes = compare.changes(before, now, gradebook.overrides(session, now.lesson))
        for change in changes:
            typer.echo(str(change))
        typer.echo(f"{len(changes)} scores changed since {before.begun:%Y-%m-%d %H:%M}.")


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
    from grader.batch.gradebook import Gradebook, Override  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book, book.session() as session:
        runs = gradebook.last_runs(session, count=1)
        entry = next((one for run in runs for one in run.entries if one.student == student), None)
        if entry is None or entry.work is None:
            raise GraderError(f"{student}: nothing of this student was graded in the last run.")
        exercises = entry.work.full.result.exercises
        found = next((one for one in exercises if exercise in (one.name, short(one.name))), None)
        if found is None or points > found.max_score:
            most = f"it is worth {found.max_score} points" if found else "there is no such exercise"
            raise GraderError(f"{exercise}: {most}.")
        session.add(
            Override(
                lesson=runs[0].lesson,
                student=student,
                exercise=found.name,
                points=points,
                comment=comment,
                who=who or getpass.getuser(),
                made=gradebook.now(),
            )
        )
        typer.echo(f"{student}, {found.name}: {points} instead of {found.score} of {found.max_score} points.")


def export(
    folder: Folder,
    *,
    format_: Annotated[str, typer.Option("--format", help="csv, markdown, html, junit ...")] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; one beside the gradebook without it.")
    ] = None,
) -> None:
    """Write the last run's reports: one file for the class, or a file for each student."""
    require("sqlalchemy")
    from grader.batch import exporting  # noqa: PLC0415
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    with closing(Gradebook.open(folder)) as book:
        for path in exporting.export(book, format_, out or folder / "export"):
            typer.echo(f"Written: {path}")


COMMANDS = (batch, stats, diff, override, export)
