"""Archives, notebooks and downloads, made as students and learning platforms make them."""

import io
import tarfile
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "tests" / "solutions" / "lesson1"
HELLO = "ex03_hello.py"


def zipped(files):
    """A zip's bytes; a name may be a ZipInfo."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files, mode="w:gz"):
    """A tar's bytes; a name may be a TarInfo, whose content is None for what is no file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = content.encode() if isinstance(content, str) else content
            info.size = len(data or b"")
            archive.addfile(info, io.BytesIO(data) if data is not None else None)
    return stream.getvalue()


def cells(*sources, **metadata):
    """A notebook's bytes; its cells are code."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources], metadata=metadata
    )
    return nbformat.writes(made).encode()


def by_id(taken):
    """The submissions by their students' ids."""
    return {one.student.id: one for one in taken.submissions}


def contents(submission):
    """What is in a submission's folder."""
    return {path.name: path.read_bytes() for path in submission.folder.iterdir()}
