"""One student's files into a new folder of their own."""

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from grader.batch import archives, names, selection
from grader.batch.downloads import Handed
from grader.batch.names import Refused, RefusedError
from grader.batch.selection import Chosen
from grader.batch.students import Student
from grader.batch.trees import Limits, Member, Tree
from grader.course import notebooks
from grader.course.hashes import digest_of
from grader.course.lessons import Course, Lesson
from grader.course.notebooks import NotebookError
from grader.errors import GraderError

MOST = 1 << 20  # bytes of an exercise file, as in the judge
MOST_ARCHIVES = 5
MOST_REFUSED = 20
MOST_SHOWN = 5
PLAIN = re.compile(r"(?!notebook )[A-Za-z0-9_-][A-Za-z0-9_ ()-]{0,59}\.ipynb", re.IGNORECASE)


IsKnown = Callable[[str, str, tuple[str, ...]], bool]  # of a student, a digest, and names of what stood beside


def nobodys(_student: str, _digest: str, _beside: tuple[str, ...]) -> bool:
    """No work is known."""
    return False


class Submission(msgspec.Struct, frozen=True):
    """What of a student is graded.

    `folder` holds `files` and nothing else; for the judge it goes into many.Submitted, with `beside`. It is not
    made where the work is known, by the `digest` of its files. `source` is the name in the download, `late` what
    the download says. `refused` was not read, and why; `unread` are exercise files among it, with what the student
    reads of each, and the next step, and count for the `digest`, too. `notes` are sentences about where
    things were found.
    """

    student: Student
    folder: Path
    source: str
    digest: str
    files: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    late: bool = False
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    unread: dict[str, tuple[str, str]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to grade."""
        return not self.files

    def why_empty(self) -> str:
        """The reason for the mentor."""
        return ". ".join(self.told()) or "No exercise file and no notebook was found"

    def told(self) -> list[str]:
        """What a mentor should know."""
        return [*self.notes, *(f"not read: {one}" for one in self.refused)]


class Folders:
    """Makes a folder for each submission. Raises GraderError where `into` cannot be used."""

    def __init__(  # noqa: PLR0913, PLR0917 - a place, a lesson, and how
        self, into: Path, course: Course, name: str, lesson: Lesson, limits: Limits, is_known: IsKnown = nobodys
    ) -> None:
        self._into = into
        self._is_known = is_known
        self._name = name
        self._lesson = lesson
        self._limits = limits
        self._stubs = {one.file: _stub(course.folder(name) / one.file) for one in lesson.exercise}
        try:
            into.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(into.iterdir()):
                raise GraderError(f"{into}: this folder is not empty. Next: name one that does not exist yet")
        except OSError as error:
            raise unwritable(into, error) from None

    def submission(self, handed: Handed) -> Submission:
        """Write what of a submission is graded into a new folder, and tell what it is. Raises GraderError."""
        try:
            with ExitStack() as held:
                return self._written(handed, held)
        except OSError as error:
            raise unwritable(self._into, error) from None

    def _written(self, handed: Handed, held: ExitStack) -> Submission:
        tree, chosen, notes = self._looked_into(handed.tree, held)
        refused = [*tree.refused, *chosen.refused, *self._folders(tree)]
        contents = _contents({name: (member, MOST) for name, member in chosen.files.items()}, refused)
        cells = {name: (member, notebooks.MOST) for name, member in _named(chosen.notebooks)}
        unread = self._unread(refused, contents)
        contents |= self._tagged(_contents(cells, refused), contents, notes)
        if not contents:
            notes += _only(msgspec.structs.replace(tree, refused=tuple(refused)))
        folder = self._into / names.folder_name(handed.student.id)
        stated = [(name, repr(told).encode()) for name, told in unread.items()]
        digest = digest_of([*sorted(contents.items()), *stated])
        if not self._is_known(handed.student.id, digest, chosen.beside):
            folder.mkdir(mode=0o700)
            for name, content in contents.items():
                _write(folder / name, content)
        more = [Refused((), f"{len(refused) - MOST_REFUSED} more files")] if len(refused) > MOST_REFUSED else []
        return Submission(
            handed.student,
            folder,
            handed.source,
            digest,
            tuple(sorted(contents)),
            chosen.beside,
            handed.late,
            (*refused[:MOST_REFUSED], *more),
            (*chosen.notes, *notes),
            unread,
        )

    def _folders(self, tree: Tree) -> list[Refused]:
        """Folders that have the name of an exercise file; an archive may tell only what is in them."""
        places = {*tree.places, *(member.path[:-1] for member in tree.members)}
        paths = {path[: path.index(file) + 1] for path in places for file in self._stubs if file in path}
        return [Refused(path, "a folder", names.NOT_A_FILE) for path in sorted(paths)]

    def _unread(self, refused: list[Refused], contents: dict[str, bytes]) -> dict[str, tuple[str, str]]:
        """The exercise files that were there, and are not graded: what the student reads, and the next step."""
        asked = {one.path[-1]: one.told for one in refused if self._is_asked(one.path)}
        return {
            file: (told.message.format(file=file, most="1 MB"), told.step.format(file=file))
            for file, told in sorted(asked.items())
            if file not in contents
        }

    def _is_asked(self, path: tuple[str, ...]) -> bool:
        """Whether a path may be that of an exercise file of this lesson, and not of another one."""
        place = path[-3:-1] == (selection.ASSIGNMENTS, self._name) or selection.ASSIGNMENTS not in path
        return bool(path) and path[-1] in self._stubs and place

    def _looked_into(self, tree: Tree, held: ExitStack) -> tuple[Tree, Chosen, list[str]]:
        """The tree and what is chosen of it; archives are opened where there is nothing beside them."""
        chosen = selection.chosen(tree, self._lesson, self._name)
        notes: list[str] = []
        if not chosen.archives:
            return tree, chosen, notes
        if chosen.files or chosen.notebooks:
            notes = [
                f"{names.printable(one.name)} was not opened: there are files beside it" for one in chosen.archives
            ]
            return tree, chosen, notes
        members: list[Member] = []
        places: list[tuple[str, ...]] = []
        refused = list(tree.refused)
        for archive in chosen.archives[:MOST_ARCHIVES]:
            try:
                stream = io.BytesIO(archive.read(self._limits.size))
                inside = archives.listed(stream, self._limits, held)
            except RefusedError as error:
                refused.append(error.of(archive.path))
                continue
            members += inside.members
            refused += inside.refused
            places += inside.places
        opened = Tree(tuple(members), tuple(refused), tuple(places))
        chosen = selection.chosen(opened, self._lesson, self._name)
        if not (chosen.files or chosen.notebooks):
            refused += [Refused(one.path, "an archive in an archive") for one in chosen.archives]
        return msgspec.structs.replace(opened, refused=tuple(refused)), chosen, notes

    def _tagged(self, cells: dict[str, bytes], files: dict[str, bytes], notes: list[str]) -> dict[str, bytes]:
        """The notebooks that have exercises of this lesson. A stub as it was given out makes room for cells."""
        kept = {}
        for name, content in cells.items():
            try:
                modules = notebooks.read(content, name, self._lesson).modules
            except NotebookError as error:
                notes.append(f"{name} cannot be read as a notebook: {error}")
                kept[name] = content  # the judge says so to the student
                continue
            if not modules:
                notes.append(
                    f"{name} has no cell that begins with `# {self._lesson.exercise[0].short}` or the like"
                )
                continue
            kept[name] = content
            for file in [f"{module}.py" for module in modules if f"{module}.py" in files]:
                if files[file] == self._stubs[file]:
                    del files[file]
                else:
                    notes.append(f"{file} is graded, and not its cells in {name}")
        return kept


def _contents(wanted: dict[str, tuple[Member, int]], refused: list[Refused]) -> dict[str, bytes]:
    contents = {}
    for name, (member, most) in wanted.items():
        try:
            contents[name] = member.read(most)
        except RefusedError as error:
            refused.append(error.of(member.path))
    return contents


def _named(members: tuple[Member, ...]) -> Iterator[tuple[str, Member]]:
    """Notebooks with the name that the student knows, where it is a plain one and no other has it."""
    taken: set[str] = set()
    for number, member in enumerate(members, 1):
        name = member.name
        if not PLAIN.fullmatch(name) or name.casefold() in taken:
            name = f"notebook {number}{selection.NOTEBOOK}"
        taken.add(name.casefold())
        yield name, member


def _only(tree: Tree) -> list[str]:
    """What there is instead of an exercise."""
    refused = {one.path for one in tree.refused}
    read = [member for member in tree.members if member.path not in refused]
    found = [names.printable("/".join(member.path)) for member in read[:MOST_SHOWN]]
    more = " and more" if len(read) > MOST_SHOWN else ""
    return [f"No exercise was found, only {', '.join(found)}{more}"] if found else []


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(content)


def unwritable(place: Path, error: OSError) -> GraderError:
    """What to do where exercise files cannot be put for the time of a run."""
    return GraderError(
        f"{place}: nothing can be written there: {error.strerror}. "
        "Next: make room, or name a folder on another disk in TMPDIR, and run the same command again"
    )


def _stub(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
