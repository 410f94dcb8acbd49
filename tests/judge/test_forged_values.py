"""What a hijacked cell sends instead of results is never a pass, and never a fault of the grader."""

import pytest

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


def not_passed(graded):
    """Assert that no point was earned, that the lesson was graded, and that nobody else is blamed."""
    exercise = graded.exercise("ex06")
    assert exercise["score"] == 0, exercise
    assert exercise["verdict"] in ("failed", "tampered", "crashed", "output_limit"), exercise
    assert "This is not your code" not in graded.stdout
    assert "Traceback" not in graded.stdout


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
