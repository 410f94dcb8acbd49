"""The last run of a gradebook as files: one for the class, or one for each student."""

from collections.abc import Iterator
from pathlib import Path

from grader.batch import feedback, gradebook
from grader.batch.gradebook import Gradebook
from grader.batch.names import folder_name
from grader.errors import GraderError
from grader.reports import files, formats
from grader.reports.formats import Students
from grader.reports.graded import Column


def export(book: Gradebook, name: str, out: Path) -> Iterator[Path]:
    """Write the last run in a format, and give each file. Raises GraderError."""
    with book.session() as session:
        runs = gradebook.last_runs(session, count=1)
        if not runs:
            raise GraderError(f"{book.path}: nothing was graded yet.")
        lesson = runs[0].lesson
        overrides = gradebook.overrides(session, lesson)
        rows = [gradebook.row(entry, overrides) for entry in runs[0].entries]
    kind = formats.FORMATS.get(name)
    if kind is None or kind.students is not Students.ONE:
        render = formats.many(name)
        yield _written(out / f"{lesson}{formats.FORMATS[name].suffix}", render(rows, Column(lesson)))
        return
    render_one = formats.one(name)
    for one in rows:
        report = one.final()
        if report:
            content = render_one(report, formats.view(lesson, one.name or one.student))
            yield _written(out / folder_name(one.student) / f"feedback{kind.suffix}", content)


def _written(path: Path, content: bytes) -> Path:
    feedback.made(path.parent)
    files.write(path, content)
    return path
