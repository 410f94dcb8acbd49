"""Whose exercises a pull request changes, and what each of these students has at its head.

A student's files are below a folder that holds `assignments/<lesson>/`, or below `submissions/<name>/`. The
repository's own `assignments/<lesson>/`, and notebooks at its top, belong to the student without a folder.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from grader.batch import archives, names, selection, trees
from grader.batch.downloads import Handed
from grader.batch.folders import Folders, Submission
from grader.batch.names import NotAFileError, RefusedError, TooLongError, printable
from grader.batch.repository import GONE, LINK, SUBMODULE, Blobs, File, Repository
from grader.batch.students import Student
from grader.batch.trees import Member, Tree
from grader.course.lessons import Course, Lesson

SUBMISSIONS: Final = "submissions"
ASSIGNMENTS: Final = "assignments"
SPECIAL: Final = {LINK: "a link", SUBMODULE: "a submodule"}  # the mode of an entry that is no file
RULES: Final = ("lesson.toml", "quiz.toml")
COURSE: Final = ("cassettes", "grader")
MOST_TOLD: Final = 50
MOST_RULES: Final = 5

Parts = tuple[str, ...]


class Scope(Enum):
    """Whose files are graded: those of students whose exercises are changed, or all."""

    CHANGED = "changed"
    ALL = "all"


class Work(msgspec.Struct, frozen=True):
    """A student's lesson: the folder to grade, where its files are in the repository, what is gone.

    `student` is the folder of the student in the repository; empty for the repository's own.
    """

    student: str
    lesson: str
    submission: Submission
    places: dict[str, str]
    deleted: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """The work of all students who are graded, and sentences about what belongs to nobody."""

    works: tuple[Work, ...]
    notes: tuple[str, ...] = ()


class PullRequest:
    """The commits `base` and `head` of a repository, in the words of a course."""

    def __init__(self, repository: Repository, course: Course, base: str, head: str) -> None:
        self.base, self.head = base, head
        self._course = course
        self._lessons = {name: course.lesson(name) for name in course.lessons()}
        self._files: dict[Parts, list[tuple[Parts, File]]] = {}  # by the folder of their student
        for file in repository.files(head):  # first: git compares trees in memory, and this list has an end
            path = parts(file.path)
            found = owner(path, self._lessons)
            if found is not None and not names.is_junk(path):
                self._files.setdefault(found, []).append((path, file))
        changes = repository.changes(repository.fork_point(base, head), head)
        self._changes = [(parts(change.path), change.mode) for change in changes]

    def taken(self, scope: Scope, blobs: Blobs, into: Path) -> Found:
        """Write what is graded into new folders below `into`."""
        wanted = self._students(self._changes)
        if scope is Scope.ALL:
            wanted |= self._students((path, file.mode) for own in self._files.values() for path, file in own)
        works = []
        for lesson in sorted({lesson for _, lesson in wanted}):
            folders = Folders(into / lesson, self._course, lesson, self._lessons[lesson], trees.OF_A_STUDENT)
            students = sorted(student for student, own in wanted if own == lesson)
            works += [self._work(student, lesson, folders, blobs) for student in students]
        return Found(tuple(works), (*self._strangers(), *self._rules()))

    def touches(self, folder: str) -> list[str]:
        """The changed paths below a folder at the top; capital letters do not count."""
        return ["/".join(path) for path, _ in self._changes if path[0].casefold() == folder.casefold()]

    def _students(self, changes: Iterable[tuple[Parts, str]]) -> set[tuple[Parts, str]]:
        """The students and lessons that some paths, with their modes, are about."""
        found = set()
        for path, mode in changes:
            student = owner(path, self._lessons)
            if student is not None and not names.is_junk(path):
                found |= {(student, name) for name in self._about(path) if self._counts(path, mode, name)}
        return found

    def _about(self, path: Parts) -> list[str]:
        """The lessons that a path may belong to: those that it names, or all."""
        named = [name for name in self._lessons if any(_names(part, name) for part in path)]
        return named or list(self._lessons)

    def _counts(self, path: Parts, mode: str, lesson: str) -> bool:
        """Whether it is an exercise, a notebook, an archive, or something that may stand in the place of some."""
        wanted = path[-1] in {exercise.file for exercise in self._lessons[lesson].exercise}
        return wanted or _may_hold(path[-1]) or mode in SPECIAL

    def _work(self, student: Parts, lesson: str, folders: Folders, blobs: Blobs) -> Work:
        tree, paths = self._tree(student, lesson, blobs)
        id_ = "/".join(student)
        submission = folders.submission(Handed(Student(id_ or ".", id_), tree, id_))
        gone = [path for path, mode in self._changes if mode == GONE]
        deleted = [path for path in gone if (student, lesson) in self._students([(path, GONE)])]
        chosen = selection.chosen(tree, self._lessons[lesson], lesson)
        members = [*chosen.files.values(), *chosen.notebooks]
        return Work(
            student=id_,
            lesson=lesson,
            submission=submission,
            places={member.name: paths[member.path] for member in members if member.name in submission.files},
            deleted=tuple(printable("/".join(path)) for path in deleted[:MOST_TOLD]),
        )

    def _tree(self, student: Parts, lesson: str, blobs: Blobs) -> tuple[Tree, dict[Parts, str]]:
        """What the student has at the head, with paths below the student's folder, and these in the repository."""
        members, refused, paths = [], [], {}
        for path, file in self._files.get(student, []):
            if lesson not in self._about(path):
                continue
            below = path[len(student) :] or path[-1:]
            paths[below] = file.path.decode("utf-8", "backslashreplace")
            try:
                names.parts("/".join(path))
                members.append(_member(below, file, blobs))
            except RefusedError as error:
                refused.append(error.of(below))
        return Tree(tuple(members), tuple(refused)), paths

    def _strangers(self) -> list[str]:
        """Links and submodules that the pull request brings and that are in nobody's folder."""
        return [
            f"{printable('/'.join(path))}: {SPECIAL[mode]}, which is not followed"
            for path, mode in self._changes
            if mode in SPECIAL and owner(path, self._lessons) is None
        ][:MOST_TOLD]

    def _rules(self) -> list[str]:
        """Files of the course that the pull request changes: they decide nothing."""
        found = [printable("/".join(path)) for path, _ in self._changes if self._is_rule(path)]
        more = [f"{len(found) - MOST_RULES} more files of the course: the same"] if len(found) > MOST_RULES else []
        told = [f"{path}: this pull request changes it; the base branch's is used" for path in found[:MOST_RULES]]
        return [*told, *more]

    def _is_rule(self, path: Parts) -> bool:
        """Whether it is a check, a lesson's rules, a recording or the grader."""
        lesson = owner(path, self._lessons) == () and (path[2:3] == ("checks",) or path[-1] in RULES)
        return lesson or path[0] in COURSE or path in (("conftest.py",), ("pyproject.toml",))


