"""The package can be read in one order: imports point downwards, and modules and functions stay small."""

import ast
import importlib.util
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "grader"
MODULES = sorted(PACKAGE.rglob("*.py"))
# from the top to the bottom; a line may import what stands on it and below it
ROOMS = ["cli", "authoring", "student", "batch", "judge", "reports", "cell", "replay", "course", "words"]
WORDS = {"messages", "model", "settings", "errors"}
FORBIDDEN = {"cell": {"judge", "replay", "course"}}  # a cell holds no answers
# what runs in the cell; the rest of grader.cell is the judge's side of it
IN_THE_CELL = {
    "__main__",
    "folder",
    "protocol",
    "script",
    "student_code",
    "values",
    "warm",
    "wire",
    "worker",
    "zygote",
}
FOLDERS_IN_THE_CELL = {"interception", "isolation"}
OF_STUDENTS = {"openai", "vcr"}  # the judge's own process never imports them
OF_THE_JUDGE = {"judge", "reports", "replay", "course", "words", "batch"}
ENDING = {"print", "exit", "quit", "sys.exit", "SystemExit", "typer.echo", "typer.Exit", "breakpoint"}
MOST_LINES = 500
MOST_LINES_OF_A_FUNCTION = 40
CAUGHT = {"cell/script.py SystemExit"}  # the exit of a student's script, which ends there
PRINTERS = {
    "cli/authors.py",
    "cli/ci.py",
    "cli/ending.py",
    "cli/grading.py",
    "cli/mentors.py",
    "cli/students.py",
    "cell/zygote.py",
}
# the worker wipes its own; student code inside pytest has another for as long as it runs
READERS_OF_THE_ENVIRONMENT = {"settings.py", "cell/worker.py", "cell/lent.py"}


def shown(path):
    """A module's path below grader/."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path):
    """The syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"), str(path))


def room(module):
    """The room of a dotted name such as grader.cell.wire."""
    name = module.split(".")[1] if "." in module else "words"
    return "words" if name in WORDS or name == "__init__" else name


def dotted(path):
    """The dotted name of a file below grader/."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """The modules of grader that a module imports, anywhere in it, also lazily: line and dotted name."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            inside = [f"{above}.{alias.name}" for alias in node.names]
            names = [name if is_module(name) else above for name in inside]
        else:
            continue
        for name in names:
            yield node.lineno, name


def is_module(name):
    """Whether a dotted name is a module or package of this project."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def lines_of(node):
    """How many lines a function has."""
    return node.end_lineno - node.lineno + 1


def at_run_time(module):
    """The nodes of a module that run when it is imported or called, without its `if __name__ == "__main__"`."""
    for node in module.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            continue
        yield from ast.walk(node)


def ours(path):
    """The modules of this package that a module imports: line and dotted name."""
    return [(line, name) for line, name in imports(path) if name.startswith("grader.")]


def used(path):
    """What a module names with a dot, such as `os.environ`."""
    return {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def test_every_module_is_in_a_room():
    """There is no file beside the rooms."""
    assert [shown(path) for path in MODULES if room(dotted(path)) not in ROOMS] == []


def test_imports_point_downwards():
    """A module imports from its own room and from lower ones only."""
    upwards = [
        f"{shown(path)}:{line} imports {name}"
        for path in MODULES
        for line, name in ours(path)
        if ROOMS.index(room(name)) < ROOMS.index(room(dotted(path)))
    ]
    assert upwards == []


def test_the_cell_enters_no_room_with_answers():
    """The cell's room knows neither judge nor replay nor course, though two of them lie below it."""
    entered = [
        f"{shown(path)}:{line} imports {name}"
        for path in MODULES
        for line, name in ours(path)
        if room(name) in FORBIDDEN.get(room(dotted(path)), set())
    ]
    assert entered == []


def test_what_runs_in_the_cell_knows_only_the_cell():
    """A module that runs beside student code imports no other room, not even the words, nor the judge's side."""
    inside = [
        path
        for path in MODULES
        if room(dotted(path)) == "cell" and (path.stem in IN_THE_CELL or path.parent.name in FOLDERS_IN_THE_CELL)
    ]
    assert {path.stem for path in inside} >= IN_THE_CELL
    for path in inside:
        for line, name in ours(path):
            parts = name.split(".")
            assert parts[1] == "cell", f"{shown(path)}:{line}"
            assert parts[2:3] == [] or parts[2] in IN_THE_CELL | FOLDERS_IN_THE_CELL, f"{shown(path)}:{line}"


