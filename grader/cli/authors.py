"""Commands of authors: begin an exercise, and hand a course out to students."""

from pathlib import Path
from typing import Annotated

import typer

from grader.course import manifest
from grader.course.lessons import Course


def project() -> Course:
    """The course of this folder. Raises GraderError in a student edition, which has no answers to prove with."""
    manifest.require_project(Path.cwd())
    return Course(Path.cwd())


def new(
    lesson: Annotated[str, typer.Argument(help="A lesson's name; a new one begins a lesson.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's name, as in ex01_topic.")],
) -> None:
    """Begin an exercise: its files, with marks where you write. `grader verify` lists what is left to fill in."""
    from grader.authoring import new as exercises  # noqa: PLC0415 - no other command pays for it

    for path in exercises.new(project(), lesson, exercise):
        typer.echo(f"Written: {path}")
    typer.echo(f"Next: fill in what `grader verify {lesson}` lists, then `grader record {lesson} {exercise[:4]}`.")


def release(
    folder: Annotated[Path, typer.Argument(help="The folder to write; an edition in it is brought up to date.")],
    *,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; can stand several times.")] = None,
) -> None:
    """Write the student edition: lessons, checks, recordings and grader, without anything that shows answers."""
    from grader.authoring import release as editions  # noqa: PLC0415 - no other command pays for it

    course = project()
    for line in editions.release(course, lesson or course.lessons(), folder):
        typer.echo(line)


COMMANDS = (new, release)
