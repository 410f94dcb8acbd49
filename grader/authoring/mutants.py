"""Mutants: a solution with one small change each. What can be changed, and how, mutmut's operators say."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path

import msgspec

from grader.errors import GraderError

INSTALL = 'pip install -e ".[mutate]"'


class Mutant(msgspec.Struct, frozen=True):
    """A changed source. `old` and `new` are the lines that differ, in one and without the blanks around them."""

    source: str
    line: int
    old: str
    new: str


def mutants(path: Path, shown: str) -> list[Mutant]:
    """All mutants of a file, each once; no annotation and no docstring is changed. Raises GraderError."""
    require_mutmut()
    try:
        source = path.read_text("utf-8")
        compile(source, shown, "exec")
    except (OSError, SyntaxError, ValueError) as error:
        raise GraderError(f"{shown}: it cannot be read: {error}.") from None
    sources = dict.fromkeys(_changed(source))
    return [_mutant(source, other) for other in sources if other != source and _compiles(other)]


def require_mutmut() -> None:
    """Raise GraderError with the install command where mutmut is missing."""
    if find_spec("mutmut") is None:
        raise GraderError(
            f"Mutants need mutmut, which is not installed.\nInstall it from the course's folder:\n  {INSTALL}"
        )


def _changed(source: str) -> Iterator[str]:
    """The source with each change of mutmut's, in any order."""
    from libcst import MetadataWrapper, parse_module  # noqa: PLC0415 - an extra, and slow to load
    from mutmut.mutation.file_mutation import MutationVisitor  # noqa: PLC0415
    from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415
    from mutmut.mutation.pragma_handling import IgnoredCode  # noqa: PLC0415

    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper = MetadataWrapper(parse_module(source))
    wrapper.visit(visitor)
    for mutation in visitor.mutations:
        changed = wrapper.module.deep_replace(mutation.original_node, mutation.mutated_node)
        yield wrapper.module.code_for_node(changed)


def _compiles(source: str) -> bool:
    """Whether Python takes it: that a program which never starts loses points proves nothing."""
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _mutant(source: str, other: str) -> Mutant:
    before, after = source.splitlines(), other.splitlines()
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    _, start, _, new_start, _ = changed[0]
    _, _, end, _, new_end = changed[-1]
    return Mutant(other, start + 1, _in_one(before[start:end]), _in_one(after[new_start:new_end]))


def _in_one(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
