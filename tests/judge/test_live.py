"""--live: requests of student code reach a real HTTP server, with the user's key, and within the cost cap."""

import json
import re
import shutil

import pytest

from grader.errors import GraderError
from grader.judge.endpoint import Endpoint, endpoint
from grader.judge.live import Live, NotSentError
from grader.model import Verdict
from grader.replay import prices, providers
from grader.replay.contract import Expectation
from grader.replay.traffic import Incoming
from grader.settings import Secret
from tests.stub_api import SOUND, running

CANARY = "sk-canary-7f3a9be1c2d4e5f60718293a4b5c6d7e"
RUN_KEY = "sk-of-the-run"
URL = "https://api.openai.com/v1/chat/completions"
HELLO = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello World"}]}


@pytest.fixture
def api():
    """Run a stand-in for the real API."""
    with running() as server:
        yield server


@pytest.fixture
def live(grade, api):
    """Grade a submission with the stand-in; the user's key is the canary."""

    def run(submission, *args):
        return grade(
            submission, "--live", f"--base-url={api.base_url}", *args, env={"OPENAI_API_KEY": CANARY, "CI": ""}
        )

    return run


@pytest.fixture
def paid(api):
    """A real API that costs, with a cap of five cents."""
    made = Live(Endpoint(api.base_url, local=False, key=Secret(CANARY)), 0.05)
    yield made
    made.close()


def incoming(body, key=RUN_KEY, url=URL):
    """What a student's client sends."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json", "x-stainless-os": "Linux"}
    return Incoming("POST", url, headers, json.dumps(body).encode(), 7)


# --- whole runs


def test_right_answers_earn_their_points(live, submit, api):
    """Solutions pass against a real server, once a check and not once a take; the report says that it was live."""
    graded = live(submit(), "-k", "ex03 or ex05")
    assert {graded.verdicts[name] for name in ("ex03_hello", "ex05_parameters")} == {"passed"}
    assert len(api.asked) == graded.report["environment"]["network_calls"] == 9
    assert graded.report["environment"]["live"] is True
    assert graded.report["environment"]["replayed"] == {}
    assert "9 network calls, $0.00 (a local endpoint)" in graded.stdout


def test_a_local_model_is_asked_in_both_of_its_languages(live, submit, api):
    """The solution of ex14 passes against a server on this computer, at /v1 and beside it."""
    graded = live(submit(), "-k", "ex14")
    assert graded.verdicts["ex14_local_model"] == "passed"
    assert [path for path, *_ in api.asked] == ["/v1/chat/completions", "/api/chat", "/api/chat"]


def test_a_server_without_ollamas_own_language_is_nobodys_fault(live, submit, api):
    """Where only OpenAI's form is answered, the check about the other one is blocked, and says why."""
    api.answers = [(404, {"error": {"message": "Invalid URL", "type": "invalid_request_error"}})]
    graded = live(submit(), "-k", "ex14 and test_stream")
    assert graded.verdicts["ex14_local_model"] == "blocked"
    assert "it has no ollama (HTTP 404" in graded.first("ex14")["message"]


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        ("ollama", "http://localhost:11434/api/chat"),
        ("anthropic", "https://api.anthropic.com/v1/chat/completions"),
        ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"),
    ],
)
def test_other_providers_are_not_asked_at_openai(paid, api, provider, url):
    """Without a local endpoint nothing goes out, with its own key, and the student is not to blame."""
    player = paid.player(RUN_KEY)
    headers = {"authorization": f"Bearer {providers.keys(RUN_KEY).get(provider, 'any')}"}
    assert player.answer(Incoming("POST", url, headers, json.dumps(HELLO).encode(), 7)).status == 400
    assert api.asked == []
    (problem,) = player.problems
    assert problem.verdict is Verdict.BLOCKED
    assert url.split("/")[2] in problem.message


@pytest.mark.parametrize("local", [False, True])
def test_an_unknown_host_is_not_answered_by_the_endpoint(api, local):
    """A wrong base_url is told; the endpoint's own address is no wrong one."""
    live = Live(Endpoint(api.base_url, local=local, key=Secret(CANARY)), 0.05)
    player = live.player(RUN_KEY)
    wrong = "https://api.open-ai.com/v1/chat/completions"
    assert player.answer(incoming(HELLO, url=wrong)).status == 400
    assert api.asked == []
    (problem,) = player.problems
    assert problem.verdict is Verdict.FAILED
    assert "Your request went to 'api.open-ai.com', which is no API" in problem.message
    assert player.answer(incoming(HELLO, url=f"{api.base_url}/chat/completions")).status == 200
    live.close()


