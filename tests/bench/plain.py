"""The yardstick of tests/bench/student.py: the lesson's checks in one ordinary pytest process, replayed by vcrpy.

No second process, no contract, no verdicts of our own: what a course would have with pytest and vcrpy alone. Both
takes are replayed, as the judge does.
"""

import contextlib
import importlib.util
import io
import json
import os
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import openai
import pytest
import vcr
import yaml

ROOT = Path(__file__).parents[2]
KEY = "sk-test-0123456789"
OPERATIONS = {"/chat/completions": "chat", "/moderations": "moderation", "/audio/speech": "speech"}
PLAIN = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset)


def pytest_configure(config):
    """Know the marker of the checks."""
    config.addinivalue_line("markers", "points(n): what this check is worth")
    config.addinivalue_line("markers", "title(text): what a student reads of this case")
    config.addinivalue_line("markers", "replay(reason): only the recorded exchanges can prove it")


class PlainHandle:
    """An object with the methods that checks use on handles."""

    def __init__(self, thing):
        self.thing = thing
        self.type = type(thing).__name__

    def call(self, name, *args, **kwargs):
        """Call a method by its dotted name."""
        found = self.thing
        for part in name.split("."):
            found = getattr(found, part)
        return found(*args, **kwargs)


class PlainStudent:
    """The reference solution, imported here."""

    def __init__(self, path, folder):
        self._path = path
        self._folder = folder
        self._module = None
        self.source = path.read_text(encoding="utf-8")
        self.printed = ""

    def begin(self):
        """A fresh world for each check."""
        os.environ.pop("OPENAI_API_KEY", None)
        os.chdir(self._folder)
        for path in self._folder.iterdir():
            path.unlink()
        self.prepare(files={".env": f"OPENAI_API_KEY={KEY}\n"})

    def prepare(self, env=None, files=None):
        """Change the world and load the module in it."""
        for name, value in (env or {}).items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for name, text in (files or {}).items():
            path = self._folder / name
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text)
        target = self._folder / self._path.name
        target.write_text(self.source)
        spec = importlib.util.spec_from_file_location(self._path.stem, target)
        self._module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._module)

    def call(self, name, *args, **kwargs):
        """Call a function."""
        args = [arg.thing if isinstance(arg, PlainHandle) else arg for arg in args]
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                result = getattr(self._module, name)(*args, **kwargs)
        except Exception as error:
            error.type = type(error).__name__
            raise
        finally:
            self.printed = out.getvalue()
        return result if result is None or isinstance(result, PLAIN) else PlainHandle(result)

    def run(self, typed=()):
        """Run the file as a script that reads these lines."""
        out, status, before = io.StringIO(), 0, sys.stdin
        sys.stdin = io.StringIO("".join(f"{line}\n" for line in typed))
        try:
            with contextlib.redirect_stdout(out):
                runpy.run_path(str(self._folder / self._path.name), run_name="__main__")
        except SystemExit as ended:
            status = ended.code or 0
        finally:
            sys.stdin = before
        return SimpleNamespace(output=out.getvalue(), status=status)

    def each(self, name, strategy):
        """Call a function with drawn arguments."""
        from grader.judge.draws import draw

        return [(args, self.call(name, *args)) for args in draw(strategy)]

    def hold(self, value):
        """Nothing crosses here: an object stays what it is."""
        return PlainHandle(value)

    def files(self):
        """The files that the student's code left."""
        names = {self._path.name, ".env"}
        return {path.name: path.read_bytes() for path in self._folder.iterdir() if path.name not in names}

    def __getattr__(self, name):
        return lambda *args, **kwargs: self.call(name, *args, **kwargs)


class PlainApi:
    """vcrpy's cassette as the API."""

    key = KEY

    def __init__(self):
        self.requests = []
        self.replies = []

    def client(self):
        """A client."""
        return PlainHandle(openai.OpenAI(api_key=KEY))

    def expect(self, operation, *, times=1, **fields):
        """Nothing: vcrpy has no contract."""

    def begin(self):
        """An empty log."""
        self.requests.clear()
        self.replies.clear()

    def asked(self, request):
        """Log a request of vcrpy."""
        body = json.loads(request.body) if request.body else {}
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        operation = next((name for end, name in OPERATIONS.items() if request.path.endswith(end)), "")
        from grader.replay.log import LoggedRequest

        self.requests.append(LoggedRequest(operation=operation, host="", body=body, key=key, line=None))

    def answered(self, response):
        """Log a response of vcrpy."""
        content = response["body"]["string"]
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        from grader.replay.log import LoggedReply

        self.replies.append(LoggedReply(status=200, body=body, content=content))


@pytest.fixture
def student(request, tmp_path):
    """The solution."""
    name = request.path.stem.removeprefix("test_")
    return PlainStudent(Path(os.environ["PLAIN_SUBMISSION"]) / f"{name}.py", tmp_path)


@pytest.fixture
def api():
    """The log."""
    return PlainApi()


@pytest.fixture
def quiz(student):
    """The lesson's questions as the solution's SEED draws them."""
    from grader.course import drawing, quizzes, seeds
    from grader.course.lessons import Course

    drawn, seed = quizzes.of(Course(ROOT), "lesson1"), seeds.seed_in(student.source)
    return SimpleNamespace(seed=seed, question=lambda name: drawing.asked(drawn, drawn.named(name), seed))


def same_shape(mine, recorded):
    """A chat request matches by what shapes its answer, a moderation request by the words of its input."""
    assert shape(json.loads(mine.body or "{}")) == shape(json.loads(recorded.body or "{}"))


def shape(body):
    """What decides which answer fits."""
    cap = body.get("max_completion_tokens") or body.get("max_tokens")
    turn = sum(message["role"] == "assistant" for message in body.get("messages", []))
    given = body.get("input") or ""
    pieces = [given] if isinstance(given, str) else given
    parts = [piece if isinstance(piece, str) else piece.get("text", "") for piece in pieces]
    return body.get("n", 1), cap, bool(body.get("stream")), turn, " ".join(parts).split()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a check on each take."""
    student, api = pyfuncitem.funcargs["student"], pyfuncitem.funcargs.get("api")
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    name = pyfuncitem.path.stem.removeprefix("test_")
    takes = sorted((Path(os.environ["PLAIN_CASSETTES"]) / name).glob("*.yaml")) if api else []
    for take in takes or [None]:
        student.begin()
        if take is None:
            pyfuncitem.obj(**arguments)
            continue
        api.begin()
        recorder = vcr.VCR(record_mode="none")
        recorder.register_matcher("shape", same_shape)
        with recorder.use_cassette(
            str(take), match_on=["method", "path", "shape"], allow_playback_repeats=True
        ) as cassette:
            watch(cassette, api)
            pyfuncitem.obj(**arguments)
    return True


def write_takes(folder):
    """Write each take as one cassette: plain vcrpy plays one file."""
    for path in sorted((ROOT / "cassettes" / "lesson1").glob("*/?.yaml")):
        whole = yaml.safe_load(path.read_bytes())
        for more in sorted(path.parent.glob(f"{path.stem}.*.yaml")):
            whole["interactions"] += yaml.safe_load(more.read_bytes())["interactions"]
        target = folder / path.parent.name / path.name
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")


def watch(cassette, api):
    """Log what a cassette plays."""
    play = cassette.play_response

    def logged(request):
        response = play(request)
        api.asked(request)
        api.answered(response)
        return response

    cassette.play_response = logged


sys.dont_write_bytecode = True
