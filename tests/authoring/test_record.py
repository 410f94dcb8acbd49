"""`grader record`: from a real HTTP server, through vcrpy, to takes that are proved before they are stored."""

import importlib.util
import json
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
import yaml
from typer.testing import CliRunner

from grader.authoring import difference, estimate, record, reel, sdk, sources, stage, written
from grader.authoring.asked import Defaults
from grader.authoring.local_model import require_packages
from grader.authoring.sources import LocalModel, Opened
from grader.cli import main
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.replay import cassettes
from grader.replay.matching import operation_of
from grader.settings import Secret
from tests.stub_api import SOUND, running

ROOT = Path(__file__).resolve().parents[2]
LESSON = "lesson1"
CANARY = "sk-canary-7f3a9be1c2d4e5f60718293a4b5c6d7e"
OLD = ["a.yaml", "a.errors.yaml", "b.yaml"]


class Stub:
    """A source for the stand-in: its takes differ by the path of the base URL."""

    name = "the stand-in"
    key = Secret(CANARY)
    max_cost = 0.0
    costs = False

    def __init__(self, server):
        self.server = server
        self.opened = []

    @contextmanager
    def open(self, seed, judged):
        """The take's own base URL."""
        self.opened.append(seed)
        self.server.judged = judged
        yield Opened(self.server.take(f"take{seed}"))

    def facts(self, opened, seed, operations):
        """What the cassette says."""
        assert opened.base_url.endswith(f"take{seed}/v1")
        return {"origin": "local-model", "engine": "a stand-in", "seed": seed, "operations": sorted(operations)}


@pytest.fixture
def api():
    """Run the stand-in."""
    with running() as server:
        server.more = {"timings": {"ms": 1}}
        yield server


@pytest.fixture
def source(api):
    """The stand-in as a source."""
    return Stub(api)


@pytest.fixture
def course(tmp_path, request):
    """A course with one exercise to record, its takes of the repository, and authored errors beside them."""
    root = tmp_path / "course"
    name = getattr(request, "param", "ex03_hello")
    shutil.copytree(ROOT / "assignments", root / "assignments")
    shutil.copytree(ROOT / "cassettes" / LESSON / name, root / "cassettes" / LESSON / name)
    shutil.copytree(ROOT / "tests" / "solutions", root / "tests" / "solutions")
    return Course(root)


def take(course, name="a", exercise="ex03_hello"):
    """The path of a take."""
    return course.root / "cassettes" / LESSON / exercise / f"{name}.yaml"


def run(course, source, *names, seeds=()):
    """Record; gives the lines for the author."""
    chosen = record.chosen(course, LESSON, names or ["ex03"])
    return list(record.record(course, LESSON, chosen, source, seeds))


def kept(course):
    """All files of the cassettes, with their bytes."""
    return {path: path.read_bytes() for path in (course.root / "cassettes").rglob("*") if path.is_file()}


# --- the whole way


def test_a_recording_replaces_the_takes(course, source, api):
    """Solution and variant are recorded twice; the takes say where they come from, and replay everywhere."""
    variants = Path("tests", "variants", LESSON, "ex03_hello")
    shutil.copytree(ROOT / variants, course.root / variants)
    errors = take(course, "a.errors")
    errors.write_bytes((ROOT / "cassettes" / LESSON / "ex03_hello" / "b.yaml").read_bytes())
    authored = errors.read_bytes()
    lines = run(course, source, seeds=[5, 6])
    assert source.opened == [5, 6]
    assert errors.read_bytes() == authored
    for name, seed in (("a", 5), ("b", 6)):
        loaded = cassettes.load(take(course, name), name)
        assert [bool(one.sent.get("stream")) for one in loaded.interactions] == [False, True]
        assert {one.request.uri for one in loaded.interactions} == {"https://api.openai.com/v1/chat/completions"}
        assert {text for one in loaded.interactions for text in reel.texts(one)} == {
            f"Hello from take{seed} to Hello World."
        }
        metadata = written.metadata(take(course, name))
        assert metadata["seed"] == seed
        assert metadata["dropped"] == ["timings"]
        assert metadata["checked"] == cassettes.fingerprint(loaded.interactions)
        assert metadata["operations"] == ["chat"]
    assert {headers["authorization"] for _, headers, _ in api.asked} == {f"Bearer {CANARY}"}
    assert CANARY not in "".join(lines) + "".join(content.decode() for content in kept(course).values())
    assert [path.name for path in take(course).parent.iterdir() if path.name.startswith(".")] == []
    text = take(course).read_text("utf-8")
    assert "        string: |+\n          data: {" in text
    assert max(text.count("sk-"), text.count("timings")) == 1  # `dropped: [timings]`


