"""Commands of students: look at the quiz, at this computer, practise, and bring the folder up to date."""

import contextlib
import time
from pathlib import Path
from typing import Annotated

import typer

from grader.cli import ending
from grader.course.lessons import Course
from grader.errors import GraderError

model = typer.Typer(no_args_is_help=True, help="A small model on this computer, for practice without a key.")


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


def update(
    new: Annotated[Path, typer.Argument(help="Your course's new files: a folder or a zip.")],
) -> None:
    """Bring this folder up to date with new files of your course; your answers stay."""
    from grader.student import edition  # noqa: PLC0415 - no other command pays for it

    for line in edition.told(edition.update(Path.cwd(), edition.read(new))):
        typer.echo(line)


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
        raise typer.Exit(ending.TO_MEND)


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