def parts(path: bytes) -> Parts:
    """The names on a path in git."""
    return names.split(path.decode("utf-8", "surrogateescape")) or ("?",)


def owner(path: Parts, lessons: Mapping[str, Lesson]) -> Parts | None:
    """The folder of the student whose path it is; () for the repository's own, None for nobody's."""
    if path[0] == SUBMISSIONS:
        return path[:2] if len(path) > 1 else None
    for number in range(len(path) - 1):
        if path[number] == ASSIGNMENTS and path[number + 1] in lessons:
            return path[:number]
    return () if len(path) == 1 and _may_hold(path[0]) else None


def _member(path: Parts, file: File, blobs: Blobs) -> Member:
    """A file of a tree, which is read only if it is chosen. Raises RefusedError for what is no ordinary file."""
    if file.mode in SPECIAL:
        raise NotAFileError(SPECIAL[file.mode])
    return Member(path, 0.0, partial(_read, blobs, file))


def _read(blobs: Blobs, file: File, most: int) -> bytes:
    if file.size > most:
        raise TooLongError(f"larger than {most // trees.MIB} MiB")
    return blobs.read(file)


def _may_hold(name: str) -> bool:
    return name.endswith(selection.NOTEBOOK) or archives.is_archive(name)


def _names(part: str, lesson: str) -> bool:
    """Whether a name on a path speaks of a lesson: lesson1 is not lesson10."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(lesson)}(?![0-9])", part) is not None
