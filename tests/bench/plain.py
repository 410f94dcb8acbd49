"""The yardstick of tests/bench/student.py: the lesson's checks in one ordinary pytest process, replayed by vcrpy.

No second process, no contract, no verdicts of our own: what a course would have with pytest and vcrpy alone. Both
takes are replayed, as the judge does.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import openai
import pytest
import vcr

ROOT = Path(__file__).parents[2]
KEY = "sk-test-0123456789"


def pytest_configure(config):
    """Know the marker of the checks."""
    config.addinivalue_line("markers", "points(n): what this check is worth")
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
        with contextlib.redirect_stdout(out):
            result = getattr(self._module, name)(*args, **kwargs)
        self.printed = out.getvalue()
        plain = result is None or isinstance(result, bool | int | float | str | bytes | list | tuple | dict)
        return result if plain else PlainHandle(result)

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
        from grader.replay.log import LoggedRequest

        self.requests.append(LoggedRequest(operation="", host="", body=body, key=key, line=None))
        return request

    def answered(self, response):
        """Log a response of vcrpy."""
        content = response["body"]["string"]
        try:
            body = json.loads(content)
            choices = body.get("choices", [])
        except ValueError:
            body, choices = None, []
        texts = [choice["message"]["content"] for choice in choices]
        text = texts[0] if texts else None
        self.replies.append(SimpleNamespace(status=200, body=body, content=content, texts=texts, text=text))
        return response


@pytest.fixture
def student(request, tmp_path):
    """The solution."""
    name = request.path.stem.removeprefix("test_")
    return PlainStudent(Path(os.environ["PLAIN_SUBMISSION"]) / f"{name}.py", tmp_path)


@pytest.fixture
def api():
    """The log."""
    return PlainApi()


def same_shape(mine, recorded):
    """A chat request matches by n and cap, a moderation request by its input."""
    sent, stored = (json.loads(request.body) for request in (mine, recorded))
    names = ("n", "max_tokens", "max_completion_tokens", "stream", "input")
    default = {"n": 1, "stream": False}
    assert all(sent.get(name, default.get(name)) == stored.get(name, default.get(name)) for name in names)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run a check on each take."""
    student, api = pyfuncitem.funcargs["student"], pyfuncitem.funcargs.get("api")
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    name = pyfuncitem.path.stem.removeprefix("test_")
    takes = sorted((ROOT / "cassettes" / "lesson1" / name).glob("?.yaml")) if api else []
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
