"""The package can be read in one order: imports point downwards, and modules and functions stay small."""

import ast
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "grader"
MODULES = sorted(PACKAGE.rglob("*.py"))
# from the top to the bottom; a line may import what stands on it and below it
ROOMS = ["cli", "authoring", "student", "batch", "judge", "reports", "cell", "replay", "course", "words"]
WORDS = {"messages", "model", "settings", "errors"}
FORBIDDEN = {"cell": {"judge", "replay", "course"}}  # a cell holds no answers
# what runs in the cell; the rest of grader.cell is the judge's side of it
IN_THE_CELL = {"__main__", "interception", "protocol", "student_code", "values", "warm", "wire", "worker", "zygote"}
JUDGE_NEVER_IMPORTS = {"openai", "httpx", "vcr", "dotenv"}  # student code does, in the cell
MOST_LINES = 500
MOST_LINES_OF_A_FUNCTION = 40
PRINTERS = {"cli.py", "cell/zygote.py"}
READERS_OF_THE_ENVIRONMENT = {"settings.py", "cell/worker.py"}  # the worker wipes its own


def shown(path):
    """A module's path below grader/."""
    return path.relative_to(PACKAGE).as_posix()


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


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_every_module_is_in_a_room(path):
    """There is no file beside the rooms."""
    assert room(dotted(path)) in ROOMS


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_imports_point_downwards(path):
    """A module imports from its own room and from lower ones only."""
    mine = room(dotted(path))
    upwards = [
        f"{shown(path)}:{line} imports {name}"
        for line, name in imports(path)
        if name.split(".")[0] == "grader" and name != "grader" and ROOMS.index(room(name)) < ROOMS.index(mine)
    ]
    assert upwards == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_forbidden_rooms_are_not_entered(path):
    """The cell's room knows neither judge nor replay nor course, though they lie below or above."""
    forbidden = FORBIDDEN.get(room(dotted(path)), set())
    entered = [name for _, name in imports(path) if name.split(".")[0] == "grader" and room(name) in forbidden]
    assert entered == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_what_runs_in_the_cell_knows_only_the_cell(path):
    """A module that runs beside student code imports no other room, not even the words."""
    if room(dotted(path)) != "cell" or not ({path.stem} & IN_THE_CELL or path.parent.name == "isolation"):
        return
    names = [name for _, name in imports(path) if name.split(".")[0] == "grader"]
    assert [name for name in names if room(name) != "cell"] == []
    others = {name.split(".")[2] for name in names if name.count(".") >= 2}
    assert others <= IN_THE_CELL | {"isolation"}


def test_no_modules_import_each_other():
    """There is no cycle, not even a lazy one."""
    graph = {dotted(path): {name for _, name in imports(path) if name.startswith("grader")} for path in MODULES}
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


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_the_judge_does_not_import_what_students_use(path):
    """The SDK and its company are for cells, and for tools of authors that run in processes of their own."""
    if room(dotted(path)) not in ("judge", "reports", "replay", "course", "words", "batch"):
        return
    assert {name.split(".")[0] for _, name in imports(path)} & JUDGE_NEVER_IMPORTS == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_a_module_is_small(path):
    """About 250 lines are meant; twice that is the end."""
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_functions_are_small(path):
    """About 20 lines are meant; twice that is the end."""
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: lines_of(node) for node in functions if lines_of(node) > MOST_LINES_OF_A_FUNCTION}
    assert long == {}


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_only_the_command_line_prints_and_exits(path):
    """print and exit belong to the command line, to a script's last line, and to a process that nobody else hears."""
    calls = [ast.unparse(node.func) for node in at_run_time(tree(path)) if isinstance(node, ast.Call)]
    ending = {"print", "exit", "quit", "sys.exit", "typer.echo", "typer.Exit", "breakpoint"} & set(calls)
    raised = [node for node in at_run_time(tree(path)) if isinstance(node, ast.Name) and node.id == "SystemExit"]
    assert shown(path) in PRINTERS or (ending, raised) == (set(), [])


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_only_settings_read_the_environment(path):
    """One module decides what of the user's environment counts."""
    names = {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    readers = {"os.environ", "os.getenv", "os.environb", "os.putenv"} & names
    assert shown(path) in READERS_OF_THE_ENVIRONMENT or readers == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_nothing_is_unpickled_or_loaded_unsafely(path):
    """No module can be made to run what student code or a cassette wrote."""
    modules = {name.split(".")[0] for _, name in imports(path)}
    assert modules & {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"} == set()
    unsafe = {"yaml.Loader", "yaml.UnsafeLoader", "yaml.FullLoader", "yaml.unsafe_load", "yaml.full_load"}
    assert unsafe & {ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)} == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_every_part_explains_itself(path):
    """Each module and each public class and function has a docstring that ends like a sentence."""
    nodes = [tree(path), *(node for node in tree(path).body if isinstance(node, ast.ClassDef | ast.FunctionDef))]
    for node in nodes:
        name = getattr(node, "name", path.name)
        doc = ast.get_docstring(node)
        assert name.startswith("_") or (doc and doc.split("\n\n")[0].rstrip().endswith((".", ":"))), name


def test_the_tests_look_at_something():
    """An empty folder would pass everything above."""
    assert len(MODULES) > 20
    assert {room(dotted(path)) for path in MODULES} >= {"cli", "judge", "cell", "replay", "course", "words"}


def test_an_upward_import_is_seen(tmp_path, monkeypatch):
    """Imports are found wherever they stand: lazily, relatively, of a package or of a name in it."""
    (tmp_path / "grader" / "cell").mkdir(parents=True)
    (tmp_path / "grader" / "judge").mkdir()
    (tmp_path / "grader" / "judge" / "run.py").write_text("Run = 1")
    path = tmp_path / "grader" / "cell" / "odd.py"
    path.write_text(
        "import os\nfrom grader import judge\ndef f():\n    import grader.replay.player\n    from ..judge import run\n"
        "    from grader.judge.run import Run\n    from . import wire\n"
    )
    monkeypatch.setattr("test_layers.ROOT" if False else f"{__name__}.ROOT", tmp_path)
    assert list(imports(path)) == [
        (1, "os"),
        (2, "grader.judge"),
        (4, "grader.replay.player"),
        (5, "grader.judge.run"),
        (6, "grader.judge.run"),
        (7, "grader.cell"),
    ]
