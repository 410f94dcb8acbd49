"""How far student code is kept apart from the rest of the machine: one module a layer, chosen by probing."""

from typing import Final

import msgspec

NAMESPACES: Final = 4  # a root, processes and a network of its own, and all of tier 3
LANDLOCK: Final = 3  # Landlock, a seccomp filter, no powers of root
SANDBOX: Final = 2  # macOS sandbox-exec
PROCESS: Final = 1  # a separate process with limits
HIGHEST: Final = NAMESPACES
LINUX_ONLY: Final = "kernel isolation is for Linux"
PRACTICE: Final = 2  # up to this tier a hostile submission could forge its grade


class Isolation(msgspec.Struct, frozen=True):
    """The tier that is reached, and what is missing for each higher one; empty at the highest."""

    tier: int
    missing: str
