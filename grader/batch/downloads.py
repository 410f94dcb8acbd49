"""Whose files are whose: downloads of Canvas, Moodle and Gradescope, and plain folders of submissions.

Sources of the formats:

- Canvas, lib/content_zipper.rb: `<name>_[LATE_]<user id>_<file id>_<file>`; the name is the sortable one in lower
  case, word characters only. Anonymous: `[LATE_]anon_<id>_<file id>_<file>`. A text or a link instead of a file
  ends in `_text.html` or `_link.html`. A file that is handed in again is called `ex03_hello-1.py`.
- Moodle, mod/assign/classes/downloader.php: folders `<full name>_<id>_assignsubmission_file` (before version 4
  with `_` at the end), or with that as the beginning of each file's name; `_onlinetext` for a text.
- Gradescope's "Download Submissions": folders `submission_<number>`, and submission_metadata.yml with
  `:created_at:` and `:submitters:` (`:name:`, `:sid:`, `:email:`) for each, several for a group.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import yaml

from grader.batch import archives
from grader.batch.names import Refused, RefusedError, printable
from grader.batch.selection import ASSIGNMENTS
from grader.batch.students import Student
from grader.batch.trees import MIB, Member, Tree
from grader.course.lessons import Lesson
from grader.errors import GraderError

CANVAS = re.compile(
    r"(?:(?P<name>\w+?)_)??(?P<late>LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_(?:(?P<file>\d+)_(?P<own>.+)|(?:text|link)\.html)"
)
AGAIN = re.compile(r"-\d{1,3}(?=\.[A-Za-z]+$)")
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<own>.+)?)?")
METADATA = "submission_metadata.yml"
MOST_METADATA = 256 * MIB  # Gradescope puts all results and all earlier attempts into it
NOTEBOOK = ".ipynb"
CLASS = "{above}: it is taken for one student. If it is a class: give that folder"
TAKEN = (
    "{name}: it is taken for the work of {student}. "
    "If it is a class, and {above} a student: unpack it, and give the folder"
)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Handed(msgspec.Struct, frozen=True):
    """What one student handed in at one time: its name in the source, and when (seconds since 1970)."""

    student: Student
    tree: Tree
    source: str
    when: float = 0.0
    late: bool = False


class Found(msgspec.Struct, frozen=True):
    """The kind of a source, what was handed in, and what at its top is nobody's or may be somebody else's."""

    kind: str
    handed: tuple[Handed, ...]
    nobodys: tuple[str, ...] = ()


def in_folder(tree: Tree, name: str, lesson: Lesson, folder: str) -> Found:
    """Whose files are whose in a folder of this name; `folder` is the lesson's.

    What a platform wrote, one submission, or a student for each name at the top. How many there are does not
    matter: a student who hands in first, and alone, must not be filed under another id than later on.
    """
    found = _of_platform(tree, lesson, folder)
    if found:
        return found
    while not _is_one(tree, lesson, folder) and _alone(tree) in (folder, ASSIGNMENTS):
        tree = tree.by_top()[_alone(tree)]
    if _is_one(tree, lesson, folder):
        return _one(tree, name, name)
    plain = _plain(tree, lesson)
    told = [CLASS.format(above=printable(top)) for top in tree.tops() if _is_class(tree, top, lesson, folder)]
    return msgspec.structs.replace(plain, nobodys=(*plain.nobodys, *told))


def in_archive(tree: Tree, name: str, lesson: Lesson, folder: str) -> Found:
    """Whose files are whose in an archive of this name; `folder` is the lesson's.

    As in a folder, but most archives hold one folder with all the rest. Where that is one submission, it is that
    of the student whose name the archive has, as for an archive in a folder of them.
    """
    found = _of_platform(tree, lesson, folder)
    if found:
        return found
    student, above = archives.stem(name), ""
    while not _is_one(tree, lesson, folder) and _alone(tree):
        above = _alone(tree)
        tree = tree.by_top()[above]
    if not _is_one(tree, lesson, folder):
        return _plain(tree, lesson)
    told = TAKEN.format(name=printable(name), student=printable(student), above=printable(above))
    expected = above in ("", student, folder, ASSIGNMENTS)
    return _one(tree, student, name, () if expected else (told,))


def _of_platform(tree: Tree, lesson: Lesson, folder: str) -> Found | None:
    """What Gradescope, Canvas or Moodle wrote, also where it is the one folder in another."""
    while not _is_one(tree, lesson, folder):
        found = _gradescope(tree) or _canvas(tree) or _moodle(tree)
        if found or not _alone(tree):
            return found
        tree = tree.by_top()[_alone(tree)]
    return None


def _alone(tree: Tree) -> str:
    """The folder that is alone at the top, or nothing."""
    tops = tree.tops()
    return tops[0] if len(tops) == 1 and set(tops) == tree.folders() else ""


def _is_class(tree: Tree, top: str, lesson: Lesson, folder: str) -> bool:
    """Whether the folder that is alone at the top may hold students: exercises in more than one folder of it."""
    if top != _alone(tree) or _is_one(tree.by_top()[top], lesson, folder):
        return False
    files = {exercise.file for exercise in lesson.exercise}
    return len({one.path[1] for one in tree.members if one.name in files or archives.is_archive(one.name)}) > 1


def _one(tree: Tree, student: str, source: str, told: tuple[str, ...] = ()) -> Found:
    handed = Handed(Student(student, student), tree, source, tree.newest())
    return Found("one submission", (handed,), told)


def _is_one(tree: Tree, lesson: Lesson, folder: str) -> bool:
    files = {(exercise.file,) for exercise in lesson.exercise}
    return any(one.path in files or one.path[:2] == (ASSIGNMENTS, folder) for one in tree.members)


def _gradescope(tree: Tree) -> Found | None:
    metadata = next((member for member in tree.members if member.path == (METADATA,)), None)
    if metadata is None:
        return None
    try:
        entries = yaml.load(metadata.read(MOST_METADATA), _Loader)  # noqa: S506 - a safe loader
        own = tree.by_top()
        handed = [one for name, entry in entries.items() for one in _submitted(own, str(name), entry)]
    except (yaml.YAMLError, RefusedError, AttributeError, TypeError, ValueError, RecursionError):
        raise GraderError(
            f"{METADATA}: this is not what Gradescope writes. Download the submissions again."
        ) from None
    listed = {*map(str, entries), METADATA}
    return Found("Gradescope", tuple(handed), _others(tree, listed))


def _submitted(trees: dict[str, Tree], name: str, entry: dict[str, Any]) -> Iterable[Handed]:
    """A group hands in the same for each of its members."""
    when = entry.get(":created_at")
    stamp = when.replace(tzinfo=when.tzinfo or UTC).timestamp() if isinstance(when, datetime) else 0.0
    for submitter in entry.get(":submitters") or ():
        sid, email, called = (str(submitter.get(key) or "") for key in (":sid", ":email", ":name"))
        student = Student(sid or email or called or name, called, email)
        yield Handed(student, trees.get(name, Tree(())), name, stamp)


def _canvas(tree: Tree) -> Found | None:
    found = [(member, CANVAS.fullmatch(member.path[0])) for member in tree.members if len(member.path) == 1]
    named = [(member, match) for member, match in found if match]
    if not named or len(named) * 2 < len(tree.tops()):
        return None
    numbers = [match["file"] for _, match in named if match["file"]]
    people = {(match["id"], match["name"]) for _, match in named}
    own: dict[str, list[tuple[Member, re.Match[str]]]] = {}
    for member, match in named:
        own.setdefault(match["id"], []).append((member, match))
    if len(people) > len(own) or len(set(numbers)) < len(numbers):  # jane_2026_11_lesson1.zip, joe_2026_11_...
        return None
    handed = [_of_canvas(id_, files) for id_, files in own.items()]
    taken = {member.path[0] for member, _ in named}
    return Found("Canvas", tuple(handed), _others(tree, taken))


def _of_canvas(id_: str, files: list[tuple[Member, re.Match[str]]]) -> Handed:
    """One student's files under their own names; of two with one name the one with the higher number is newer."""
    newest: dict[str, Member] = {}
    for member, match in sorted(files, key=lambda pair: int(pair[1]["file"] or 0)):
        name = AGAIN.sub("", match["own"]) if match["own"] else "text.html"
        newest[name] = msgspec.structs.replace(member, path=(name,))
    first, match = files[0]
    tree = Tree(tuple(newest.values()))
    late = any(match["late"] for _, match in files)
    return Handed(Student(id_, match["name"] or id_), tree, first.path[0], tree.newest(), late)


