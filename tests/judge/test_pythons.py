"""The same result on every Python that the project supports."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


def found(version):
    """An interpreter of this version: on PATH, or one of pyenv's."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    pyenvs = sorted(versions.glob(f"{version}.*/bin/python{version}"))
    return next(iter(pyenvs), None) or shutil.which(f"python{version}")


@pytest.fixture(scope="module", params=[version for version in PYTHONS if version != OWN])
def other_python(request, tmp_path_factory):
    """An environment of another Python, with the course's exact versions."""
    interpreter = found(request.param)
    if interpreter is None:
        pytest.skip(f"there is no Python {request.param} here")
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([interpreter, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    packages = ["-c", ROOT / ".ci/constraints.txt", "-e", ROOT]
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


@pytest.mark.full
@pytest.mark.parametrize("submission", [None, "tests/solutions/lesson1"], ids=["stubs", "solutions"])
def test_another_python_gives_the_same_bytes(grade, other_python, submission):
    """Stubs and solutions get the same result, byte for byte."""
    assert grade(submission, python=other_python).canonical == grade(submission).canonical
