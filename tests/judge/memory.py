"""A plugin that tells how much memory its pytest needed: for runs in which the judge is watched (Linux)."""

import re
import sys
from pathlib import Path


def pytest_unconfigure() -> None:
    """Write the most megabytes that this program ever had; getrusage also counts those of who started it."""
    status = Path("/proc/self/status").read_text("ascii")
    most = re.search(r"VmHWM:\s+(\d+) kB", status)
    sys.stderr.write(f"judge: {int(most[1]) >> 10 if most else 'unknown'} MB\n")