def test_only_a_program_on_this_computer_learns_what_was_asked(paid, api):
    """The address that student code used goes to a local endpoint, for who records there; never to a real API."""
    local = Live(Endpoint(api.base_url, local=True, key=Secret("local")), 0.05)
    for asked in (local, paid):
        assert asked.player(RUN_KEY).answer(incoming(HELLO)).status == 200
    local.close()
    told = [{name.lower(): value for name, value in headers.items()} for _, headers, _ in api.asked]
    assert [headers.get("x-asked-url") for headers in told] == [URL, None]


def test_a_list_keeps_its_query_and_costs_nothing(paid, api):
    """What stands behind the path reaches the API; listing and retrieving are free."""
    url = "https://api.openai.com/v1/chat/completions?order=desc"
    player = paid.player(RUN_KEY)
    assert player.answer(Incoming("GET", url, {"authorization": f"Bearer {RUN_KEY}"}, b"", 7)).status == 200
    assert api.got == ["/v1/chat/completions?order=desc"]
    assert paid.dollars == 0


def test_footer_of_a_replayed_run(grade, submit):
    """Without --live nothing changed: no network call, and the report says that it was not live."""
    graded = grade(submit(), "-k", "ex03")
    assert "0 network calls, $0.00; 4 exchanges replayed" in graded.stdout
    assert graded.report["environment"]["live"] is False


def test_the_api_gets_the_users_key_and_nobody_else(live, submit, api):
    """The key goes to the API, and into nothing that student code, the terminal or the report can see."""
    api.text = f"{CANARY} came"
    spy = f"""
import os, pathlib
def hello(client):
    reply = client.chat.completions.with_raw_response.create(**{HELLO!r}, n=1, temperature=1.3)
    print(dict(os.environ), client.api_key, reply.headers, reply.text)
    for path in pathlib.Path(".").rglob("*"):
        print(path, path.read_bytes())
    raise ValueError(reply.parse().choices[0].message.content)
"""
    graded = live(submit(ex03_hello=spy), "-k", "ex03", "-v")
    keys = {headers["authorization"] for _, headers, _ in api.asked}
    assert keys == {f"Bearer {CANARY}"}
    assert "ValueError: <your key> came" in graded.first("ex03")["message"]
    for text in (graded.stdout, graded.stderr, json.dumps(graded.report)):
        assert CANARY not in text
        assert CANARY[:20] not in text


def test_only_what_the_request_needs_is_sent(live, submit, api):
    """The API gets the student's body unchanged, and neither the run's key nor the client's fingerprint."""
    live(submit(), "-k", "ex03")
    _, headers, body = api.asked[0]
    assert json.loads(body) == HELLO | {"n": 1, "temperature": 1.3}
    assert headers["accept-encoding"] == "identity"
    assert not [name for name in headers if name.lower().startswith("x-stainless")]
    assert "Grdr" not in str(headers)


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (401, "invalid_api_key", "it does not accept your key (HTTP 401, invalid_api_key)"),
        (404, None, "it has no chat (HTTP 404, invalid_request_error)"),
        (429, "insufficient_quota", "it refuses for now (HTTP 429, insufficient_quota)"),
        (503, None, "it failed (HTTP 503, invalid_request_error)"),
    ],
)
def test_an_api_that_does_not_answer_is_nobodys_fault(live, submit, api, status, code, says):  # noqa: PLR0913, PLR0917
    """What the API itself cannot do blocks the check, once and without a retry, and the message says why."""
    error = {"message": f"Organization org-secret123456, key {CANARY}", "type": "invalid_request_error"}
    api.answers = [(status, {"error": error | {"param": None, "code": code}})] * 2
    graded = live(submit(), "-k", "ex03")
    assert graded.verdicts["ex03_hello"] == "blocked"
    assert len(api.asked) == 2
    found = graded.first("ex03")
    assert says in found["message"]
    assert found["next"]
    for secret in ("org-secret", CANARY):
        assert secret not in graded.stdout + graded.stderr + json.dumps(graded.report)


def test_a_request_that_the_api_refuses_is_the_students(live, submit, api):
    """The API's own words about a wrong request reach the student."""
    error = {"message": "Unknown parameter: 'colour'.", "type": "invalid_request_error", "param": "colour"}
    api.answers = [(400, {"error": error | {"code": "unknown_parameter"}})] * 2
    graded = live(submit(), "-k", "ex03")
    assert graded.verdicts["ex03_hello"] == "failed"
    assert graded.first("ex03")["message"] == "The API refused your request: Unknown parameter: 'colour'."


def test_an_api_that_is_not_there(grade, submit):
    """A connection that fails is said so, with what to do, and counts as no call."""
    graded = grade(submit(), "--live", "--base-url=http://127.0.0.1:9/v1", "-k", "ex03", env={"CI": ""})
    assert graded.first("ex03")["message"] == "The API at 127.0.0.1:9 did not answer: it cannot be reached."
    assert graded.report["environment"]["network_calls"] == 0