def canvas_id(source: str, student: str) -> str:
    """The number of a student in Canvas, where the name of a download says that their id is that; else nothing."""
    match = CANVAS.fullmatch(source)
    return student if match and match["id"] == student and student.isdecimal() else ""


def _moodle(tree: Tree) -> Found | None:
    tops = [(top, MOODLE.fullmatch(top)) for top in tree.tops()]
    named = [(top, match) for top, match in tops if match]
    if not named or len(named) * 2 < len(tops):
        return None
    people: dict[str, list[tuple[str, re.Match[str]]]] = {}
    for top, match in named:
        people.setdefault(match["id"], []).append((top, match))
    own = tree.by_top()
    handed = [_of_moodle(own, id_, parts) for id_, parts in people.items()]
    taken = {top for top, _ in named}
    return Found("Moodle", tuple(handed), _others(tree, taken))


def _of_moodle(trees: dict[str, Tree], id_: str, parts: list[tuple[str, re.Match[str]]]) -> Handed:
    members: list[Member] = []
    refused: list[Refused] = []
    for top, match in parts:
        refused += trees[top].refused
        for member in trees[top].members:
            path = (match["own"],) if match["own"] and member.path == (top,) else member.path
            members.append(msgspec.structs.replace(member, path=path))
    own = Tree(tuple(members), tuple(refused))
    return Handed(Student(id_, parts[0][1]["name"]), own, parts[0][0], own.newest())


