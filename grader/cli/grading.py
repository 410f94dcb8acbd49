"""`grader batch`: grade a class, and show how far it is."""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli import ending
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.reports.text import count

PLAIN_SECONDS = 5.0  # between two lines of progress, where nobody watches
BAR = 30


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
    hidden: Annotated[
        Path | None, typer.Option(help="A folder of checks and takes that students never get.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade again what is known, too.")] = False,
    only: Annotated[str, typer.Option(help="Grade this exercise again, as in ex05.")] = "",
    require_isolation: Annotated[int | None, typer.Option(min=0, max=4, help="Stop below this tier (3).")] = None,
) -> None:
    """Grade many submissions; what is known and has not changed is not graded again."""
    require("sqlalchemy", "rich")
    from grader.batch import grading, intake, students  # noqa: PLC0415 - no other command pays for it
    from grader.judge import tiers  # noqa: PLC0415

    course = Course(Path.cwd())
    plan = grading.Plan(
        jobs=jobs or os.cpu_count() or 1,
        options=(f"--require-isolation={tiers.for_others(require_isolation)}",),
        hidden=hidden,
        fresh=fresh,
        only=course.chosen(lesson, [only])[0].name if only else "",
    )
    if out.resolve() == submissions.resolve():
        raise GraderError(f"{out}: here are the submissions. Next: name another folder as --out")
    known = students.roster(roster) if roster else ()
    take_in = partial(intake.read, submissions, course, lesson, roster=known, without=out)
    intake.demand(submissions)  # a wrong path makes no gradebook
    done = graded(out, take_in, partial(grading.Grading, course, lesson, plan=plan))
    for line in summary(out, done):
        typer.echo(line)


def graded(out: Path, take_in: Callable[..., Any], start: Callable[[Any], Any]) -> Counter[str]:
    """Take in the submissions, tell what was found, grade it, and count what came of it.

    Ctrl-C ends the command; what was graded is kept.
    """
    from grader.batch import grading  # noqa: PLC0415 - no other command pays for it
    from grader.batch.gradebook import Gradebook  # noqa: PLC0415

    done = Counter[str]()
    try:
        with tempfile.TemporaryDirectory(prefix="grader-intake-") as work, closing(Gradebook.create(out)) as book:
            grades = start(book)
            found = take_in(Path(work) / "in", is_known=grades.is_known)
            for line in found.report():
                typer.echo(line)
            handed_in = grading.handed_in(found)
            with closing(grades.steps(handed_in)) as steps:
                shown(steps, sum(one.folder is not None for one in handed_in), done)
    except KeyboardInterrupt:
        typer.echo(f"\nStopped; graded and kept: {done.total()}. Next: run the same command to go on.")
        raise typer.Exit(ending.STOPPED) from None
    return done


def summary(out: Path, done: Counter[str]) -> list[str]:
    """The last lines: what came of the submissions, which checks broke, and what to do next."""
    from grader.batch import gradebook, statistics  # noqa: PLC0415 - no other command pays for it

    told = ", ".join(f"{number} {what}" for what, number in sorted(done.items()))
    with closing(gradebook.Gradebook.open(out)) as book, book.session() as session:
        broken = statistics.broken(session, book.last_run(session))
    return [
        f"{count(done.total(), 'submission')}: {told or 'nothing'}. Gradebook: {out / gradebook.NAME}",
        *broken,
        f"Next: grader stats {out}    or: grader export {out} --format csv",
    ]


def shown(steps: Iterable[Any], total: int, done: Counter[str], every: float = PLAIN_SECONDS) -> None:
    """Show a bar where somebody watches, else a line all so many seconds. Counts what came in `done`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(BAR), MofNCompleteColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn())
    said = time.monotonic()
    with Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as progress:
        task = progress.add_task("", total=total, told="")
        begun = time.monotonic()
        for step in steps:
            done[counted(step)] += 1
            rate = done.total() / max(time.monotonic() - begun, 1e-3)
            told = f"{rate:.1f}/s  " + ", ".join(f"{number} {what}" for what, number in sorted(done.items()))
            progress.update(task, advance=1, told=told)
            if progress.disable and time.monotonic() - said > every:
                said = time.monotonic()
                left = (total - done.total()) / rate
                typer.echo(f"{done.total()} of {total}, {told}; about {left:.0f} s left")


def counted(step: Any) -> str:
    """What a step counts as."""
    if step.score is None:
        return "not graded"
    name = "full points" if step.score == step.max_score else "no points" if step.score == 0 else "in part"
    return f"{name} (known)" if step.reused else name
