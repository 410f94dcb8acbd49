"""A student's module: loading it from a real file, and finding the student's own lines."""

import ast
import importlib.util
import itertools
import os
import sys
import traceback
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType, TracebackType

Function = ast.FunctionDef | ast.AsyncFunctionDef
MOST_OF_A_LINE = 200  # characters; the judge looks how it begins


class StudentCode:
    """One submission's module in its working folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.file = str(folder / f"{name}.py")
        self._name = name
        self._source = b""
        self.module: ModuleType | None = None
        self._lines: dict[str, int] = {}
        self._classes: dict[str, int] = {}
        self._stubs: set[str] = set()

    def load(self, name: str = "") -> None:
        """Run the module's own code, under another name if one is given; whatever it raises goes through."""
        name = name or self._name
        self._source = Path(self.file).read_bytes()
        code, self._lines, self._classes, self._stubs = compiled(self._source, self.file)
        spec = importlib.util.spec_from_file_location(name, self.file)
        if spec is None:
            raise ImportError(self.file)
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[name] = self.module  # dataclasses look their module up there
        exec(code, self.module.__dict__)  # noqa: S102 - this is the cell, where student code runs

    def answer_line(self, name: str) -> int | None:
        """Where the function's answer comes from, as far as the text tells."""
        return self._lines.get(name)

    def first_line(self, name: str) -> int | None:
        """Where a function, `Chat.send` or the __init__ of `Chat` begins; without an __init__ the class itself.

        It is for an error before the first line of it, such as a missing argument.
        """
        owner, _, method = name.rpartition(".")
        names = vars(self.module) if self.module else {}
        found = names.get(owner or name)
        if isinstance(found, type):
            found = vars(found).get(method if owner else "__init__")
        return found.__code__.co_firstlineno if isinstance(found, FunctionType) else self._classes.get(name)

    def text(self, line: int | None) -> str:
        """The text of a line, at most MOST_OF_A_LINE characters; empty where there is no such line."""
        found = self._source.splitlines()[line - 1 : line] if line else []
        return b"".join(found).decode("utf-8", "replace")[:MOST_OF_A_LINE]

    def begun(self, trace: TracebackType | None) -> bool:
        """Whether the function that raised is more than a stub: a docstring and one statement."""
        last = [frame.f_code.co_name for frame, _ in traceback.walk_tb(trace)][-1:]
        return not self._stubs.issuperset(last)

    def line_of(self, trace: TracebackType | None) -> tuple[int | None, bool]:
        """The student's innermost line of a traceback, and whether the traceback ends there."""
        line, own = None, False
        while trace is not None:
            own = trace.tb_frame.f_code.co_filename == self.file
            if own:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line, own

    def current_line(self) -> int | None:
        """The student's innermost line that is running now, in this thread."""
        frames = _outwards(sys._getframe(1))  # noqa: SLF001
        return next((frame.f_lineno for frame in frames if frame.f_code.co_filename == self.file), None)


def forget_modules(folder: Path, before: int) -> None:
    """Drop the modules that came from the folder; `before` is how many modules there were before all of them.

    Only the newest are looked at: in a forked process each object that is touched costs a copy of its page.
    """
    newest = list(itertools.islice(reversed(sys.modules), max(len(sys.modules) - before, 0)))
    inside = str(folder) + os.sep
    for name in newest:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(inside):
            del sys.modules[name]


@lru_cache(maxsize=1)
def compiled(source: bytes, file: str) -> tuple[CodeType, dict[str, int], dict[str, int], set[str]]:
    """The module's code, its answer lines, the lines of its classes, and its stubs.

    A check's world is made anew, the text stays the same.
    """
    tree = ast.parse(source, file)
    functions = dict(functions_of(tree))
    lines = {name: answer_line(function) for name, function in functions.items()}
    stubs = {one.name for one in functions.values() if len(one.body) - bool(ast.get_docstring(one)) == 1}
    classes = {node.name: node.lineno for node in tree.body if isinstance(node, ast.ClassDef)}
    try:
        code = compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        error.lineno = first_line_of_class(tree, error.lineno or 1)
        raise
    return code, lines, classes, stubs


def first_line_of_class(tree: ast.Module, line: int) -> int:
    """Where the class around a line begins, if it is meant as a function; else the line."""
    around = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.end_lineno or line)
    )
    inner = max(around, key=lambda node: node.lineno, default=None)
    if inner is None or not inner.name.islower() or any(isinstance(part, Function) for part in inner.body):
        return line
    return inner.lineno


def functions_of(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """The functions of a module, and its methods as `Chat.send`."""
    for node in tree.body:
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for part in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(part, Function):
                yield owner + part.name, part


def answer_line(function: Function) -> int:
    """The line of the function's only `return`; without any that of its last statement, with several its `def`."""
    returns = [part.lineno for part in ast.walk(function) if isinstance(part, ast.Return)]
    if len(returns) > 1:
        return function.lineno
    return returns[0] if returns else function.body[-1].lineno


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
