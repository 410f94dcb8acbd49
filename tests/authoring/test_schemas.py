"""The generated JSON Schemas."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from grader.authoring import schemas

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = ROOT / "assignments"


@pytest.mark.parametrize("kind", ["lesson", "quiz"])
def test_shipped_schema_is_the_generated_one(kind):
    """The schema files for editors are those that the types give today."""
    path = ASSIGNMENTS / f"{kind}.schema.json"
    assert path.read_bytes() == schemas.schema(kind), f"run: grader schema {kind} > assignments/{path.name}"


@pytest.mark.parametrize(("kind", "file"), [("lesson", "lesson.toml"), ("quiz", "quiz.toml")])
def test_lesson_files_fit_their_schema(kind, file):
    """An editor that uses the schema finds no fault with the shipped lesson, and finds a planted one."""
    schema = json.loads(schemas.schema(kind))
    path = ASSIGNMENTS / "lesson1" / file
    assert path.read_text("utf-8").startswith(f"#:schema ../{kind}.schema.json\n")
    content = tomllib.loads(path.read_text("utf-8"))
    jsonschema.validate(content, schema)
    content["question" if kind == "quiz" else "exercise"][0]["points"] = "six"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def test_command_prints_the_schema():
    """`grader schema report` prints what the types give."""
    code = "from grader.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "schema", "report"], cwd=ROOT, capture_output=True, check=True
    )
    assert run.stdout == schemas.schema("report")
