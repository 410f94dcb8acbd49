"""For tests of isolation: what other users and containers are, as seen by a judge."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOBODY = 65534
# What Docker's default profile does to an ordinary container: no new namespaces, no mounts.
LIKE_DOCKER = """
import ctypes, errno, os, struct
from grader.cell.isolation import kernel, seccomp
kernel.drop_capabilities()
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
numbers = {"x86_64": (272, 308, 165, 155, 442), "aarch64": (97, 268, 40, 41, 442)}[os.uname().machine]
code = [(0x20, 0, 0, 0)] + [one for number in numbers for one in ((0x15, 0, 1, number), (6, 0, 0, 0x50001))]
code = seccomp.packed([*code, (6, 0, 0, 0x7FFF0000)])
kept = ctypes.create_string_buffer(code, len(code))
kernel.syscall("seccomp", 1, 0, struct.pack("=H6xQ", len(code) // 8, ctypes.addressof(kept)))
"""


def common_python(folder):
    """A Python and its libraries that every user of this machine can read (a copy, where root's are private)."""
    python = Path("/usr/bin/python3")
    told = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, check=False
    )
    if told.stdout.decode().strip() != str(sys.version_info[:2]):
        pytest.skip("the system has no Python of this version for all users")
    folder.chmod(0o755)
    left_out = shutil.ignore_patterns("mypy*", "*mypyc*", "ruff*", "pip", "setuptools", "tests")
    shutil.copytree(sysconfig.get_path("purelib"), folder / "site", ignore=left_out)
    shutil.copytree(ROOT / "grader", folder / "project" / "grader")
    shutil.copy(ROOT / "tests" / "cell" / "escapes.py", folder)
    for name in ("assignments", "cassettes", "tests/attacks", "tests/solutions"):
        shutil.copytree(ROOT / name, folder / "project" / name)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / "project")
    subprocess.run([python, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "common.pth").write_text(f"{folder / 'site'}\n{folder / 'project'}\n")
    own = folder / "venv" / "bin" / "python"  # cells get no PYTHONPATH: they find the libraries through this one
    return {
        "python": python,
        "own": own,
        "site": str(folder / "site"),
        "path": str(folder / "project"),
        "folder": folder,
    }
