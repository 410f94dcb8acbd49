"""From whatever a mentor has to a clean folder for each student.

    found = intake.read(Path("submissions.zip"), Course(root), "lesson1", into=Path("out/work"))
    for submission in found.submissions:   # one for each student, in the order of their ids
        submission.folder                  # exercise files and notebooks only; for judge.many.Submitted
    found.report()                         # sentences for the mentor, to show before grading

Nothing is run, and nothing is written but exercise files and notebooks, in new folders of their own.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.batch import archives, downloads, names, students, trees
from grader.batch.downloads import Found, Handed
from grader.batch.folders import Folders, IsKnown, Submission, nobodys
from grader.batch.names import RefusedError, printable
from grader.batch.students import Known, Student
from grader.batch.trees import OF_A_CLASS, OF_A_STUDENT, Limits, Tree
from grader.course.lessons import Course
from grader.errors import GraderError

TABLE = ".csv"


class Duplicate(msgspec.Struct, frozen=True):
    """A student handed in more than once: what is graded, and what is not."""

    student: Student
    kept: str
    left: tuple[str, ...]


class Intake(msgspec.Struct, frozen=True):
    """What was found. `kind` names the source (`Canvas`, `Moodle`, `Gradescope`, `table` ...).

    `submissions` has each student once, also those with nothing to grade (`Submission.is_empty`); `missing` are
    the students of the roster who handed in nothing; `problems` are sentences about what belongs to no student.
    """

    kind: str
    submissions: tuple[Submission, ...]
    missing: tuple[Student, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    problems: tuple[str, ...] = ()

    def report(self) -> list[str]:
        """All that a mentor should know before grading, a sentence a line."""
        empty = [one for one in self.submissions if one.is_empty]
        late = [one for one in self.submissions if one.late]
        count = len(self.submissions)
        lines = [
            f"{count} student{'' if count == 1 else 's'} ({self.kind}), {len(empty)} without anything to grade"
        ]
        lines += [
            f"{one.student}: {printable(one.kept)} is graded, {_list(one.left)} not" for one in self.duplicates
        ]
        lines += [f"{one.student}: nothing to grade. {one.why_empty()}" for one in empty]
        lines += [f"{one.student}: {note}" for one in self.submissions if not one.is_empty for note in one.told()]
        lines += [f"{one.student}: handed in late" for one in late]
        lines += [f"{student}: handed in nothing" for student in self.missing]
        return [*lines, *self.problems]


def read(  # noqa: PLR0913 - a source, a lesson and a place; the rest is optional
    source: Path,
    course: Course,
    lesson: str,
    into: Path,
    *,
    roster: Iterable[Student] = (),
    of_a_student: Limits = OF_A_STUDENT,
    is_known: IsKnown = nobodys,
    without: Path | None = None,
) -> Intake:
    """Take in a folder, an archive, a notebook, a file, or a CSV of students and paths.

    `into` is a folder that does not exist or is empty; each student gets one in it, with a name that depends on
    the student's id alone, unless their work is known. `without` is left out where it is in `source`. Raises
    GraderError for a source that cannot be read as a whole, LessonError.
    """
    found_lesson, known = course.lesson(lesson), Known(roster)
    demand(source)
    with contextlib.ExitStack() as stack:
        found = _found(source, course, lesson, of_a_student, stack, _below(source, without))
        folders = Folders(into, course, lesson, found_lesson, of_a_student, is_known)
        each, strangers = _known(found.handed, known)
        latest, duplicates = _latest(each)
        submissions = tuple(folders.submission(handed) for handed in latest)
    there = {submission.student.id for submission in submissions}
    missing = tuple(student for student in known.students if student.id not in there)
    return Intake(found.kind, submissions, missing, duplicates, (*found.nobodys, *strangers))


def _found(  # noqa: PLR0913, PLR0917 - as `read`
    source: Path,
    course: Course,
    lesson: str,
    limits: Limits,
    stack: contextlib.ExitStack,
    without: tuple[str, ...],
) -> Found:
    if source.suffix.lower() == TABLE:
        return _listed(source, limits)
    tree = trees.folder(source, limits, without) if source.is_dir() else _tree(source, stack)
    if source.is_file() and not archives.is_archive(source.name):
        student = Student(source.stem, source.stem)
        return Found("one file", (Handed(student, tree, source.name, tree.newest()),))
    recognised = downloads.in_folder if source.is_dir() else downloads.in_archive
    return recognised(tree, source.resolve().name, course.lesson(lesson), lesson)


def _listed(table: Path, limits: Limits) -> Found:
    """The submissions of a CSV; a path is relative to the CSV's folder."""
    handed = []
    for row in students.submissions(table):
        path = table.parent / row.path
        if not _exists(path):
            raise GraderError(
                f"{table}:{row.line}: there is no {printable(row.path)!r}. Write a path relative to this file."
            )
        tree = trees.folder(path, limits) if path.is_dir() else _file(path)
        handed.append(Handed(row.student, tree, row.path, tree.newest()))
    return Found("table", tuple(handed))


