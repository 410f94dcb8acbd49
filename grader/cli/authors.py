"""Commands of authors: begin an exercise, record and prove a lesson, and hand a course out to students."""

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from grader import settings
from grader.cli import ending
from grader.course import manifest
from grader.course.lessons import Course
from grader.errors import GraderError

SchemaKind = Literal["lesson", "quiz", "report", "ci"]


def project() -> Course:
    """The course of this folder. Raises GraderError where no lesson is in it, and in a student edition."""
    course = begun()
    if not course.lessons():
        what = (
            "There is no lesson in assignments/"
            if course.assignments.is_dir()
            else "There is no assignments/ here"
        )
        raise GraderError(
            f"{what}. Next: go to the main folder of the course's project,\n"
            "or begin a lesson: grader new lesson1 ex01_topic"
        )
    return course


def begun() -> Course:
    """The same, or the place for a course that begins now."""
    manifest.require_project(Path.cwd())
    return Course(Path.cwd())


def new(
    lesson: Annotated[str, typer.Argument(help="A lesson's name; a new one begins a lesson.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's name, as in ex01_topic.")],
) -> None:
    """Begin an exercise: its files, with marks where you write. `grader verify` lists what is left to fill in."""
    from grader.authoring import new as exercises  # noqa: PLC0415 - no other command pays for it

    for path in exercises.new(begun(), lesson, exercise):
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


def verify(
    lesson: Annotated[str | None, typer.Argument(help="A lesson's name; all lessons without it.")] = None,
) -> None:
    """Prove that the checks of a lesson are right: stubs, solutions, variants, mistakes, cassettes, pages."""
    from grader.authoring import verify as proofs  # noqa: PLC0415 - no other command pays for it

    course = project()
    wrong = 0
    for name in [lesson] if lesson else course.lessons():
        with tempfile.TemporaryDirectory(prefix="verify-") as work:
            problems = proofs.verify(course.root, name, Path(work))
        for problem in problems:
            typer.echo(str(problem))
        count = len(problems)
        typer.echo(f"{name}: {count} problem{'s' if count > 1 else ''}" if count else f"{name}: everything holds")
        wrong += len(problems)
    if wrong:
        raise typer.Exit(ending.TO_MEND)


def mutate(
    lesson: Annotated[str | None, typer.Argument(help="A lesson's name; all lessons without it.")] = None,
    exercises: Annotated[list[str] | None, typer.Argument(help="Only these, as in ex03.")] = None,
) -> None:
    """Prove that the checks of a lesson notice small mistakes: change each solution a little, and grade it."""
    from grader.authoring import mutate as proofs  # noqa: PLC0415 - no other command pays for it

    course = project()
    wrong = 0
    for name in [lesson] if lesson else course.lessons():
        with tempfile.TemporaryDirectory(prefix="mutate-") as work:
            outcome = proofs.mutate(course, name, exercises or [], Path(work))
        for problem in outcome.problems:
            typer.echo(str(problem))
        typer.echo(outcome.summary)
        wrong += len(outcome.problems)
    if wrong:
        raise typer.Exit(ending.TO_MEND)


def translate(
    language: Annotated[str | None, typer.Argument(help="Its code, as in fr; all that ship without it.")] = None,
) -> None:
    """Bring the catalogues of messages up to date, and list what is not translated."""
    from grader.authoring import catalogue  # noqa: PLC0415 - no other command pays for it

    root = project().root
    left = 0
    for name in [language] if language else catalogue.languages(root):
        problems = catalogue.update(root, name)
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{name}: {len(problems)} to translate" if problems else f"{name}: everything is translated")
        left += len(problems)
    if left:
        raise typer.Exit(ending.TO_MEND)


def record(  # noqa: PLR0913 - the options are the command's
    lesson: Annotated[str, typer.Argument(help="A lesson's name.")],
    exercises: Annotated[list[str] | None, typer.Argument(help="Only these, as in ex03.")] = None,
    *,
    live: Annotated[bool, typer.Option("--live", help="Ask OpenAI's API with your own key, which costs.")] = False,
    base_url: Annotated[str | None, typer.Option(help="Ask this API instead.")] = None,
    seeds: Annotated[str, typer.Option(help="The local model's seeds, one for each take: 1,101.")] = "",
    max_cost: Annotated[float, typer.Option(min=0, help="The most dollars for one take of an exercise.")] = 1.0,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to the cost beforehand.")] = False,
) -> None:
    """Record the cassettes of a lesson anew from a real model: the local one, or an API."""
    from grader.authoring import record as recording  # noqa: PLC0415 - no other command pays for it
    from grader.authoring.sources import source  # noqa: PLC0415

    course = project()
    if settings.in_ci():
        raise GraderError(
            "`grader record` is for an author at a computer, and not for CI: somebody must read the texts."
        )
    chosen = recording.chosen(course, lesson, exercises or [])
    found = source(course.root, live=live, base_url=base_url, max_cost=max_cost)
    if found.costs and not yes:
        from grader.authoring.estimate import estimate  # noqa: PLC0415

        typer.echo(f"{found.name}: {estimate(course, lesson, chosen)}")
        typer.confirm("Record now?", abort=True)
    for line in recording.record(course, lesson, chosen, found, recording.numbers(seeds)):
        typer.echo(line)


def schema(
    kind: Annotated[SchemaKind, typer.Argument(help="What the schema describes.")],
) -> None:
    """Print the JSON Schema of lesson.toml, of quiz.toml, of a report, or of feedback on a pull request."""
    from grader.authoring import schemas  # noqa: PLC0415 - no other command pays for it

    typer.echo(schemas.schema(kind).decode(), nl=False)