def test_no_modules_import_each_other():
    """There is no cycle, not even a lazy one."""
    graph = {dotted(path): {name for _, name in ours(path)} for path in MODULES}
    done, doing = set(), []

    def visit(name):
        assert name not in doing, " -> ".join([*doing[doing.index(name) :], name])
        if name in done or name not in graph:
            return
        doing.append(name)
        for other in sorted(graph[name] - {name}):
            visit(other)
        done.add(doing.pop())

    for name in sorted(graph):
        visit(name)


def test_the_judge_does_not_import_what_students_use():
    """The SDK and its company are for cells, and for tools of authors that run in processes of their own."""
    found = [
        f"{shown(path)}:{line} imports {name}"
        for path in MODULES
        for line, name in imports(path)
        if room(dotted(path)) in OF_THE_JUDGE and name.split(".")[0] in OF_STUDENTS
    ]
    assert found == []


def test_modules_are_small():
    """About 250 lines are meant; twice that is the end."""
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_functions_are_small():
    """About 20 lines are meant; twice that is the end."""
    long = {
        f"{shown(path)}:{node.lineno} {node.name}": lines_of(node)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_only_the_command_line_prints_and_exits():
    """Printing and exiting belong to the command line, a script's last line, and a process that nobody hears."""
    found = [
        f"{shown(path)}:{node.lineno} {name}"
        for path in MODULES
        if shown(path) not in PRINTERS
        for node in at_run_time(tree(path))
        for name in [ast.unparse(node.func) if isinstance(node, ast.Call) else getattr(node, "id", "")]
        if name in ENDING and f"{shown(path)} {name}" not in CAUGHT
    ]
    assert found == []


def test_only_settings_read_the_environment():
    """One module decides what of the user's environment counts."""
    readers = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
    found = {shown(path): used(path) & readers for path in MODULES if used(path) & readers}
    assert set(found) <= READERS_OF_THE_ENVIRONMENT


def test_nothing_is_unpickled_or_loaded_unsafely():
    """No module can be made to run what student code or a cassette wrote."""
    modules = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    loaders = {"yaml.Loader", "yaml.UnsafeLoader", "yaml.FullLoader", "yaml.unsafe_load", "yaml.full_load"}
    found = {
        shown(path): unsafe
        for path in MODULES
        if (unsafe := ({name.split(".")[0] for _, name in imports(path)} & modules) | (used(path) & loaders))
    }
    assert found == {}


def test_every_part_explains_itself():
    """Each module and each public class and function has a docstring that begins with a sentence."""
    silent = []
    for path in MODULES:
        parts = [node for node in tree(path).body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        for node in [tree(path), *(part for part in parts if not part.name.startswith("_"))]:
            first = (ast.get_docstring(node) or "").split("\n\n")[0].rstrip()
            if not first.endswith((".", ":", "?")):
                silent.append(f"{shown(path)}:{getattr(node, 'lineno', 1)}")
    assert silent == []


def test_the_tests_look_at_something():
    """An empty folder would pass everything above."""
    assert len(MODULES) > 20
    assert {room(dotted(path)) for path in MODULES} >= {"cli", "judge", "cell", "replay", "course", "words"}


def test_imports_are_found_wherever_they_stand(tmp_path, monkeypatch):
    """At the top or in a function, absolute or relative, of a module or of a name in it."""
    (tmp_path / "grader" / "cell").mkdir(parents=True)
    (tmp_path / "grader" / "judge").mkdir()
    (tmp_path / "grader" / "judge" / "run.py").write_text("Run = 1")
    path = tmp_path / "grader" / "cell" / "odd.py"
    path.write_text(
        "import os\nfrom grader import judge\ndef f():\n    import grader.replay.player\n"
        "    from ..judge import run\n    from grader.judge.run import Run\n    from . import wire\n"
    )
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert list(imports(path)) == [
        (1, "os"),
        (2, "grader.judge"),
        (4, "grader.replay.player"),
        (5, "grader.judge.run"),
        (6, "grader.judge.run"),
        (7, "grader.cell"),
    ]