@pytest.mark.full
def test_the_old_seeds_count_and_new_takes_get_their_own(course, source):
    """Without --seeds a take keeps the seed that it says; one that says none gets its own."""
    seeds = [written.metadata(take(course, name))["seed"] for name in "ab"]
    shutil.copy(take(course), take(course, "c"))
    take(course).unlink()
    run(course, source)
    assert source.opened == [1, seeds[1], seeds[0]]


@pytest.mark.full
@pytest.mark.parametrize("course", ["ex12_speech"], indirect=True)
def test_speech_is_recorded_as_bytes(course, source):
    """Sound is stored as it came; the answer to a wrong voice is an error, and is not stored."""
    lines = run(course, source, "ex12")
    (exchange,) = cassettes.load(take(course, "a", "ex12_speech"), "a").interactions
    assert exchange.content == SOUND + f"take{source.opened[0]}/".encode()
    assert any("bytes" in line for line in lines)


@pytest.mark.full
@pytest.mark.parametrize("course", ["ex11_guardrail"], indirect=True)
def test_replies_are_recorded_and_their_moderation_is_repeated(course, source):
    """Texts without an authored result are named, and nothing changes; with one, chat alone is recorded."""
    streaming = Path("tests", "variants", LESSON, "ex11_guardrail", "streaming.py")
    (course.root / streaming).parent.mkdir(parents=True)
    shutil.copy(ROOT / streaming, course.root / streaming)
    before = kept(course)
    said = run(course, source, "ex11", seeds=[5, 6])[-1]
    start = "ex11_guardrail: not recorded: add to a.moderation.yaml what to say about: "
    assert said.startswith(f"{start}'Hello from take5 to Which plant is hard .' and ")
    assert kept(course) == before
    for name, seed in (("a", 5), ("b", 6)):
        judge_alike(take(course, f"{name}.moderation", "ex11_guardrail"), f"Hello from take{seed} to {{}}.")
    authored = {path: content for path, content in kept(course).items() if "moderation" in path.name}
    assert "ex11_guardrail b.yaml" in run(course, source, "ex11", seeds=[5, 6])
    for path, content in authored.items():
        assert path.read_bytes() == content
        loaded = cassettes.load(path.with_name(path.name.replace(".moderation", "")), "a").interactions
        assert {operation_of(one) for one in loaded} == {"chat"}
        assert len(loaded) == 8


def judge_alike(path, said):
    """Write results for the stand-in's replies into an authored take: to each question what is known of it."""
    exchanges = cassettes.load(path, path.name).interactions
    replies = []
    for one in exchanges[4:8]:  # the harmless questions; the reply to one of them is flagged
        text = said.format(one.sent["input"][:20])
        flagged = exchanges[0] if one.sent["input"].startswith("How does he kill") else one
        request = msgspec.structs.replace(one.request, body=json.dumps(one.sent | {"input": text}))
        replies.append(msgspec.structs.replace(flagged, request=request))
    path.write_bytes(written.cassette((*exchanges[:8], *replies), {"origin": "authored", "note": "a test"}))


# --- what must not be stored


def refused(course, source, match, *names, seeds=()):
    """Record, which fails; nothing has changed."""
    before = kept(course)
    with pytest.raises(GraderError, match=match) as raised:
        run(course, source, *names, seeds=seeds)
    assert kept(course) == before
    return str(raised.value)


def test_a_planted_secret_is_caught(course, source, api):
    """A reply that holds a key is an error and no cassette; the message does not show it."""
    planted = "sk-proj-abcdefghijklmnop0123456789"
    api.text = planted + " of {path}"
    message = refused(
        course, source, r"a\.yaml: a secret was found in the response's body of exchange 1: an API key"
    )
    assert planted not in message


