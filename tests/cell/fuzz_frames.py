"""Fuzz the judge's side of the protocol with atheris: `python fuzz_frames.py CORPUS [-runs=N]`.

`.ci/run --full` runs it; the corpus is kept in tests/cell/corpus, and a crash is written beside it.
"""

import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

with atheris.instrument_imports(include=["grader.cell"]):
    import peer


def fuzz(data):
    """Whatever the bytes are, as frames or as the body of one, the judge ends the cell and lives on."""
    peer.outcome(data[: 1 << 14])
    peer.outcome(len(data).to_bytes(4, "big") + data[: 1 << 14])
    peer.unpacked(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
