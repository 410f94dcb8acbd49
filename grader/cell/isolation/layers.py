"""What a worker on Linux puts on before it runs student code, from the outermost layer to the innermost."""

from pathlib import Path

import msgspec

from grader.cell import isolation
from grader.cell.isolation import kernel, landlock, libraries, namespaces, process, seccomp


class World(msgspec.Struct, frozen=True):
    """A tier, and what workers see at it: files and folders to read, and links to them."""

    tier: int
    visible: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def world(tier: int) -> World:
    """The world for a tier; what this process has imported stays visible."""
    if tier < isolation.LANDLOCK:
        return World(tier)
    return World(tier, tuple(libraries.folders()), tuple(libraries.links()))


def enter(own: World, top: Path) -> int:
    """Tier 4: fork a process into the world. 0 there, else its id. Workers will use the first folder of `top`."""
    root = top / "root"
    root.mkdir(exist_ok=True)
    return namespaces.enter(root, first_folder(top), own.visible, own.links)


def first_folder(top: Path) -> Path:
    """The path of every worker's folder at tier 4, where each has a folder of its own there."""
    return top / "1"


def confine(own: World, folder: Path) -> None:
    """Limit this process for good, before student code runs in `folder`. Raises OSError."""
    process.enter()
    if own.tier < isolation.LANDLOCK:
        return
    if own.tier == isolation.NAMESPACES:
        namespaces.own_folder(folder, process.DISK, process.FILES)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    try:
        landlock.restrict(readable(own.visible, folder), [str(folder), *libraries.DEVICES])
    except OSError:
        if own.tier == isolation.LANDLOCK:
            raise  # at tier 4 it is the second lock of a door
    kernel.drop_capabilities()
    seccomp.restrict()


def readable(visible: tuple[str, ...], folder: Path) -> list[str]:
    """The visible paths without the grader's own files, and the empty .env above the working folder."""
    parts = [part for path in visible for part in landlock.without(path, libraries.GRADER)]
    return [*parts, str(libraries.CELL), str(folder.parent / ".env")]