def test_the_authors_own_key_is_caught(course, source, api):
    """The key that the recording was made with is found too, whatever it looks like."""
    source.key = Secret("correct-horse-battery")
    api.text = "correct-horse-{path}-battery, correct-horse-battery"
    assert "correct-horse-battery" not in refused(course, source, "your own key")


def test_secrets_in_headers_are_dropped(course, source, api):
    """Cookies and organisations in headers go nowhere. New takes are called a and b, their seeds far apart."""
    shutil.rmtree(take(course).parent)
    api.headers = {
        "set-cookie": "__cf_bm=secret",
        "openai-organization": "org-secretsecret",
        "x-request-id": "req_1",
    }
    run(course, source)
    text = take(course).read_text("utf-8")
    assert "secret" not in text
    assert "x-request-id: [req_1]" in text
    assert source.opened == [1, 101]
    assert sorted(path.name for path in take(course).parent.iterdir()) == ["a.yaml", "b.yaml"]


def test_equal_takes_are_refused(course, source, api):
    """Where chance decides, two takes that say the same would let a hard-coded answer pass."""
    api.text = "Always the same."
    refused(course, source, "takes a and b give the same reply: 'Always the same.'")


def test_an_answer_that_the_sdk_does_not_know(course, source, api):
    """A reply with a wrong type is told with its path."""
    api.finish = "tired"
    refused(course, source, r"exchange 1 is not what the SDK knows: choices\.0\.finish_reason")


def test_an_answer_that_fails_its_own_check(course, source):
    """A variant that does not earn all points stops the recording and is named."""
    path = course.root / "tests" / "variants" / LESSON / "ex03_hello" / "wrong.py"
    path.parent.mkdir(parents=True)
    path.write_text("def hello(client):\n    return 'Hi'\n")
    message = refused(
        course, source, r"a\.yaml: the variant wrong\.py does not pass test_reply: Your code made no chat"
    )
    assert message.endswith("Nothing was changed.")


def test_an_api_that_breaks_in_the_second_take(course, source, api):
    """A failure half-way keeps both old takes."""
    api.answers = []
    opened = source.open

    @contextmanager
    def failing(seed, judged):
        if len(source.opened) == 1:
            api.answers = [(500, {"error": {"message": "broken"}})] * 9
        with opened(seed, judged) as found:
            yield found

    source.open = failing
    refused(course, source, r"b\.yaml: the solution does not pass test_reply: The API at .* it failed \(HTTP 500")


def test_an_interrupted_recording_keeps_the_old_takes(course, source):
    """Ctrl-C during the second take leaves the files as they were, and no temporary ones."""
    before = kept(course)
    opened = source.open

    @contextmanager
    def interrupted(seed, judged):
        if len(source.opened) == 1:
            raise KeyboardInterrupt
        with opened(seed, judged) as found:
            yield found

    source.open = interrupted
    with pytest.raises(KeyboardInterrupt):
        run(course, source)
    assert kept(course) == before


def test_takes_are_replaced_together_or_not_at_all(tmp_path):
    """Where one file cannot be written, the other is not replaced, and nothing is left beside it."""
    good, bad = tmp_path / "a.yaml", tmp_path / "folder" / "b.yaml"
    good.write_bytes(b"old")
    (tmp_path / "folder").write_bytes(b"in the way")
    with pytest.raises(GraderError, match="could not be written"):
        written.replace_all({good: b"new", bad: b"new"})
    assert good.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "folder"]


@pytest.mark.parametrize("course", ["ex10_moderation"], indirect=True)
def test_what_the_source_does_not_have_stays(course, source):
    """Moderation is not recorded from a model that has none; the authored takes stay."""
    before = kept(course)
    assert run(course, source, "ex10")[-1] == "ex10_moderation: not recorded: the stand-in has no moderation"
    assert kept(course) == before


def test_an_exercise_that_asks_nothing(course, source):
    """There is nothing to record, and no cassette appears."""
    assert run(course, source, "ex01")[-1] == "ex01_api_key: not recorded: its right answers ask nothing"
    assert not (course.root / "cassettes" / LESSON / "ex01_api_key").exists()