def test_what_breaks_the_contract_is_not_sent(live, submit, api):
    """A violated contract and a wrong key cost nothing: they are answered without the API."""
    wrong = (
        "def hello(client):\n    return client.chat.completions.create(model='gpt-4o-mini', messages=[], n=2)\n"
    )
    stranger = "import openai\ndef make_client():\n    return openai.OpenAI(api_key='sk-mine')\n"
    chosen = "(ex02 or (ex03 and test_reply)) and not source"
    graded = live(submit(ex03_hello=wrong, ex02_client=stranger), "-k", chosen)
    assert api.asked == []
    assert graded.verdicts["ex03_hello"] == graded.verdicts["ex02_client"] == "failed"


def test_a_slow_api_is_not_the_students_time(live, submit, api):
    """Waiting for the API does not count towards the time limits."""
    api.delay = 1.5
    graded = live(submit(), "-k", "ex03", "-o", "call_seconds=1", "-o", "submission_seconds=1")
    assert graded.verdicts["ex03_hello"] == "passed"


def test_streams_come_in_pieces(live, submit, api):
    """A student sees the events of a stream one by one."""
    streaming = f"""
def hello(client):
    parts = [c for c in client.chat.completions.create(**{HELLO!r}, n=1, temperature=1.3, stream=True)]
    assert len(parts) == 3, len(parts)
    return "".join(part.choices[0].delta.content or "" for part in parts)
"""
    assert live(submit(ex03_hello=streaming), "-k", "ex03").verdicts["ex03_hello"] == "passed"
    assert len(api.asked) == 2


def test_sound_arrives_as_it_was_sent(live, submit):
    """The bytes of a speech reply are the API's."""
    assert live(submit(), "-k", "ex12 and test_file").check("ex12", "test_file")["verdict"] == "passed"


def test_a_check_that_only_replay_can_prove_says_so(submit, grade, project, api):
    """A marked check that fails live is blocked, with the reason; one that passes counts; a replay fails it."""
    checks = project / "assignments/lesson1/checks/test_ex03_hello.py"
    text = checks.read_text("utf-8")
    marked = text.replace("@pytest.mark.points(2)", '@pytest.mark.replay("a reason")\n@pytest.mark.points(2)')
    checks.write_text(marked, "utf-8")
    args = ("-k", "test_one_message")
    wrong = (project / "../wrong").resolve()
    shutil.copytree(submit(), wrong)
    mistake = (wrong / "ex03_hello.py").read_text("utf-8").replace("Hello World", "Hello")
    (wrong / "ex03_hello.py").write_text(mistake, "utf-8")
    live = ("--live", f"--base-url={api.base_url}")
    blocked = grade(wrong, *live, *args, root=project)
    assert blocked.verdicts["ex03_hello"] == "blocked"
    assert blocked.first("ex03")["message"] == "Only the recorded exchanges can prove this: a reason"
    assert grade(submit(), *live, *args, root=project).verdicts["ex03_hello"] == "passed"
    assert grade(wrong, *args, root=project).verdicts["ex03_hello"] == "failed"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--live"], "--live needs your own API key, and there is none."),
        (["--base-url=http://127.0.0.1/v1"], "--base-url is for runs with --live"),
        (["--max-cost=1"], "--max-cost is for runs with --live"),
        (["--live", "--base-url=example.com"], "--base-url=example.com: expected an address such as"),
        (["--live", "--base-url=http://a:b@127.0.0.1/v1"], "expected an address such as"),
        (["--live", "--base-url=http://example.com/v1"], "your key would travel unencrypted"),
        (["--live", "--base-url=http://127.0.0.1/v1", "--max-cost=free"], "--max-cost=free: expected dollars"),
        (["--live", "--base-url=http://127.0.0.1/v1", "--max-cost=nan"], "--max-cost=nan: expected dollars"),
    ],
)
def test_options_that_do_not_fit_are_wrong_use(grade, submit, args, says):
    """Each is told in one clear sentence, before anything is graded."""
    graded = grade(submit(), *args)
    assert graded.code == 4
    assert says in graded.stderr


# --- the key


def test_the_key_stands_in_the_projects_env_file(tmp_path, monkeypatch):
    """Without a key in the environment that of .env counts; neither is in any representation."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={CANARY}\n")
    where = endpoint("https://api.openai.com/v1/", tmp_path)
    assert where.key.value == CANARY
    assert where.base_url == "https://api.openai.com/v1"
    assert CANARY not in repr(where)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    assert endpoint("https://api.openai.com/v1", tmp_path).key.value == "sk-other"


def test_a_local_endpoint_needs_no_key(tmp_path, monkeypatch):
    """Loopback addresses get any string."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "[::1]"):
        where = endpoint(f"http://{host}:8080/v1", tmp_path)
        assert (where.local, where.key.value) == (True, "local")
    with pytest.raises(GraderError, match="needs your own API key"):
        endpoint("https://127.0.0.1.example.com/v1", tmp_path)


