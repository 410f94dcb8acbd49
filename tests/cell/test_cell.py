"""A cell does what the judge commands: it runs the student's code in a fresh world and gives back data."""

import os
import re
import sys
import time
from pathlib import Path

import pytest

from grader.cell.protocol import Each, Files, Hold, MakeClient, Raised, Read, Returned
from grader.cell.values import MAX_ITEMS, Items, Packer, Record, Reference

HOME = re.compile(r"^(HOME|TMPDIR|USERPROFILE|TEMP|TMP)$")
SPOILT_WORLD = """
import json, os, sys
with open("helper.py", "w") as file:
    file.write("value = 1")
os.mkdir("folder")
open("folder/file", "w").close()
os.environ["OPENAI_API_KEY"] = "left behind"
sys.path.insert(0, os.getcwd())
import helper
sys.path.remove(os.getcwd())
os.chdir("folder")
"""
LOOK = """
import os, sys
def f():
    return sorted(os.listdir()), dict(os.environ), os.getcwd(), sys.argv, "helper" in sys.modules
"""


def packed(thing):
    """Plain data as it crosses."""
    return Packer(lambda reference: reference).pack(thing)


def test_a_function_is_called_with_its_arguments(cells):
    """Positional and keyword arguments arrive, and the returned value comes back with its line."""
    cells.start("""
        def add(a, b=0, *, c=0):
            print("adding")
            return [a, b, c]
        """)
    outcome = cells.call("add", 1, "two", c=(3.0, None))
    assert outcome == Returned(outcome.call, outcome.value, 4)
    assert cells.plain(outcome) == [1, "two", (3.0, None)]


def test_what_a_call_prints_is_captured(cells):
    """Standard output and standard error of the last call are kept, whatever Python or a library wrote."""
    cells.start("""
        import ctypes, os, sys
        print("while loading")
        def f():
            print("out \N{EURO SIGN} \\ud800", end="; ")
            print("err", file=sys.stderr, end="; ", flush=True)
            sys.stdout.flush()
            ctypes.CDLL(None).dprintf(1, b"library; ")
            sys.stdout.flush()
            os.write(1, b"raw \\xff")
        def g():
            pass
        """)
    assert cells.printed.splitlines() == ["while loading"]
    cells.call("f")
    parts = {"out \N{EURO SIGN} \\ud800", "err", "library", "raw \N{REPLACEMENT CHARACTER}"}
    assert set(re.split(r"; \n?", cells.printed)) == parts
    cells.call("g")
    assert cells.printed == ""


def test_an_async_function_is_awaited(quick_cells):
    """A check calls async functions like others."""
    source = """
        import asyncio
        async def f(x):
            await asyncio.sleep(0)
            return x + 1
        """
    assert quick_cells.result(source, 1) == 2


def test_there_is_nothing_to_read_from_the_keyboard(quick_cells):
    """input() ends at once instead of waiting."""
    quick_cells.start("def f(): return input('? ')")
    assert quick_cells.call("f").kind == "EOFError"