def test_a_missing_solution_is_told(course, source):
    """Without a right answer there is nothing to record."""
    (course.root / "tests" / "solutions" / LESSON / "ex03_hello.py").unlink()
    refused(course, source, r"no reference solution to record\. Write tests/solutions/lesson1/ex03_hello\.py\.")


def test_missing_checks_are_told(course):
    """Before anything is recorded."""
    (course.checks(LESSON) / "test_ex03_hello.py").unlink()
    with pytest.raises(GraderError, match=r"checks/test_ex03_hello.py: it cannot be read\. Next: grader verify "):
        record.chosen(course, LESSON, [])


def test_broken_checks_are_told(course, source):
    """A lesson that cannot be graded is told in the judge's words."""
    checks = course.checks(LESSON) / "test_ex03_hello.py"
    checks.write_text(checks.read_text("utf-8").replace("points(4)", "points(5)"))
    refused(course, source, r"lesson\.toml.*its checks add up to 7")


# --- the command


@pytest.fixture
def command(course, monkeypatch):
    """Run the command in the course's folder, at a computer and not in CI."""
    monkeypatch.chdir(course.root)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return lambda *args, **more: CliRunner().invoke(main, ["record", LESSON, *args], **more)


def test_the_command_records_from_an_endpoint(command, course, api):
    """`grader record lesson1 ex03 --base-url URL` says what it does and what changed."""
    api.text = "Hello number {path}."
    old = take(course).read_bytes()
    result = command("ex03", "--base-url", api.base_url)
    assert result.exit_code == 2  # one address gives one text
    assert "give the same reply" in result.stderr
    assert take(course).read_bytes() == old
    counted = iter(range(99))
    api.RequestHandlerClass.texts, texts = (
        lambda *_: [f"Hello number {next(counted)}."],
        api.RequestHandlerClass.texts,
    )
    try:
        result = command("ex03", "--base-url", api.base_url)
    finally:
        api.RequestHandlerClass.texts = texts
    assert result.exit_code == 0, result.stderr
    assert "ex03_hello: recording take a ...\n" in result.stdout
    assert "  now: 'Hello number 0.'" in result.stdout
    assert written.metadata(take(course))["engine"] == f"a program at 127.0.0.1:{api.server_port}"


def test_the_command_refuses_in_ci(command, course, api, monkeypatch):
    """In CI nobody reads the texts: nothing is asked and nothing changes."""
    monkeypatch.setenv("CI", "true")
    before = kept(course)
    result = command("ex03", "--base-url", api.base_url)
    assert result.exit_code == 2
    assert "not for CI" in result.stderr
    assert (kept(course), api.asked) == (before, [])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["ex99"], "There is no exercise 'ex99' in lesson1. Its exercises: ex01, "),
        (["--live"], "--live needs your own API key"),
        (["--live", "--base-url", "https://example.com/v1"], "Leave one of them out."),
        (["--base-url", "example.com"], "--base-url=example.com: expected an address"),
        (["ex03", "--base-url", "http://127.0.0.1:9/v1", "--seeds", "1,x"], "--seeds 1,x: expected whole numbers"),
        (["ex03", "--base-url", "http://127.0.0.1:9/v1", "--seeds", "1"], "has the takes a, b: --seeds needs 2"),
        (["ex03", "--base-url", "http://127.0.0.1:9/v1"], "The API at 127.0.0.1:9 did not answer"),
    ],
)
def test_wrong_use_is_explained(command, args, says):
    """Each mistake is one sentence, and exit code 2."""
    result = command(*args)
    assert result.exit_code == 2
    assert says in result.stderr


def test_the_cost_is_agreed_to_first(command, course, monkeypatch):
    """With a key the bound is printed, and without a yes nothing is sent."""
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setattr(record, "record", lambda *_: pytest.fail("recorded without consent"))
    before = kept(course)
    result = command("ex03", "--live", input="n\n")
    assert result.exit_code == 1
    assert "the API at api.openai.com: 4 requests, at most $0.04 (prices of 2026-" in result.stdout
    assert CANARY not in result.output
    assert kept(course) == before