@pytest.mark.parametrize("key", ["sk-two words", "sk-ünï", "sk-line\nbreak"])
def test_a_key_that_no_header_can_carry_is_refused(tmp_path, monkeypatch, key):
    """It is told without showing it."""
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(GraderError, match="no key has") as raised:
        endpoint("https://api.openai.com/v1", tmp_path)
    assert key not in str(raised.value)


# --- the cost


def test_the_cost_is_what_the_usage_says(paid):
    """Each answered request adds its price; an error costs nothing."""
    player = paid.player(RUN_KEY)
    assert player.answer(incoming(HELLO)).status == 200
    assert paid.dollars == pytest.approx((9 * 0.15 + 5 * 0.60) / 1_000_000)
    assert paid.facts() == {"live": True, "network_calls": 1, "dollars": 0.000004, "prices": prices.DATE}


def test_the_cap_holds_before_a_request(paid, api):
    """A request that could exceed the cap is not sent; a smaller one still is."""
    player = paid.player(RUN_KEY)
    answer = player.answer(incoming(HELLO | {"n": 8}))
    assert answer.status == 400
    assert api.asked == []
    assert player.problems[0].verdict is Verdict.BLOCKED
    assert player.problems[0].message == (
        "This request can cost up to $0.0787; $0.0000 of the $0.05 for this run are spent. It was not sent."
    )
    assert re.fullmatch(r"limit the reply .* --max-cost=0\.16", player.problems[0].next)
    assert player.answer(incoming(HELLO | {"n": 8, "max_tokens": 100})).status == 200


def test_the_cap_counts_what_is_spent(paid, api):
    """Requests are refused once the money is used up, whatever they cost."""
    paid.dollars = 0.0499
    request = incoming(HELLO | {"max_tokens": 1000})
    assert paid.player(RUN_KEY).answer(request).status == 400
    assert api.asked == []


def test_an_unknown_price_is_not_sent(paid, api):
    """What cannot be bounded is refused, with what to use instead."""
    for odd in ({"model": "gpt-9"}, {"prediction": {"type": "content"}}, {"service_tier": "priority"}):
        player = paid.player(RUN_KEY)
        assert player.answer(incoming(HELLO | odd)).status == 400
        assert "cannot be told" in player.problems[0].message
    assert api.asked == []


def test_a_broken_connection_counts_its_worst_case(paid, api):
    """Where nobody knows what the API did, the bound is counted as spent."""
    api.headers = {"content-length": "99999", "connection": "close"}
    player = paid.player(RUN_KEY)
    assert player.answer(incoming(HELLO | {"max_tokens": 1000})).status == 400
    assert paid.dollars == pytest.approx((0.15 * len(incoming(HELLO | {"max_tokens": 1000}).content) + 600) / 1e6)
    assert "the connection broke" in player.problems[0].message


def test_answers_that_are_no_answers_are_told(paid, api):
    """JSON that is none, and an answer that is too large for a frame, block the check."""
    for body, says in ((b"<html>", "is not JSON"), (b" " * (5 << 20) + b"{}", "more than 4 MiB")):
        api.answers = [(200, body)]
        player = paid.player(RUN_KEY)
        assert player.answer(incoming(HELLO)).status == 400
        assert says in player.problems[0].message


def test_refused_requests_are_not_counted(paid, api):
    """Expected requests are those that the API answered."""
    api.answers = [(400, {"error": {"message": "No.", "type": "invalid_request_error", "code": None}})]
    player = paid.player(RUN_KEY)
    player.expectations.append(Expectation("chat", 1, {}))
    player.answer(incoming(HELLO))
    assert player.unmet().message == "The API refused your request: No."
    player.answer(incoming(HELLO))
    assert player.unmet() is None
    assert [reply.text for reply in player.replies] == ["Hello from  to Hello World."]


def test_not_sent_is_blocked():
    """The error that stops a request carries the problem for the log."""
    assert NotSentError("why", "step").problem.verdict is Verdict.BLOCKED


def test_speech_is_priced_by_its_characters(paid):
    """tts-1 costs by the length of its input."""
    url = "https://api.openai.com/v1/audio/speech"
    body = json.dumps({"model": "tts-1", "voice": "alloy", "input": "x" * 1000}).encode()
    answer = paid.player(RUN_KEY).answer(Incoming("POST", url, {"authorization": f"Bearer {RUN_KEY}"}, body, 1))
    assert answer.pieces == [SOUND]
    assert paid.dollars == pytest.approx(0.015)