def _plain(tree: Tree, lesson: Lesson) -> Found:
    """A folder, an archive or a notebook for each student, or files such as alice_ex03_hello.py."""
    exercises = "|".join(re.escape(exercise.file) for exercise in lesson.exercise)
    alone = re.compile(rf"(?P<student>.+?)[-_. ]+(?P<file>{exercises})")
    files: dict[str, list[Member]] = {}
    handed: list[Handed] = []
    taken: set[str] = set()
    folders = tree.folders()
    for top, own in tree.by_top().items():
        match = alone.fullmatch(top)
        if top in folders:
            handed.append(Handed(Student(top, top), own, top, own.newest()))
        elif own.members and (archives.is_archive(top) or top.endswith(NOTEBOOK)):
            student = archives.stem(top).removesuffix(NOTEBOOK)
            handed.append(Handed(Student(student, student), own, top, own.newest()))
        elif own.members and match:
            named = msgspec.structs.replace(own.members[0], path=(match["file"],))
            files.setdefault(match["student"], []).append(named)
        else:
            continue
        taken.add(top)
    for student, members in files.items():
        own = Tree(tuple(members))
        handed.append(Handed(Student(student, student), own, f"{student}_*.py", own.newest()))
    return Found("folders and files", tuple(handed), _others(tree, taken))


def _others(tree: Tree, taken: set[str]) -> tuple[str, ...]:
    """What is at the top and belongs to nobody, with the reason where it was refused."""
    reasons = {one.path[0]: str(one) for one in tree.refused if one.path}
    others = [top for top in tree.tops() if top not in taken]
    return tuple(reasons.get(top) or f"{printable(top)}: it belongs to no student" for top in others)
