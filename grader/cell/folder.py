"""The working folder between two worlds: emptied, whatever student code did to it."""

import os
import shutil
from pathlib import Path


def empty(folder: Path) -> bool:
    """Delete everything in a folder, whatever student code did to it. Whether it is empty now."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            unlock(path)
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    return not any(folder.iterdir())


def unlock(folder: Path) -> None:
    """Make a folder and all below it readable, from the top down: a locked one hides those in it."""
    folder.chmod(0o700)
    for top, names, _ in os.walk(folder):
        for path in (Path(top, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o700)
