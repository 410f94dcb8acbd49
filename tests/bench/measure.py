"""Paired measurements: the two commands take turns, so that a busy machine slows both."""

import os
import platform
import random
import statistics
import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def paired(ours: Sequence[str], other: Sequence[str], pairs: int, folder: Path) -> dict[str, object]:
    """Median and 95 % bootstrap interval of the ratio ours/other of wall times, and both medians in seconds."""
    for command in (ours, other):
        wall(command, folder)  # once uncounted: bytecode and file cache are warm for both
    times = [(wall(ours, folder), wall(other, folder)) for _ in range(pairs)]
    ratios = [a / b for a, b in times]
    low, high = interval(ratios)
    return {
        "ratio": round(statistics.median(ratios), 3),
        "interval": [round(low, 3), round(high, 3)],
        "seconds": round(statistics.median(a for a, _ in times), 3),
        "other_seconds": round(statistics.median(b for _, b in times), 3),
    }


def wall(command: Sequence[str], folder: Path) -> float:
    """Wall time of a command in seconds. It must succeed: a failing run measures nothing."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


def interval(ratios: list[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the median; the draws are seeded."""
    draws = random.Random(0)  # noqa: S311 - no secret
    medians = sorted(statistics.median(draws.choices(ratios, k=len(ratios))) for _ in range(2000))
    return medians[49], medians[1949]


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cpu": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "openai": version("openai"),
        "pytest": version("pytest"),
    }


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
