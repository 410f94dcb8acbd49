"""What a hijacked cell sends instead of results is never a pass, and never a fault of the grader."""

import sys

import pytest

from grader.cell.protocol import Request
from grader.course.lessons import Course
from grader.errors import CassetteError
from grader.judge.outcomes import Ended, error_class
from grader.judge.student import Student
from grader.replay.player import Player
from tests.conftest import ROOT

NO_SOLUTION = """
def rescale(chances, temperature):
    return None
def keep_top(chances, top_p):
    return None
"""
PATCH_RESULTS = """
import sys
sys.modules["grader.cell.worker"].Worker._each = lambda self, function, inputs: {results}
"""
FORGE_FRAME = """
import gc, os, stat, sys
protocol = sys.modules["grader.cell.protocol"]
values = sys.modules["grader.cell.values"]
def forge(self, function, inputs):
    call = max(one.call for one in gc.get_objects() if isinstance(one, protocol.Each))
    frame = protocol.frame(protocol.{outcome})
    (wire,) = [n for n in range(3, 64) if is_socket(n)]
    os.write(wire, frame)
    os._exit(0)
def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False
sys.modules["grader.cell.worker"].Worker._each = forge
"""


def not_passed(graded, short="ex06"):
    """Assert that no point was earned, that the lesson was graded, and that nobody else is blamed."""
    exercise = graded.exercise(short)
    assert exercise["score"] == 0, exercise
    assert exercise["verdict"] in ("failed", "tampered", "crashed", "output_limit"), exercise
    assert "This is not your code" not in graded.stdout
    assert "Traceback" not in graded.stdout


ASK = """
import gc
def ask(provider, prompt):
    from grader.cell.protocol import Request
    from grader.cell.wire import Wire
    wire = next(one for one in gc.get_objects() if isinstance(one, Wire))
    wire.ask(Request({request}, 1))
"""


@pytest.mark.parametrize("url", ["http://[", "http://a\N{ACCOUNT OF}b/v1/chat/completions"])
def test_an_address_that_no_client_asks(grade, submit, url):
    """A request whose address cannot be read was written by hand; the mentor reads so."""
    folder = submit(ex13_providers=ASK.format(request=f"'POST', {url!r}, {{}}, b'{{}}'"))
    found = grade(folder, "-k", "ex13")
    not_passed(found, "ex13")
    assert "tampered" in {check["verdict"] for check in found.exercise("ex13")["checks"]}
    assert any("a request whose address cannot be read" in one for one in found.report["environment"]["evidence"])


LARGE = {
    "values": "b'{\"model\":[' + b'{},' * 2_700_000 + b'{}]}'",
    "values in other letters": "('{\"model\":[' + '{},' * 1_300_000 + '{}]}').encode('utf-16')",
    "bytes": "b'{\"model\":\"' + b'x' * 8_000_000 + b'\"}'",
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_large_requests_do_not_fill_the_judge(grade, submit, body):
    """Three requests that take gigabytes when they are parsed are refused before; the judge stays below 300 MB."""
    url = "https://api.openai.com/v1/chat/completions"
    ask = ASK.format(request=f"'POST', {url!r}, {{}}, {body}").replace("ask(provider, prompt)", "hello(client)")
    ask = ask.replace("    wire.ask", "    for _ in range(3): wire.ask")
    found = grade(submit(ex03_hello=ask), "-k", "ex03", "-p", "tests.judge.memory", env={"PYTHONPATH": str(ROOT)})
    not_passed(found, "ex03")
    assert {check["verdict"] for check in found.exercise("ex03")["checks"]} == {"output_limit"}
    assert found.first("ex03")["message"] == "Your code sent too much in its requests."
    assert int(found.stderr.rpartition("judge: ")[2].split()[0]) < 300


MANY_TEXTS = """
def is_flagged(client, text):
    client.moderations.create(model="omni-moderation-latest", input=[text] * 15_000)
    return False
"""


def test_a_request_with_a_large_answer(grade, submit):
    """What would be answered with more than a frame holds is the student's fault as well."""
    found = grade(submit(ex10_moderation=MANY_TEXTS), "-k", "ex10 and test_one_text")
    assert {check["verdict"] for check in found.exercise("ex10")["checks"]} == {"output_limit"}


UNHASHABLE = """
def hello(client):
    try:
        client.post("/responses", body={"model": []}, cast_to=object)
    except Exception:
        pass
    return "x"
"""


def test_a_model_that_is_no_text(grade, submit):
    """A request that no API answers is the student's, whatever became of the answer."""
    found = grade(submit(ex03_hello=UNHASHABLE), "-k", "ex03")
    not_passed(found, "ex03")
    assert {check["verdict"] for check in found.exercise("ex03")["checks"]} == {"failed"}


class Breaking(Player):
    """A player that an exception leaves."""

    def __init__(self, error):
        super().__init__(None, "sk-any")
        self._error = error

    def answer(self, incoming):
        """Break."""
        del incoming
        raise self._error


def asked(error):
    """What comes of a request over which the player breaks."""
    student = Student(None, Course(ROOT).lesson("lesson1").exercise[0], None, "sk-any")
    student._begin(Breaking(error))  # noqa: SLF001
    student._answer(Request("POST", "https://api.openai.com/v1/chat/completions", {}, b"{}", 1))  # noqa: SLF001


def test_a_request_that_breaks_the_player():
    """It fails the check, and the mentor learns how; what we know to be our fault stays ours."""
    with pytest.raises(Ended) as ended:
        asked(TypeError("unhashable"))
    assert ended.value.finding.verdict == "failed"
    assert ended.value.finding.evidence == "a request that cannot be answered: TypeError: unhashable"
    with pytest.raises(CassetteError):
        asked(CassetteError("a.yaml: wrong"))


def test_names_of_classes_are_not_kept():
    """However many bases a frame names, the judge keeps a class for each builtin one and nothing else."""
    assert error_class(("Mine", "ValueError", "Exception")) is error_class(("Yours", "ValueError"))


@pytest.mark.parametrize("results", ["[]", "None", "{}", "[None]"])
def test_results_that_are_none_are_no_pass(grade, submit, results):
    """Anything but one result for each input earns nothing: a check's loop must not end early."""
    folder = submit(ex06_sampling=PATCH_RESULTS.format(results=results) + NO_SOLUTION)
    not_passed(grade(folder, "-k", "ex06"))


@pytest.mark.parametrize(
    "outcome",
    [
        "Returned(call, values.Items('list', []))",
        "Returned(call, 5)",
        "Raised(call, 'ValueError', ['ValueError', 'Exception'], 'x', 1, True, before=5)",
        "Raised(call, 'X', ['UnicodeDecodeError', 'ExceptionGroup', 'print', ''], 'x', -5, True)",
    ],
    ids=lambda outcome: outcome[:40],
)
def test_forged_outcomes_are_no_pass(grade, submit, outcome):
    """A frame written by hand is judged like any other answer."""
    folder = submit(ex06_sampling=FORGE_FRAME.format(outcome=outcome) + NO_SOLUTION)
    not_passed(grade(folder, "-k", "ex06"))