def test_an_exercise_without_takes_cannot_be_counted(course):
    """The estimate says what it does not know."""
    shutil.rmtree(take(course).parent)
    found = estimate.estimate(course, LESSON, record.chosen(course, LESSON, ["ex03"]))
    assert str(found).endswith("not counted, because there is no take yet: ex03_hello")


def test_missing_vcrpy_is_named_with_the_install_command(course, source, monkeypatch):
    """`grader record` needs the extra `record`, which pyproject.toml has."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr("grader.authoring.tape.find_spec", lambda _name: None)
    message = refused(course, source, "vcrpy is not installed")
    assert message.endswith('pip install -e ".[record]"')
    assert "\nrecord = [" in (ROOT / "pyproject.toml").read_text("utf-8")


# --- the parts


def test_plain_vcrpy_notices_a_difference(tmp_path):
    """A body that the client would see otherwise is named by its number."""
    path = tmp_path / "a.yaml"
    (exchange, *_) = cassettes.load(ROOT / "cassettes" / LESSON / "ex03_hello" / "a.yaml", "a").interactions
    path.write_bytes(written.cassette((sdk.with_body(exchange, "<html>"),), {"origin": "authored"}))
    with pytest.raises(GraderError, match=r"a\.yaml: exchange 1"):
        sdk.replay_plainly([path])


def test_unknown_fields_are_dropped_at_any_depth():
    """What the SDK's models do not have goes, in replies and in each piece of a stream; the rest stays."""
    exchanges = cassettes.load(ROOT / "cassettes" / LESSON / "ex03_hello" / "a.yaml", "a").interactions
    planted = []
    for exchange in exchanges:
        text = exchange.response.body.string.replace('"index":0', '"index":0,"odd":{"a":1}')
        planted.append(sdk.with_body(exchange, text.replace('"prompt_tokens":', '"speed":9,"prompt_tokens":')))
    clean, dropped = sdk.known(planted, "a.yaml")
    assert dropped == ["choices[].odd", "usage.speed"]
    for before, after in zip(exchanges, clean, strict=True):
        assert difference.bodies(before) == difference.bodies(after)


def test_the_difference_tells_shape_before_words():
    """Exchanges and keys that came or went stand before the words, and words are short."""
    old, new = (
        cassettes.load(ROOT / "cassettes" / LESSON / name, name).interactions
        for name in ("ex03_hello/a.yaml", "ex04_response/b.yaml")
    )
    new = new[:1]
    lines = difference.difference(old, new)
    assert lines[:3] == ["- chat: 200 stop", "- chat stream: 200 stop", "+ chat: 200 length"]
    assert lines[3] == "keys that went: choices[].delta"
    assert lines[4].startswith('now: "The sea')
    assert max(map(len, lines[4:])) < 150
    assert difference.difference(None, new)[0] == "new: 1 exchange"
    assert difference.difference(old, old)[0] == "same shape as before"


def test_what_is_written_is_what_is_read(tmp_path):
    """Texts of any kind survive YAML: blocks, emoji, odd spaces, quotes, and bytes."""
    (exchange, *_) = cassettes.load(ROOT / "cassettes" / LESSON / "ex03_hello" / "a.yaml", "a").interactions
    texts = [
        "data: {}\n\n",
        " led by a blank\n",
        "trailing \nblank",
        "'\"\\",
        "📬 \u2028 \x85",
        "\ttab\r\n",
        b"\x00\xff",
    ]
    path = tmp_path / "a.yaml"
    for text in texts:
        changed = (sdk.with_body(exchange, text),)
        path.write_bytes(written.cassette(changed, {"origin": "authored", "note": "x"}))
        assert cassettes.load(path, "a.yaml").interactions[0].response.body.string == text
        assert yaml.safe_load(path.read_bytes())["metadata"]["note"] == "x"


