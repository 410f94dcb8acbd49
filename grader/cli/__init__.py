"""The command line: the only place that prints or exits."""

import typer

from grader.cli import authors, ci, grading, mentors, students
from grader.cli.ending import Commands

main = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False)
main.add_typer(students.model, name="model")
main.add_typer(ci.main, name="ci")
for command in (  # in the order of --help
    *(grading.batch, mentors.stats, mentors.diff, mentors.override, mentors.export),
    *(authors.new, authors.release, authors.verify, authors.mutate, authors.translate, authors.record),
    *(students.notebook, students.update, students.doctor, authors.schema, students.quiz),
):
    main.command()(command)
