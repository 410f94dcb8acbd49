"""The command line: the only place that prints or exits."""

import contextlib
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from grader import settings
from grader.cli import authors, ci, mentors
from grader.course.lessons import Course
from grader.errors import GraderError

TO_MEND = 1
WRONG_USE = 2
SchemaKind = Literal["lesson", "quiz", "report", "ci"]


class _Commands(TyperGroup):
    """Commands whose GraderError is a message and an exit code, not a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(WRONG_USE) from error


main = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False)
model = typer.Typer(no_args_is_help=True, help="A small model on this computer, for practice without a key.")
main.add_typer(model, name="model")
main.add_typer(ci.main, name="ci")
for command in (*mentors.COMMANDS, *authors.COMMANDS):
    main.command()(command)


@model.command()
def start(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to answer on; 0 is any free one.")] = 8080,
) -> None:
    """Answer OpenAI's chat and speech requests on this computer until Ctrl-C."""
    from grader.authoring import gateway  # noqa: PLC0415 - no other command pays for it

    with contextlib.suppress(KeyboardInterrupt), gateway.serve(port) as endpoint:
        typer.echo(_introduction(endpoint.base_url, endpoint.model.weights))
        while True:
            time.sleep(3600)
    typer.echo("Stopped.")


@main.command()
def verify(
    lesson: Annotated[str | None, typer.Argument(help="A lesson's name; all lessons without it.")] = None,
) -> None:
    """Prove that the checks of a lesson are right: stubs, solutions, variants, mistakes, cassettes, pages."""
    from grader.authoring import verify as proofs  # noqa: PLC0415 - no other command pays for it

    course = authors.project()
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
        raise typer.Exit(TO_MEND)


@main.command()
def mutate(
    lesson: Annotated[str | None, typer.Argument(help="A lesson's name; all lessons without it.")] = None,
    exercises: Annotated[list[str] | None, typer.Argument(help="Only these, as in ex03.")] = None,
) -> None:
    """Prove that the checks of a lesson notice small mistakes: change each solution a little, and grade it."""
    from grader.authoring import mutate as proofs  # noqa: PLC0415 - no other command pays for it

    course = authors.project()
    wrong = 0
    for name in [lesson] if lesson else course.lessons():
        with tempfile.TemporaryDirectory(prefix="mutate-") as work:
            outcome = proofs.mutate(course, name, exercises or [], Path(work))
        for problem in outcome.problems:
            typer.echo(str(problem))
        typer.echo(outcome.summary)
        wrong += len(outcome.problems)
    if wrong:
        raise typer.Exit(TO_MEND)


@main.command()
def translate(
    language: Annotated[str | None, typer.Argument(help="Its code, as in fr; all that ship without it.")] = None,
) -> None:
    """Bring the catalogues of messages up to date, and list what is not translated."""
    from grader.authoring import catalogue  # noqa: PLC0415 - no other command pays for it

    root = authors.project().root
    left = 0
    for name in [language] if language else catalogue.languages(root):
        problems = catalogue.update(root, name)
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{name}: {len(problems)} to translate" if problems else f"{name}: everything is translated")
        left += len(problems)
    if left:
        raise typer.Exit(TO_MEND)


@main.command()
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

    course = authors.project()
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


@main.command()
def notebook(
    lesson: Annotated[str, typer.Argument(help="A lesson's name.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; <lesson>.ipynb without it.")] = None,
) -> None:
    """Write a lesson as a notebook, whose last cell runs the checks."""
    from grader.course import pages  # noqa: PLC0415 - no other command pays for it
    from grader.reports import files  # noqa: PLC0415

    path = out or Path(f"{lesson}.ipynb")
    if path.exists():
        raise GraderError(f"{path} exists already, perhaps with answers. Next: write --out another.ipynb")
    files.write(path, pages.notebook(Course(Path.cwd()), lesson))
    typer.echo(f"Written: {path}. Open it with Jupyter or VS Code; its last cell runs the checks.")


@main.command()
def update(
    new: Annotated[Path, typer.Argument(help="Your course's new files: a folder or a zip.")],
) -> None:
    """Bring this folder up to date with new files of your course; your answers stay."""
    from grader.student import edition  # noqa: PLC0415 - no other command pays for it

    for line in edition.told(edition.update(Path.cwd(), edition.read(new))):
        typer.echo(line)