def _below(source: Path, place: Path | None) -> tuple[str, ...]:
    """The names on the path from a source to a place in it; none where it is not in it."""
    if place is None or not place.resolve().is_relative_to(source.resolve()):
        return ()
    return names.split(str(place.resolve().relative_to(source.resolve())))


def _tree(source: Path, stack: contextlib.ExitStack) -> Tree:
    """The files of an archive, or one file. Raises GraderError for an archive that is refused as a whole."""
    if not archives.is_archive(source.name):
        return _file(source)
    try:
        return archives.listed(stack.enter_context(source.open("rb")), OF_A_CLASS, stack)
    except RefusedError as error:
        raise GraderError(f"{source}: {error}.") from None
    except OSError as error:
        raise GraderError(f"{source}: it cannot be read: {error.strerror}. Next: change its permissions") from None


def demand(source: Path) -> None:
    """Raise GraderError where there are no submissions at a path."""
    if not _exists(source):
        raise GraderError(f"{printable(str(source))}: there is no such file or folder. Next: look at the path")


def _exists(path: Path) -> bool:
    """Whether there is something that can be seen; a name that no system takes is none."""
    try:
        return path.exists()
    except OSError:
        return False


def _file(path: Path) -> Tree:
    """A tree of one file; an archive in it is looked into later, as one in a student's folder."""

    def content(most: int) -> bytes:
        return trees.from_disk(path.resolve(), most)

    return Tree((trees.Member((path.name,), path.stat().st_mtime, content),))


def _known(handed: Iterable[Handed], known: Known) -> tuple[list[Handed], list[str]]:
    """Put the roster's students in the place of the download's; who is not on it is told."""
    each, strangers = [], []
    for one in handed:
        student = known.find(one.student)
        if student is None and known.students:
            strangers.append(f"{one.student}: not on the roster")
        email = (student and student.email) or one.student.email
        who = msgspec.structs.replace(student or one.student, email=email)
        each.append(msgspec.structs.replace(one, student=who))
    return each, strangers


def _latest(handed: Iterable[Handed]) -> tuple[list[Handed], tuple[Duplicate, ...]]:
    """The newest of what each student handed in; of two from the same time the last one in the order of names."""
    own: dict[str, list[Handed]] = {}
    for one in sorted(handed, key=lambda one: (one.student.id, one.when, one.source)):
        own.setdefault(one.student.id, []).append(one)
    several = [each for each in own.values() if len(each) > 1]
    duplicates = [
        Duplicate(one[-1].student, one[-1].source, tuple(each.source for each in one[:-1])) for one in several
    ]
    return [each[-1] for each in own.values()], tuple(duplicates)


def _list(sources: Iterable[str]) -> str:
    return ", ".join(printable(source) for source in sources)
