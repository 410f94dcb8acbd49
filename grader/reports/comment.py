"""Feedback as Markdown: a comment on the pull request, and the summary of a job."""

from collections.abc import Iterator
from typing import Final

from grader.model import Verdict
from grader.reports import markdown
from grader.reports.feedback import Entry, Feedback
from grader.reports.markdown import escaped, row
from grader.reports.text import short

MARKER: Final = "<!-- grader:feedback -->"  # by which the one comment is found again
COMMENT: Final = 65_536  # characters of a comment; bytes are the stricter measure
SUMMARY: Final = 1 << 20  # bytes of the summaries of a step
MOST_NOTES: Final = 20
CUT: Final = "The rest is left out here: it is too long. {where}"


def comment(feedback: Feedback) -> bytes:
    """The body of the comment."""
    note = f"\n{escaped(CUT.format(where='The summary of the run has more.'))}\n"
    pieces = [f"{MARKER}\n", *_pieces(feedback)]
    return markdown.fitting(pieces, COMMENT, note).encode()


def summary(feedback: Feedback, room: int = SUMMARY) -> bytes:
    """The summary of a job that may add so many bytes."""
    note = f"\n{escaped(CUT.format(where='The file feedback.json has everything.'))}\n"
    return markdown.fitting(_pieces(feedback), room, note).encode()[: max(room, 0)]


def withheld(why: str) -> bytes:
    """The body of a comment that shows no grade, and why."""
    return f"{MARKER}\n## No grade is shown here\n\n{escaped(why)}\n".encode()


def _pieces(feedback: Feedback) -> Iterator[str]:
    """The text in pieces, each of which can be the last."""
    if not feedback.entries:
        yield "## Nothing to grade\n\nThis pull request changes no exercise and no notebook of a student.\n"
    if len(feedback.entries) > 1:
        yield f"## {len(feedback.entries)} reports\n\n"
        yield f"{row(['student', 'lesson', 'points', 'first'])}|---|---|--:|---|\n"
        yield from map(_row, feedback.entries)
    yield from _notes(feedback.notes)
    for entry in feedback.entries:
        yield from _entry(entry)
    yield f"\n{escaped(f'Graded: {feedback.head[:10]}, compared with {feedback.base[:10]}.')}\n"


def _row(entry: Entry) -> str:
    """A student's line of the table, with the exercise to look at first."""
    if entry.report is None:
        return row([entry.student, entry.lesson, "", "not graded"])
    result = entry.report.result
    open_ = next((one for one in result.exercises if one.verdict is not Verdict.PASSED), None)
    first = f"{short(open_.name)} {open_.title}" if open_ else ""
    return row([entry.student, entry.lesson, f"{result.score} of {result.max_score}", first])


def _entry(entry: Entry) -> Iterator[str]:
    """A student's report."""
    if entry.student:
        yield f"\n# {escaped(entry.student)}\n\n"
    gone = [
        f"{path} is taken away by this pull request. What is not there earns no points." for path in entry.deleted
    ]
    yield from _notes((*gone, *entry.notes))
    if entry.report is None:
        yield f"\n{escaped(f'{entry.lesson} was not graded: {entry.error}. This is not your code.')}\n"
        return
    yield "\n"
    yield from markdown.parts(entry.report, entry.view)


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    for note in notes[:MOST_NOTES]:
        yield f"- {escaped(note)}\n"
    if len(notes) > MOST_NOTES:
        yield f"- {escaped(f'{len(notes) - MOST_NOTES} more')}\n"
    if notes:
        yield "\n"
