"""The trusted process: a pytest plugin that owns collection, runs the checks, and makes the verdicts."""

from importlib.util import find_spec

import pytest

LIBRARIES = ("hypothesis", "msgspec", "openai", "yaml")

# Who forgot to activate the environment runs another Python's pytest, which would show twenty of its own frames.
if not all(map(find_spec, LIBRARIES)):
    missing = ", ".join(name for name in LIBRARIES if not find_spec(name))
    raise pytest.UsageError(
        f"This Python does not have the libraries of the grader ({missing}).\n"
        "Next: activate its environment (source .venv/bin/activate; on Windows .venv\\Scripts\\activate),\n"
        "      or make one with the first command of README.md"
    )