@pytest.mark.parametrize(
    ("body", "kind", "bases", "message", "where"),
    [
        ("raise ValueError('no')", "ValueError", ["ValueError", "Exception"], "no", (8, True)),
        ("raise Mine('why')", "Mine", ["Mine", "KeyError", "LookupError"], "'why'", (8, True)),
        ("raise NotImplementedError", "NotImplementedError", ["NotImplementedError"], "", (8, True)),
        ("helper()", "ZeroDivisionError", ["ZeroDivisionError", "ArithmeticError"], "division by zero", (3, True)),
        ("json.loads('[')", "JSONDecodeError", ["JSONDecodeError", "ValueError"], None, (8, False)),
        ("raise SystemExit(3)", "SystemExit", ["SystemExit", "BaseException"], "3", (8, True)),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ["KeyboardInterrupt"], "", (8, True)),
        ("raise BaseException('b')", "BaseException", ["BaseException"], "b", (8, True)),
        ("raise Rude", "Rude", ["Rude", "Exception"], "", (8, True)),
        ("raise KeyError(Rude())", "KeyError", ["KeyError"], "", (8, True)),
        ("raise ValueError('\\ud800')", "ValueError", ["ValueError"], "", (8, True)),
        ("raise SyntaxError('\\ud800')", "SyntaxError", ["SyntaxError"], None, (8, True)),
        ("raise ValueError('x' * 10_000_000)", "ValueError", ["ValueError"], "x" * 2000, (8, True)),
        ("raise ExceptionGroup('two', [OSError()])", "ExceptionGroup", ["ExceptionGroup"], None, (8, True)),
        ("import nowhere.at_all", "ModuleNotFoundError", ["ModuleNotFoundError", "ImportError"], None, (8, True)),
        ("f()", "RecursionError", ["RecursionError", "RuntimeError"], None, (8, True)),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_an_exception_is_an_outcome(quick_cells, body, kind, bases, message, where):  # noqa: PLR0913, PLR0917
    """Whatever is raised arrives as names, a capped message, and the student's innermost line."""
    started = quick_cells.start(f"""import json
def helper():
    return 1 / 0
class Mine(KeyError): pass
class Rude(Exception):
    def __str__(self): raise TypeError
    __repr__ = __str__
def f(): {body}
""")
    assert isinstance(started, Returned)
    outcome = quick_cells.call("f")
    assert isinstance(outcome, Raised)
    assert (outcome.kind, outcome.bases[: len(bases)]) == (kind, bases)
    assert (outcome.line, outcome.own) == where
    assert message in (None, outcome.message)


def test_a_library_that_is_not_there_is_named(quick_cells):
    """The judge learns which module could not be found."""
    assert quick_cells.start("import nowhere.at_all").library == "nowhere"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ndef f(:\n    pass\n", 2),
        ("x = 1\nif x:\nprint(x)\n", 3),
        ("x = 'never closed\n", 1),
        (b"\xef\xbb\xbfx = 1\r\ny = )\r\n", 2),
        ("return 1\n", 1),
        ("x = " + "(" * 300 + ")" * 300, 1),
        ("# coding: klingon\nx = 1\n", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_syntax_error_has_its_line(quick_cells, source, line):
    """A file that Python cannot read is an exception with the line that Python names."""
    outcome = quick_cells.start(source)
    assert isinstance(outcome, Raised)
    assert outcome.kind in ("SyntaxError", "IndentationError")
    assert outcome.own
    assert outcome.line == line or (line is None and outcome.line in (0, 1))
    assert outcome.message


@pytest.mark.parametrize("source", ["def f(): return " + "-" * 100_000 + "1", "x = " + "f(" * 90 + "0" + ")" * 90])
def test_deeply_nested_code_is_an_outcome(quick_cells, source):
    """Code that is too deep for the parser is the student's exception, not a crash."""
    outcome = quick_cells.start(source)
    assert outcome.kind in ("MemoryError", "RecursionError", "SyntaxError", "NameError")


def test_code_that_fails_while_it_is_loaded(quick_cells):
    """An exception of the module's own code is the outcome of Start, with its line."""
    outcome = quick_cells.start("x = 1\n\ny = x / 0\n")
    assert (outcome.kind, outcome.line, outcome.own) == ("ZeroDivisionError", 3, True)


def test_a_missing_function_comes_with_what_there_is(cells):
    """The names that do exist go with it, without private and builtin ones."""
    cells.start("""
        import os
        def helo(client): pass
        def _hidden(): pass
        def print(): pass
        """)
    outcome = cells.call("hello")
    assert (outcome.missing, outcome.line) == ("hello", None)
    assert outcome.names == ["helo", "os"]
    assert cells.call("helo.nothing").missing == "nothing"


def test_objects_stay_and_are_used_by_number(cells):
    """A handle can be passed back, called and read; only plain data comes out of it."""
    cells.start("""
        class Chat:
            def __init__(self):
                self.log = []
                self.inner = self
            def send(self, text, end="!"):
                self.log.append(text + end)
                return len(self.log)
        def make():
            return Chat()
        def last(chat):
            return chat.log[-1]
        """)
    chat = cells.value("make")
    assert chat == Reference(chat.number, "Chat")
    assert cells.value("send", "a", target=chat.number) == 1
    assert cells.value("inner.inner.send", "b", target=chat.number, end="?") == 2
    assert cells.value("last", chat) == "b?"
    assert cells.plain(cells.do(Read(chat.number, "inner.log"))) == ["a!", "b?"]
    assert cells.do(Read(chat.number, "nothing")).missing == "nothing"
    assert cells.plain(cells.do(Read(None, "Chat"))).name == "type"


def test_a_held_value_is_one_object(cells):
    """Plain data arrives anew with each call; of what is held, each call gets the very same object."""
    cells.start("""
        seen = []
        def same(items):
            seen.append(items)
            return seen[0] is items
        """)
    held = cells.plain(cells.do(Hold(packed([1, 2]))))
    assert held.name == "list"
    assert [cells.value("same", [1, 2]), cells.value("same", [1, 2])] == [True, False]
    cells.start("def f(items, more=None):\n    items.append(more)\n    return items")
    held = cells.plain(cells.do(Hold(packed([1]))))
    assert cells.value("f", held, more=2) == [1, 2]
    assert cells.value("f", held) == [1, 2, None]
    assert cells.value("copy", target=held.number) == [1, 2, None]


def test_a_line_of_a_class_is_found(quick_cells):
    """An answer of a method has its line, and a missing argument is told where the method or __init__ begins.

    Without an __init__ it is told where the class begins, and a missing method where a function of its name does.
    """
    quick_cells.start("""
        class Chat:
            def __init__(self, client):
                self.client = client
            async def send(self, text):
                return text
        class Empty:
            pass
        def send():
            return 1
        """)
    chat = quick_cells.value("Chat", 1).number
    assert quick_cells.call("send", "Hi", target=chat).line == 6
    assert quick_cells.call("send", target=chat).line == 5
    assert quick_cells.call("client.send", target=chat).line is None
    assert quick_cells.call("Chat").line == 3
    assert quick_cells.call("Empty", 1).line == 7
    assert quick_cells.call("send").line == 10
    empty = quick_cells.value("Empty").number
    missing = quick_cells.call("send", target=empty)
    assert (missing.missing, missing.line, missing.code) == ("send", 9, "def send():")
    assert quick_cells.call("say", target=empty).line is None


def test_a_handle_of_an_earlier_world_is_gone(quick_cells):
    """Start forgets all objects; the number of one that is gone is the caller's mistake, not a crash."""
    quick_cells.start("def f(): return object()")
    number = quick_cells.value("f").number
    quick_cells.start("def f(): return 1")
    assert quick_cells.call("f", target=number).kind == "IndexError"


def test_what_equals_everything_stays_in_the_cell(quick_cells):
    """Subclasses, and objects or classes that compare as equal to everything, arrive as references."""
    source = """
        from unittest import mock
        class Meta(type):
            def __eq__(cls, other): return True
            __hash__ = type.__hash__
        class Text(str):
            def __eq__(self, other): return True
            __hash__ = str.__hash__
        class Whole(metaclass=Meta): pass
        def f():
            return [Text("a"), mock.ANY, mock.MagicMock(), Whole()]
        """
    assert [one.name for one in quick_cells.result(source)] == ["Text", "_ANY", "MagicMock", "Whole"]


def test_a_model_of_the_sdk_arrives_as_data(quick_cells):
    """A completion that a function returns is a record, with the API's own field names."""
    source = """
        from openai.types import CompletionUsage
        def f():
            return [CompletionUsage(completion_tokens=1, prompt_tokens=2, total_tokens=3)]
        """
    (record,) = quick_cells.result(source)
    assert isinstance(record, Record)
    assert (record.type, record.data["total_tokens"]) == ("CompletionUsage", 3)


@pytest.mark.parametrize(
    "value",
    [
        "nest(80)",
        "endless()",
        f"[0] * {MAX_ITEMS + 1}",
        "'x' * 2**21",
        "b'x' * 2**21",
        "['x' * 2**20] * 9",
        "['x' * 2**20] * 6_000",
        "1 << 2**23",
        "{i: str(i) for i in range(60_000)}",
    ],
)
def test_a_value_that_is_too_big_is_an_outcome(quick_cells, value):
    """Deep, endless and huge values are refused in the cell, which lives on."""
    quick_cells.start(f"""
        def nest(depth):
            return [nest(depth - 1)] if depth else 0
        def endless():
            one = {{}}
            one["one"] = one
            return one
        def f():
            return {value}
        def g():
            return "alive"
        """)
    assert quick_cells.call("f").kind == "TooBigError"
    assert quick_cells.value("g") == "alive"


def test_inputs_are_tried_in_one_call(cells):
    """Each gives all results, or the first exception with the results before it."""
    cells.start("""
        import asyncio
        def half(x):
            if x % 2:
                raise ValueError(x)
            return x // 2
        async def double(x):
            return 2 * x
        """)
    assert cells.plain(cells.do(Each("half", packed([[2], [4]])))) == [1, 2]
    assert cells.plain(cells.do(Each("double", packed([[2], [4]])))) == [4, 8]
    outcome = cells.do(Each("half", packed([[2], [4], [5], [6]])))
    assert (outcome.kind, outcome.message, outcome.before) == ("ValueError", "5", Items("list", [1, 2]))


def test_results_before_an_exception_may_be_too_big(quick_cells):
    """Too many results are an outcome, also where a later input raises."""
    quick_cells.start("""
        def f(x):
            return [0] * 60_000 if x else 1 / x
        """)
    outcome = quick_cells.do(Each("f", packed([[1], [1], [0]])))
    assert outcome.kind in ("TooBigError", "ZeroDivisionError")


def test_files_that_code_wrote_are_read(cells):
    """Files gives what student code left, without what the judge put there, links, or other folders."""
    cells.start(
        """
        import os
        def f():
            os.mkdir("sub")
            for name in ("a.txt", "sub/b.bin"):
                with open(name, "wb") as file:
                    file.write(b"\\xff" + name.encode())
            try:
                os.symlink("/etc/passwd", "link")
                os.symlink("/etc", "sub/etc")
                os.mkfifo("fifo")
            except (AttributeError, OSError):
                pass
        """,
        files={"given.txt": b"given"},
    )
    cells.call("f")
    files = cells.plain(cells.do(Files()))
    assert files == {"a.txt": b"\xffa.txt", "sub/b.bin": b"\xffsub/b.bin"}


def test_the_environment_is_wiped(cells, canary):
    """No variable of the user's reaches student code, not even through /proc or the C library."""
    source = """
        import ctypes, os
        def f():
            environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
            native = []
            while environ[len(native)]:
                native.append(environ[len(native)])
            try:
                with open("/proc/self/environ") as file:
                    first = file.read()
            except OSError:
                first = ""
            return dict(os.environ), first, native
        """
    variables, first, native = cells.result(source, environment={"GIVEN": "1"})
    names = {"PATH", "LANG", "TZ", "PYTHONHASHSEED", "PYTHONUTF8", "NO_COLOR", "SSL_CERT_DIR", "GIVEN"}
    names |= {"LITELLM_LOCAL_MODEL_COST_MAP"}
    assert {name for name in variables if not HOME.match(name)} <= names | {"SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC"}
    assert {value for name, value in variables.items() if HOME.match(name)} == {str(cells.folder)}
    assert canary not in f"{variables} {first} {native}"
    assert os.environ["GRADER_TEST_CANARY"] == canary


def test_the_search_for_a_dotenv_stops_in_the_scratch_folder(cells):
    """load_dotenv() finds the exercise's .env, or an empty one, and never the user's."""
    source = """
        import os
        from dotenv import find_dotenv, load_dotenv
        def f():
            return find_dotenv(), load_dotenv(), os.getenv("SECRET")
        """
    path, found, secret = cells.result(source)
    assert (Path(path).parent, found, secret) == (cells.folder.parent, False, None)
    path, found, secret = cells.result(source, files={".env": b"SECRET=mine\n"})
    assert (Path(path).parent, found, secret) == (cells.folder, True, "mine")


def test_each_start_is_a_fresh_world(cells):
    """Files, environment, working folder, arguments and modules of the code before it are gone."""
    before = cells.result(LOOK, files={".env": b""})
    assert isinstance(cells.start(SPOILT_WORLD), Returned)
    assert cells.result(LOOK, files={".env": b""}) == before
    names, _, folder, argv, remembered = before
    assert names == [".env", "ex.py"]
    assert (folder, argv, remembered) == (str(cells.folder), [str(cells.folder / "ex.py")], False)


def test_a_folder_that_code_deleted_is_made_again(cells):
    """Code that removes its own working folder, if it can, does not spoil the next world."""
    cells.close_cell()
    cells.result("import os, shutil\ndef f(): shutil.rmtree(os.getcwd(), ignore_errors=True)")
    assert cells.result("import os\ndef f(): return os.listdir()") == ["ex.py"]


def test_a_folder_that_code_locked_is_deleted_too(cells):
    """Permissions that code took away, of itself and of others, do not carry files into the next world."""
    source = """
        import os
        def f():
            os.makedirs("outer/inner")
            for name in ("outer/file", "outer/inner/file"):
                open(name, "w").close()
            os.makedirs("born locked/inner", mode=0o500)
            os.chmod("outer/inner", 0)
            os.chmod("outer", 0o500)
            os.chmod(".", 0o500)
        """
    cells.result(source)
    assert cells.result("import os\ndef f(): return os.listdir()") == ["ex.py"]


def test_helpers_of_the_same_name_are_not_mixed_up(quick_cells):
    """A module that an earlier world imported from its folder is not served to the next one."""
    source = """
        import sys, os
        sys.path.insert(0, os.getcwd())
        import helper
        def f():
            return helper.value
        """
    assert quick_cells.result(source, files={"helper.py": b"value = 1"}) == 1
    assert quick_cells.result(source, files={"helper.py": b"value = 'the second'"}) == "the second"


def test_the_graders_own_code_is_out_of_reach(cells):
    """In a cell `grader` is grader.cell only, and no file of the project can be imported."""
    source = """
        import importlib, sys
        def f(names):
            found = []
            for name in names:
                try:
                    importlib.import_module(name)
                    found.append(name)
                except ModuleNotFoundError:
                    pass
            return found, sorted(name for name in sys.modules if name.split(".")[0] == "grader"), sys.path
        """
    others = ["judge", "judge.plugin", "replay", "replay.player", "course", "model", "messages", "settings", "cli"]
    outside = ["assignments", "cassettes", "conftest", "tests", "ex"]
    found, loaded, path = cells.result(source, [*(f"grader.{name}" for name in others), *outside, "ex"])
    assert found == ["ex", "ex"]  # its own module, which is loaded already
    assert {name.split(".")[1] for name in loaded if name != "grader"} == {"cell"}
    assert not {"grader.cell.launch", "grader.cell.supervisor", "grader.cell.output"} & set(loaded)
    assert "" not in path
    assert str(cells.folder) not in path


@pytest.mark.skipif(sys.platform == "win32", reason="needs descriptors")
def test_no_descriptor_of_the_judge_is_inherited(cells):
    """A cell has its input, its output, and one socket."""
    source = """
        import os, stat
        def f():
            return list(kinds())
        def kinds():
            for number in range(4096):
                try:
                    yield number, stat.filemode(os.fstat(number).st_mode)[0]
                except OSError:
                    pass
        """
    found = cells.result(source)
    assert [number for number, _ in found][:3] == [0, 1, 2]
    assert [kind for _, kind in found] == ["c", "p", "p", "s"]  # /dev/null, two pipes, a socket


def test_a_module_is_a_real_file(quick_cells):
    """Tracebacks, dataclasses, inspect and __file__ work as in a student's own run."""
    source = """
        import dataclasses, inspect, typing
        @dataclasses.dataclass
        class Point:
            x: "int"
        def f():
            return __name__, __file__, inspect.getsource(f), str(typing.get_type_hints(Point)), __doc__
        """
    name, file, text, hints, doc = quick_cells.result('"""What it is."""' + source.replace("\n        ", "\n"))
    assert (name, file, doc) == ("ex", str(quick_cells.folder / "ex.py"), "What it is.")
    assert text.startswith("def f():")
    assert hints == "{'x': <class 'int'>}"


def test_a_client_is_made_with_the_key(cells):
    """MakeClient gives a handle to the real SDK's client; it does not need a variable of the environment."""
    cells.start("def key(client): return client.api_key, type(client).__module__")
    client = cells.plain(cells.do(MakeClient("sk-given")))
    assert client.name == "OpenAI"
    assert cells.value("key", client) == ("sk-given", "openai")


def test_a_warm_cell_starts_quickly(quick_cells):
    """The SDK is imported before student code runs: a world costs far less than `import openai`."""
    begun = time.monotonic()
    quick_cells.result("import openai, dotenv\ndef f(): openai.OpenAI(api_key='x').chat.completions")
    assert time.monotonic() - begun < 2  # a busy machine is slow, too


def test_the_versions_are_those_that_student_code_imports(cells):
    """A report names the libraries of the cell, not of the judge."""
    source = "import openai, httpx2\ndef f(): return {'openai': openai.__version__, 'httpx2': httpx2.__version__}"
    assert cells.launcher.ready().versions == cells.result(source)


def test_the_reached_tier_is_told(cells):
    """The tier is one of the words of the design, with what is missing for a higher one."""
    assert cells.isolation.tier in range(1, 5)
    assert bool(cells.isolation.missing) == (cells.isolation.tier < 4)
