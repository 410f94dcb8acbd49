"""Merging by lines: both sides' changes come together, and where they collide the first side's stay."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.merging import merge

# Few different lines, so that they repeat and texts resemble each other; the last may have no end.
LINE = st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n", b"    x = 1\n", b"\r\n", b"\xff\n"])
TEXT = st.builds(
    lambda lines, end: b"".join(lines) + end, st.lists(LINE, max_size=8), st.sampled_from([b"", b"z"])
)
STUB = b'def hello(client):\n    """Say hello.\n\n    Example: hi\n    """\n    raise NotImplementedError\n'
FILLED = STUB.replace(b"raise NotImplementedError", b"return client.say()")


@given(TEXT, TEXT)
def test_a_side_that_changed_nothing_takes_the_other(old, new):
    """What only one side changed, or both in the same way, comes out as it is."""
    for mine, theirs in ((old, new), (new, old), (new, new)):
        assert merge(old, mine, theirs).content == new
        assert merge(old, mine, theirs).conflicts == ()


@given(TEXT, TEXT, TEXT)
def test_nothing_of_mine_is_lost(old, mine, theirs):
    """Each line that I added is in the result; where the other side collides, mine stands there."""
    found = merge(old, mine, theirs)
    lines = found.content.splitlines(keepends=True)
    for line in set(mine.splitlines(keepends=True)) - set(old.splitlines(keepends=True)):
        assert lines.count(line) >= mine.splitlines(keepends=True).count(line)
    assert all(1 <= number <= len(lines) + 1 for number in found.conflicts)


@given(TEXT, TEXT)
def test_an_unknown_old_text_keeps_all_of_mine(mine, theirs):
    """Without the text that both began with, mine stays as it is."""
    if mine:
        assert merge(b"", mine, theirs).content == mine


@given(st.sets(st.integers(0, 19)), st.sets(st.integers(0, 19)), st.sets(st.integers(0, 19)))
def test_git_merges_the_same(tmp_path_factory, mine, theirs, gone):
    """Of texts whose lines differ: where git finds no conflict, the result is git's."""
    folder = tmp_path_factory.mktemp("merge")
    old = [b"line %d\n" % number for number in range(20)]
    own = [b"mine %d\n" % number if number in mine else line for number, line in enumerate(old)]
    other = [b"theirs %d\n" % number if number in theirs else line for number, line in enumerate(old)]
    other = [line for number, line in enumerate(other) if number not in gone]
    for name, lines in (("mine", own), ("old", old), ("theirs", other)):
        (folder / name).write_bytes(b"".join(lines))
    command = [shutil.which("git"), "merge-file", "-p", "mine", "old", "theirs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    found = merge(b"".join(old), b"".join(own), b"".join(other))
    assert bool(found.conflicts) == bool(done.returncode)
    if not found.conflicts:
        assert found.content == done.stdout


@pytest.mark.parametrize(
    ("theirs", "says", "conflicts"),
    [
        (STUB.replace(b"Say hello.", b"Greet."), b"Greet.", ()),
        (STUB.replace(b"(client)", b"(client, name)"), b"(client, name)", ()),
        (STUB + b"\n\ndef bye(client):\n    raise NotImplementedError\n", b"def bye", (6,)),
        (STUB.replace(b"raise NotImplementedError", b"raise NotImplementedError  # one line"), b"say()", (6,)),
    ],
    ids=["docstring", "signature", "function behind", "same line"],
)
def test_a_stub_that_changed(theirs, says, conflicts):
    """The student's code stays in every case; what the course changed elsewhere comes in."""
    found = merge(STUB, FILLED, theirs)
    assert b"    return client.say()\n" in found.content
    assert (says in found.content) == (conflicts == () or says == b"say()")
    assert found.conflicts == conflicts
