"""Why a file of checks cannot be collected: pytest's own report keeps no line of it."""

import traceback
from pathlib import Path

import pytest


class Uncollected:
    """A pytest plugin: for each file of checks that cannot be collected, the line and what is wrong there."""

    def __init__(self) -> None:
        self.faults: dict[Path, tuple[int, str]] = {}

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object]
    ) -> None:
        """Note what stopped the collection of a file."""
        if isinstance(node, pytest.Module) and call.excinfo:
            error = call.excinfo.value.__cause__ or call.excinfo.value  # pytest words some anew
            self.faults[node.path] = _fault(error, node.path)


def _fault(error: BaseException, path: Path) -> tuple[int, str]:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 1, f"this is not Python: {error.msg}"
    steps = traceback.extract_tb(error.__traceback__)
    lines = [step.lineno or 1 for step in steps if step.filename == str(path)]
    words = " ".join(str(error).split())
    return lines[-1] if lines else 1, f"it cannot be imported: {type(error).__name__}: {words}"
