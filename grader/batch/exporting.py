"""The last run of a gradebook as files: one for the class, or one for each student."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.batch import feedback, gradebook
from grader.batch.gradebook import Gradebook
from grader.batch.names import folder_name
from grader.errors import GraderError
from grader.reports import canvas, files, formats, public
from grader.reports.formats import Students
from grader.reports.graded import Column, Graded


def export(book: Gradebook, name: str, out: Path, column: Column | None = None) -> Iterator[Path]:
    """Write the last run in a format, and give each file. Raises GraderError.

    `column` is the assignment in another gradebook; without a title it has the lesson's name.
    """
    lesson, rows = last_rows(book)
    kind = formats.FORMATS.get(name)
    if kind is None:
        raise GraderError(f"There is no format {name}. There are: {', '.join(formats.FORMATS)}.")
    if kind.students is not Students.ONE:
        render = formats.many(name)
        yield _written(out / f"{lesson}{kind.suffix}", render(rows, named(column, lesson)))
        return
    render_one = formats.one(name)
    for one in rows:
        report = one.final()
        if report:
            content = render_one(public.without_evidence(report), formats.view(lesson, one.name or one.student))
            yield _written(out / folder_name(one.student) / f"feedback{kind.suffix}", content)


def left_out(book: Gradebook, column: Column) -> list[str]:
    """The students whom Canvas' gradebook does not have, or has more than once. Raises GraderError."""
    lesson, rows = last_rows(book)
    return [one.student for one in canvas.unmatched(rows, named(column, lesson))]


def unended(book: Gradebook) -> list[str]:
    """What to know about the grades of the last run where it has not ended. Raises GraderError."""
    with book.session() as session:
        return gradebook.unended(book.last_run(session))


def last_rows(book: Gradebook) -> tuple[str, list[Graded]]:
    """The lesson of the last run, and its students. Raises GraderError."""
    with book.session() as session:
        run = book.last_run(session)
        overrides = gradebook.overrides(session, run.lesson)
        return run.lesson, [gradebook.row(entry, overrides) for entry in run.entries]


def named(column: Column | None, lesson: str) -> Column:
    """The assignment, with the lesson's name where it has no title."""
    return msgspec.structs.replace(column, title=column.title or lesson) if column else Column(lesson)


def _written(path: Path, content: bytes) -> Path:
    feedback.made(path.parent)
    files.write(path, content)
    return path
