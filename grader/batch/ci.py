"""Grade what a pull request changes, by the checks of the working copy: `grader ci`.

The working copy is the base branch's. The pull request is data: it is read from git's objects, never checked out,
and only exercise files and notebooks are taken from it.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from grader.batch.confirmed import confirmed
from grader.batch.event import Revisions
from grader.batch.names import printable
from grader.batch.pool import Judge
from grader.batch.pull_request import PullRequest, Scope, Work
from grader.batch.repository import Repository
from grader.batch.tasks import Graded, Task
from grader.course import manifest
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.reports import public
from grader.reports.feedback import Entry, Feedback

TRUSTED: Final = ".github"  # who changes what is in it decides what a workflow says
MOST_EDITED: Final = 20
NOT_BASE: Final = """\
{place}: what is checked out here holds the pull request itself, so its checks could be the pull request's own.
Next: check out the base branch, as with  git switch main  , and run this command again"""


class Plan(msgspec.Struct, frozen=True):
    """How to grade: whose files, how many judges side by side, and pytest's options for them."""

    scope: Scope
    jobs: int
    options: tuple[str, ...]


def opened(place: Path, course: Course, given: Revisions) -> PullRequest:
    """The pull request in a repository; without a base it is compared with what is checked out.

    Raises GraderError where a commit is missing, or where the course's own files may be those of the pull request.
    """
    repository = Repository(place)
    base, head = (repository.commit(revision or "HEAD") for revision in (given.base, given.head))
    here = _checked_out(course.root)
    known = repository.known(here) if here else None
    if known and repository.holds(known, head) and not repository.holds(base, head):
        raise GraderError(NOT_BASE.format(place=course.root))
    return PullRequest(repository, course, base, head)


def grade(place: Path, course: Course, pull: PullRequest, plan: Plan, into: Path) -> Feedback:
    """Grade the students of a pull request; their files come into new folders below `into`. Raises GraderError."""
    with Repository(place).blobs() as blobs:
        found = pull.taken(plan.scope, blobs, into)
    graded: dict[tuple[str, str], Graded] = {}
    for lesson in sorted({work.lesson for work in found.works}):
        own = [work for work in found.works if work.lesson == lesson]
        graded |= {(lesson, one.name): one for one in _graded(course, lesson, own, plan)}
    entries = tuple(_entry(work, graded[work.lesson, work.student]) for work in found.works)
    notes = (*found.notes, *_edited(course.root))
    return Feedback(base=pull.base, head=pull.head, entries=entries, notes=notes)


def distrusted(pull: PullRequest, feedback: Feedback) -> str:
    """Why feedback that came from a pull request's own workflow shows no grade; empty where it does."""
    if feedback.head != pull.head:
        return "This report is about another commit than the one that is graded."
    paths = pull.touches(TRUSTED)
    if not paths:
        return ""
    return (
        f"This pull request changes {printable(paths[0])}, so it could write its own report. "
        f"A mentor gets the grade with: grader ci --base {pull.base[:10]} --head {pull.head[:10]}"
    )


def _edited(root: Path) -> list[str]:
    """What of a student edition, where this is one, is not as it was published. Raises GraderError."""
    published = manifest.of(root)
    changes = manifest.changes(root, published) if published else []
    return [f"{one.path}: not as your course published it ({one.what})" for one in changes[:MOST_EDITED]]


def _checked_out(root: Path) -> str | None:
    """The commit that is checked out where the course is; None where it is in no repository."""
    try:
        return Repository(root).known("HEAD")
    except GraderError:
        return None


def _graded(course: Course, lesson: str, works: list[Work], plan: Plan) -> Iterator[Graded]:
    """What came of each."""
    tasks = [
        Task(one.student, str(one.submission.folder), beside=one.submission.beside, unread=one.submission.unread)
        for one in works
    ]
    return confirmed(partial(Judge, course.root, lesson, plan.options), tasks, plan.jobs)


def _entry(work: Work, graded: Graded) -> Entry:
    return Entry(
        student=work.student,
        lesson=work.lesson,
        report=public.without_evidence(graded.report) if graded.report else None,
        error=graded.error,
        places=work.places,
        deleted=work.deleted,
        notes=tuple(work.submission.told()),
    )
