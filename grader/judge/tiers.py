"""What an isolation tier promises, and how this machine could reach a higher one."""

import sys
from pathlib import Path
from typing import Final, NamedTuple

from grader.cell import isolation
from grader.cell.isolation import Isolation
from grader.errors import GraderError


class Attack(NamedTuple):
    """A class of attacks, and the lowest tier that holds against it."""

    what: str
    holds_from: int


ATTACKS: Final = (
    Attack("answers that lie, patched libraries, loops without end, floods of output", 1),
    Attack("writing other files of the user, or reading them: keys, checks, other submissions", 2),
    Attack("reaching the network past the API client", 2),
    Attack("changing a verdict in the grader's memory", 3),
    Attack("stopping or killing the grader", 3),
    Attack("processes that go on after the grade, fork bombs", 3),
    Attack("finding out which files exist", 4),
    Attack("filling the disk for a moment, before it is noticed", 4),
)


class Switch(NamedTuple):
    """A setting of Linux that keeps tier 4 away while its file holds `value`, and how to change it."""

    file: str
    value: str
    remedy: str


SWITCHES: Final = (
    Switch(
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0   (Ubuntu 23.10 and later)",
    ),
    Switch(
        "kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1   (Debian)"
    ),
    Switch("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=10000"),
)
IN_DOCKER: Final = "start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
NEWER_KERNEL: Final = "use Linux 5.13 or later, with landlock in the kernel's list lsm="
CONTAINER: Final = (
    'docker run --rm -it -v "$PWD:/work" -w /work python:3.13 bash   (untested), and install it there'
)


def open_attacks(tier: int) -> list[str]:
    """The classes of attacks that do not hold at a tier."""
    return [attack.what for attack in ATTACKS if tier < attack.holds_from]


def remedies(found: Isolation, system: str = sys.platform, settings: Path = Path("/proc/sys")) -> list[str]:
    """What the user can do for a higher tier; nothing at the highest."""
    if found.tier == isolation.HIGHEST:
        return []
    if system != "linux":
        return [CONTAINER]
    steps = [switch.remedy for switch in SWITCHES if value(settings / switch.file) == switch.value]
    if not steps and found.tier < isolation.HIGHEST:
        steps.append(IN_DOCKER if in_container() else NEWER_KERNEL)
    if found.tier < isolation.LANDLOCK and "landlock" in found.missing and NEWER_KERNEL not in steps:
        steps.append(NEWER_KERNEL)
    return steps


def demand(found: Isolation, required: int) -> None:
    """Raise GraderError, with the remedy, where less than the required tier is reached."""
    if found.tier >= required:
        return
    steps = [f"  {step}" for step in remedies(found)]
    raise GraderError(
        "\n".join(
            [
                f"Isolation tier {required} is required, and {found.tier} is reached ({found.missing}).",
                "No student code was run.",
                "Next:",
                *steps,
                f"  or, for code that you trust:  --require-isolation={found.tier}",
            ]
        )
    )


def for_others(given: int | None) -> int:
    """The tier that grading other people's code requires: the one asked for, else one that cannot be forged."""
    return isolation.LANDLOCK if given is None else given


def value(path: Path) -> str:
    """A setting of the kernel; empty where it has none of that name."""
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""


def in_container() -> bool:
    """Whether this is most likely a container."""
    return any(Path(path).exists() for path in ("/.dockerenv", "/run/.containerenv"))
