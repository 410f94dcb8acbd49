"""`--require-isolation` fails closed, with the remedy; without it nobody is stopped."""

import pytest

from grader.cell.isolation import Isolation
from grader.errors import GraderError
from grader.judge import tiers

HELLO = ("assignments/lesson1/ex03_hello.py",)
FULL_DISK = """
def describe(*args, **kwargs):
    for number in range(100):
        with open(f"file{number}", "wb") as file:
            file.write(bytes(10**7))
"""
REFUSED = "tier 4: unshare: Operation not permitted"


def kernel(folder, **settings):
    """A folder of settings like /proc/sys."""
    for name, value in settings.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")
    return folder


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"kernel__apparmor_restrict_unprivileged_userns": 1}, "apparmor_restrict_unprivileged_userns=0"),
        ({"kernel__unprivileged_userns_clone": 0}, "unprivileged_userns_clone=1"),
        ({"user__max_user_namespaces": 0}, "max_user_namespaces=10000"),
    ],
    ids=["ubuntu", "debian", "none allowed"],
)
def test_the_switch_is_named(tmp_path, settings, says):
    """Where a setting of the kernel keeps tier 4 away, the remedy is the command that changes it."""
    (step,) = tiers.remedies(Isolation(3, REFUSED), "linux", kernel(tmp_path, **settings))
    assert says in step
    harmless = {name: 1 - value for name, value in settings.items()}
    assert all(
        says not in step for step in tiers.remedies(Isolation(3, REFUSED), "linux", kernel(tmp_path, **harmless))
    )


def test_other_systems_get_a_container(tmp_path):
    """On macOS and Windows the remedy is a container; at the highest tier there is none."""
    for system in ("darwin", "win32"):
        assert tiers.remedies(Isolation(1, "x"), system, tmp_path) == [tiers.CONTAINER]
    assert tiers.remedies(Isolation(4, ""), "linux", tmp_path) == []


def test_an_old_kernel_is_told(tmp_path):
    """Without Landlock a newer kernel is needed."""
    missing = "tier 4: unshare: no; tier 3: landlock_create_ruleset: Function not implemented"
    assert tiers.NEWER_KERNEL in tiers.remedies(Isolation(1, missing), "linux", tmp_path)


def test_less_than_required_is_refused():
    """The message says what is required, reached and missing, and how to go on."""
    with pytest.raises(GraderError) as refused:
        tiers.demand(Isolation(1, REFUSED), 3)
    text = str(refused.value)
    assert text.startswith(
        f"Isolation tier 3 is required, and 1 is reached ({REFUSED}).\nNo student code was run."
    )
    assert text.endswith("--require-isolation=1")
    tiers.demand(Isolation(3, REFUSED), 3)
    tiers.demand(Isolation(4, ""), 3)


def test_the_code_of_others_requires_what_cannot_be_forged():
    """Batch and CI require tier 3 unless told otherwise."""
    assert tiers.for_others(None) == 3
    assert tiers.for_others(1) == 1


def test_a_run_fails_closed(grade, submit, tmp_path):
    """Below the required tier no student code runs, and pytest's exit code is that of wrong use."""
    proof = tmp_path / "ran"
    found = grade(
        submit(ex03_hello=f"import ctypes\nctypes.CDLL(None).creat({str(proof).encode()!r}, 0o600)"),
        *("-o", "isolation=1", "--require-isolation=3"),
        target=HELLO,
    )
    assert found.code == 4
    assert "Isolation tier 3 is required, and 1 is reached" in found.stdout + found.stderr
    assert not proof.exists()


def test_a_run_without_the_option_goes_on(grade, submit):
    """A student's own run never stops for its tier; the last lines say what is missing."""
    found = grade(submit(), "-o", "isolation=1", target=HELLO)
    assert found.code == 0
    assert "practice grade: isolation tier 1 of 4 (the code is trusted)\n  tier 4 was not tried;" in found.stdout


@pytest.mark.parametrize("wrong", ["--require-isolation=5", "--require-isolation=high", "--require-isolation=33"])
def test_a_tier_that_is_none(grade, wrong):
    """A misspelt tier is wrong use."""
    found = grade(None, wrong, target=HELLO)
    assert found.code == 4
    assert "expected a tier" in found.stdout + found.stderr


def test_the_result_is_the_same_at_every_tier(grade, submit):
    """The tier is told in the environment; the result does not depend on it."""
    files = submit(ex03_hello="import os\ndef hello(client):\n    os.system('clear')\n", ex04_response=FULL_DISK)
    found = [grade(files, "-o", f"isolation={tier}") for tier in (4, 3, 1)]
    assert found[0].check("ex04", "test_question")["verdict"] == "output_limit"
    assert [each.check("ex04", "test_question") for each in found[1:]] == [
        found[0].check("ex04", "test_question")
    ] * 2
    assert len({each.canonical for each in found}) == 1
    told = "Your code tried to start another program or process. That does not work here."
    assert found[0].first("ex03")["message"] == told