def test_seeds_and_limits_go_to_requests_that_have_none():
    """The local endpoint adds a seed and a limit, and changes neither where the client sent one."""
    defaults = Defaults(seed=7, limit=20)
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    assert json.loads(defaults.applied(json.dumps(body).encode())) == body | {"seed": 7, "max_tokens": 20}
    own = body | {"seed": 1, "max_completion_tokens": 3}
    assert json.loads(defaults.applied(json.dumps(own).encode())) == own
    raw = json.dumps(body, indent=2).encode()
    assert Defaults().applied(raw) == raw


def test_answers_are_the_solution_and_its_variants():
    """What is recorded is the reference solution first, and then each variant by its name."""
    course = Course(ROOT)
    (exercise,) = record.chosen(course, LESSON, ["ex05_parameters"])
    assert list(stage.answers(course, LESSON, exercise)) == [
        "the solution",
        "the variant asynchronous.py",
        "the variant streaming.py",
    ]


@pytest.mark.parametrize(
    ("course", "why"),
    [
        ("ex14_local_model", "it asks Ollama in Ollama's own protocol"),
        ("ex15_stored", "it lists what an account has stored, which belongs in no cassette"),
    ],
    indirect=["course"],
)
def test_what_is_written_by_hand_stays(course, source, why):
    """Nothing is asked, neither of a local model nor with the author's key, and the takes stay as they are."""
    (folder,) = (course.root / "cassettes" / LESSON).iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    lines = run(course, source, folder.name[:4])
    assert lines == [f"{folder.name}: not recorded: {why}; its takes are written by hand"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_all_exercises_that_ask_are_recorded():
    """Without names those are recorded whose checks look at the API's log."""
    names = [exercise.short for exercise in record.chosen(Course(ROOT), LESSON, [])]
    assert {"ex02", "ex03", "ex04", "ex05", "ex08", "ex09", "ex10", "ex12"} <= set(names)
    assert not {"ex01", "ex06", "ex07"} & set(names)


# --- the real thing


@pytest.fixture
def local_model():
    """The local model as a source, or a skip where it is not installed."""
    with suppress(GraderError):
        require_packages()
        return LocalModel()
    return pytest.skip("the local model is not installed")


THREADED = "ex08_roles"  # one of its variants asks from several threads


def alike(again, shipped):
    """The exchanges of the same requests. Of one shape the first is kept; threads leave to chance which it is."""
    assert len(again) == len(shipped)
    pairs = [(one, other) for other in shipped for one in again if one.sent == other.sent]
    assert len(pairs) >= len(shipped) - 1
    return map(list, zip(*pairs, strict=True))


@pytest.mark.full
@pytest.mark.parametrize(
    "course",
    [
        *("ex02_client", "ex03_hello", "ex04_response", "ex05_parameters", "ex08_roles", "ex09_memory"),
        *("ex11_guardrail", "ex12_speech", "ex16_explore"),
    ],
    indirect=True,
)
def test_recording_again_gives_the_same(course, local_model):
    """With the seeds that the shipped takes name, the real model says the same again, word for word."""
    shutil.copytree(ROOT / "tests" / "variants", course.root / "tests" / "variants")
    (folder,) = (course.root / "cassettes" / LESSON).iterdir()
    before = {path.name: cassettes.load(path, path.name).interactions for path in folder.iterdir()}
    run(course, local_model, folder.name)
    for name, kept in before.items():
        again, shipped = cassettes.load(folder / name, name).interactions, kept
        if folder.name == THREADED:
            again, shipped = alike(again, shipped)
        assert [one.sent for one in again] == [one.sent for one in shipped]
        if folder.name == "ex12_speech" or "moderation" in name:
            assert [one.content for one in again] == [one.content for one in shipped]
        else:
            assert [reel.texts(one) for one in again] == [reel.texts(one) for one in shipped]


@pytest.mark.full
def test_one_command_records_what_was_deleted(course, local_model):
    """In a fresh clone without the takes of an exercise, one command brings them back, as local-model."""
    assert local_model.name == "the local model"
    shutil.rmtree(take(course).parent)
    program = "from grader.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "record", LESSON, "ex03"],
        cwd=course.root,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in "ab":
        metadata = written.metadata(take(course, name))
        assert metadata["origin"] == "local-model"
        assert metadata["limit"] == sources.LIMIT
    assert "new: 1 exchange" in done.stdout
