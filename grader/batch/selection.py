"""What of a student's files is graded: the lesson's exercise files and notebooks, and nothing else."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from grader.batch import archives
from grader.batch.names import TWO_NAMES, Refused, printable
from grader.batch.trees import Member, Tree
from grader.course.lessons import Lesson

NOTEBOOK = ".ipynb"
ASSIGNMENTS = "assignments"
MOST_NOTEBOOKS = 12
MOST_BESIDE = 50


class Chosen(msgspec.Struct, frozen=True):
    """Exercise files by their names, notebooks, archives to look into, and what stands beside the exercises.

    `beside` are names of other Python files in the same folder, which are not brought along. `refused` are files
    whose name another one has, too. `notes` tell of files that were found at an unusual place.
    """

    files: dict[str, Member]
    notebooks: tuple[Member, ...] = ()
    archives: tuple[Member, ...] = ()
    beside: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


def chosen(tree: Tree, lesson: Lesson, folder: str) -> Chosen:
    """Choose from a tree; `folder` is the lesson's name.

    Where there is an `assignments/<lesson>/`, the files there count and no others; else each exercise comes from
    the folder with the most of them, then the one that is least deep, then the first by name. Notebooks may be
    anywhere; where some have the lesson's name in theirs, only those count.
    """
    wanted = {exercise.file for exercise in lesson.exercise}
    members, refused = _unmistakable(tree.members, wanted)
    found = _in_lesson([member for member in members if member.name in wanted], folder)
    counts = Counter(member.path[:-1] for member in found)
    places = sorted(counts, key=lambda place: (-counts[place], len(place), place))
    files: dict[str, Member] = {}
    for place in places:
        files |= {one.name: one for one in found if one.path[:-1] == place and one.name not in files}
    apart = [name for name, member in sorted(files.items()) if member.path[:-1] != places[0]]
    own = [member for member in members if places and member.path[:-1] == places[0]]
    beside = sorted(one.name for one in own if one.name not in wanted and _is_told(one.name))
    return Chosen(
        files,
        tuple(sorted(_notebooks(members, folder), key=_order)[:MOST_NOTEBOOKS]),
        tuple(sorted((one for one in members if archives.is_archive(one.name)), key=_order)),
        tuple(beside[:MOST_BESIDE]),
        refused,
        tuple(f"{name} was found in {printable('/'.join(files[name].path[:-1]))}/" for name in apart),
    )


def _in_lesson(members: list[Member], folder: str) -> list[Member]:
    return [one for one in members if one.path[-3:-1] == (ASSIGNMENTS, folder)] or members


def _notebooks(members: list[Member], folder: str) -> list[Member]:
    found = [one for one in members if one.name.endswith(NOTEBOOK)]
    return [one for one in found if folder in one.name] or found


def _unmistakable(members: Iterable[Member], wanted: set[str]) -> tuple[list[Member], tuple[Refused, ...]]:
    """The files without those that another system would take for one and the same."""
    counts = Counter(_folded(member) for member in members)
    twice = {member.path for member in members if counts[_folded(member)] > 1}
    refused = [
        Refused(path, "another file has the same name (capital letters do not count)", TWO_NAMES)
        for path in sorted(twice)
        if path[-1].casefold().endswith(NOTEBOOK) or path[-1].casefold() in wanted or archives.is_archive(path[-1])
    ]
    return [member for member in members if member.path not in twice], tuple(refused)


def _folded(member: Member) -> tuple[str, ...]:
    return tuple(part.casefold() for part in member.path)


def _is_told(name: str) -> bool:
    return name.isascii() and name.isprintable() and (name.endswith(".py") or name == "pytest.ini")


def _order(member: Member) -> tuple[int, int, tuple[str, ...]]:
    """Less deep first, then shorter names: lesson1.ipynb before lesson1-Copy1.ipynb."""
    return len(member.path), len(member.name), member.path