@main.command()
def doctor(
    *,
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Also run the published attacks, at each tier that is reached here.")
    ] = False,
) -> None:
    """Tell how far student code is kept apart here, what is missing and why, and what is to be mended."""
    from grader.student import doctor as diagnoses  # noqa: PLC0415 - no other command pays for it

    diagnosis = diagnoses.examine(Path.cwd())
    for line in diagnoses.lines(diagnosis):
        typer.echo(line)
    broken = _attack(diagnosis.isolation.tier) if attacks and diagnosis.isolation else 0
    if diagnosis.problems or broken:
        raise typer.Exit(TO_MEND)


@main.command()
def schema(
    kind: Annotated[SchemaKind, typer.Argument(help="What the schema describes.")],
) -> None:
    """Print the JSON Schema of lesson.toml, of quiz.toml, of a report, or of feedback on a pull request."""
    from grader.authoring import schemas  # noqa: PLC0415 - no other command pays for it

    typer.echo(schemas.schema(kind).decode(), nl=False)


@main.command()
def quiz(  # noqa: PLR0913 - the options are the command's
    lesson: Annotated[str, typer.Argument(help="A lesson's name.")],
    *,
    seed: Annotated[
        str | None, typer.Option(help="Draw from this number or word instead of the file's SEED.")
    ] = None,
    submission: Annotated[
        Path | None, typer.Option(help="The folder of the student's file; else the lesson's.")
    ] = None,
    hidden: Annotated[
        Path | None, typer.Option(help="Mentors' folder of hidden checks, for a SEED that begins with hidden-.")
    ] = None,
    answers: Annotated[bool, typer.Option("--answers", help="Tell the right answers, for mentors.")] = False,
    stub: Annotated[bool, typer.Option("--stub", help="Print the file that a student fills in.")] = False,
) -> None:
    """Print the questions of a lesson's quiz, as the SEED in the student's file draws them."""
    from grader.course import drawing, quizzes, seeds  # noqa: PLC0415 - no other command pays for it
    from grader.reports import quiz as printed  # noqa: PLC0415

    if stub and answers:
        raise GraderError("A stub is for a student. Leave --answers out.")
    course = Course(Path.cwd())
    found, exercise = quizzes.of_lesson(course, lesson)
    if seed is None and not stub:
        seed = seeds.seed_of_file((submission or course.folder(lesson)) / exercise.file)
    chosen = seeds.seed_of(found.seed if seed is None else seed)
    drawn = drawing.all_of(found, _whole_seed(course, lesson, chosen, hidden))
    if stub:
        typer.echo(printed.stub(drawn, chosen, lesson, exercise), nl=False)
    else:
        typer.echo(f"{lesson}: the quiz of SEED = {seeds.literal(chosen)}\n")
        typer.echo(printed.answered(drawn) if answers else printed.questions(drawn))


def _whole_seed(course: Course, lesson: str, seed: str, hidden: Path | None) -> str:
    """What the questions of a seed are drawn from. Raises GraderError where that is not at hand."""
    from grader.course import seeds  # noqa: PLC0415 - no other command pays for it
    from grader.course.hidden import HiddenFolder  # noqa: PLC0415

    secret = HiddenFolder(hidden, course, course.lesson(lesson)).seed if hidden else ""
    if hidden and not (secret and seeds.is_hidden(seed)):
        raise GraderError(
            f'--hidden needs a line such as  seed = "autumn"  in {hidden / "hidden.toml"},\n'
            f"and a seed that begins with {seeds.HIDDEN}, as in  --seed {seeds.HIDDEN}anna"
        )
    if seeds.is_hidden(seed) and not hidden:
        raise GraderError(f"SEED = {seed!r}: only your mentor can draw these questions, with --hidden DIR.")
    return seeds.mixed(seed, secret)


def _attack(tier: int) -> int:
    """Print the scoreboard of each tier. How many promises of theirs are broken."""
    from grader.student.attacks import scoreboard  # noqa: PLC0415 - no other command pays for it

    typer.echo()
    broken = 0
    for board in scoreboard.boards(Path.cwd(), tier):
        for line in scoreboard.lines(board):
            typer.echo(line)
        broken += len(board.broken)
    return broken


def _introduction(base_url: str, weights: str) -> str:
    lesson = next(iter(Course(Path.cwd()).lessons()), "lesson1")
    return f"""\
{weights}: a small, weak model: good for practice with the API, not for good answers.

Base URL: {base_url}
Use it in your own programs (any key works):
  export OPENAI_BASE_URL={base_url}
  export OPENAI_API_KEY=local
Use it in the exercises:
  pytest assignments/{lesson} --live --base-url={base_url}

Ctrl-C stops it."""
