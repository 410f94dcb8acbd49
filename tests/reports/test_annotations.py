"""Annotations: GitHub's limits and escapes hold for every report."""

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.model import Verdict
from grader.reports import annotations, comment
from grader.reports.feedback import Entry, Feedback, read, render
from tests.reports.hostile import SAMPLE, check, exercise, report, reports, texts

BASE, HEAD = "a" * 40, "b" * 40
COMMAND = re.compile(
    r"::(error|warning|notice) ((?:file=[^:,\r\n]+,)?(?:line=[0-9]+,)?title=[^:,\r\n]+)::([^\r\n]*)"
)
entries = st.builds(
    Entry,
    student=texts,
    lesson=texts,
    report=st.none() | reports(),
    error=texts,
    places=st.dictionaries(texts, texts, max_size=2),
    deleted=st.lists(texts, max_size=3).map(tuple),
    notes=st.lists(texts, max_size=3).map(tuple),
)
feedbacks = st.builds(
    Feedback,
    base=st.just(BASE),
    head=st.just(HEAD),
    entries=st.lists(entries, max_size=3).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
)


def feedback(*found, **more):
    """Feedback about some reports, by their students."""
    made = [Entry(student=name, lesson="lesson1", report=one, **more) for name, one in found]
    return Feedback(base=BASE, head=HEAD, entries=tuple(made))


def commands(given):
    """Level, properties and message of each line."""
    return [COMMAND.fullmatch(line).groups() for line in annotations.render(given).split("\n")[:-1]]


@given(feedbacks)
def test_every_line_is_one_command(given_):
    """Whatever a student wrote, a line is one of our commands, and no text ends it or begins another."""
    found = commands(given_)
    for level in annotations.Level:
        assert sum(one[0] == level for one in found) <= annotations.MOST
    assert not any(char in one[2] for one in found for char in "\x1b\x07\x85\u2028\u202e\0")


@given(feedbacks)
def test_the_comment_and_the_summary_keep_their_limits(given_):
    """They begin as they must, and fit."""
    body = comment.comment(given_).decode()
    assert body.startswith(comment.MARKER)
    assert body.count(comment.MARKER) == 1
    assert len(body) <= comment.COMMENT
    assert len(comment.summary(given_)) <= comment.SUMMARY
    for room in (-5, 0, 10, 500):
        assert len(comment.summary(given_, room)) <= max(room, 0)


@given(feedbacks)
def test_it_can_be_read_again(given_):
    """What is written is what the other job reads; only halves of surrogate pairs are lost."""
    again = read(render(given_), "x")
    assert len(again.entries) == len(given_.entries)
    assert render(again) == render(given_)


def test_places_and_points():
    """A failure stands at its line, with what was wrong and what to do; score and what is not begun are told."""
    found = commands(feedback(("class/anna", SAMPLE), places={"ex03_hello.py": "class/anna/ex03_hello.py"}))
    title = "title=anna%3A ex03 hello%3A hello() returns the text of the model's reply"
    assert found[0] == (
        "error",
        f"file=class/anna/ex03_hello.py,line=8,{title}",
        "hello() returned None; expected 'Hi | <b>there</b>'.%0ANext: hand the text back with return",
    )
    assert [one[0] for one in found] == ["error", "error", "warning", "notice"]
    assert found[3][1] == f"title=anna%3A lesson1%2C 2 of {SAMPLE.result.max_score} points"
    assert found[3][2].startswith("Not started: ex10.%0A")


def failing(number, count, verdict=Verdict.FAILED):
    """An exercise whose checks fail with words of their own."""
    checks = [
        check(
            f"test_{each}", f"check {each}", verdict, 1, message=f"wrong {number}.{each}", where=f"ex{number}.py:1"
        )
        for each in range(count)
    ]
    return exercise(f"ex{number:02}_x", "X", verdict, *checks)


def test_the_most_important_come_first():
    """The first failure of each exercise stands before the second ones; a student does not hide another one."""
    one = report(*(failing(number, 3) for number in range(1, 4)))
    found = commands(feedback(("anna", one), ("ben", one)))
    errors = [message for level, _, message in found if level == "error"]
    assert [text.split("%0A")[0] for text in errors[:6]] == [
        f"wrong {number}.0" for number in (1, 2, 3) for _ in ("anna", "ben")
    ][:6]


def test_a_cut_is_announced():
    """Of twelve failures nine are shown, and the tenth says that there are three more."""
    found = commands(feedback(("anna", report(*(failing(number, 4) for number in range(1, 4))))))
    errors = [one for one in found if one[0] == "error"]
    assert len(errors) == 10
    assert errors[-1][1] == "title=3 more"


def test_the_same_words_are_one_annotation():
    """Where Python cannot read a file, all its checks fail alike: that is told once."""
    checks = [check(f"test_{n}", f"check {n}", Verdict.FAILED, 1, message="no", where="a.py:1") for n in range(4)]
    found = commands(feedback(("", report(exercise("ex01_x", "X", Verdict.FAILED, *checks)))))
    assert [one[0] for one in found] == ["error", "notice"]
    assert found[0][2] == "no%0Aa.py:1%0AThe same words are about 3 more of its checks."


def test_what_is_not_the_students_fault_is_a_warning():
    """A library that is missing here is no error in the pull request."""
    found = commands(feedback(("", report(failing(1, 1, Verdict.BLOCKED), failing(2, 1, Verdict.ERROR)))))
    assert [one[0] for one in found] == ["warning", "warning", "notice"]


def test_a_long_comment_says_what_is_left_out():
    """With more reports than fit, the table still has all of them, and the last line tells of the others."""
    long = report(*(failing(number, 30) for number in range(1, 12)))
    body = comment.comment(feedback(*((f"student{number}", long) for number in range(60)))).decode()
    assert len(body) <= comment.COMMENT
    assert all(f"| student{number} |" in body for number in range(60))
    assert body.rstrip().endswith("too long&#46; The summary of the run has more&#46;")


def test_nobody_sees_what_only_mentors_may():
    """Evidence of tampering is not part of what is shown."""
    given_ = feedback(("anna", SAMPLE))
    told = annotations.render(given_) + comment.comment(given_).decode()
    assert SAMPLE.environment.evidence[0].partition(": ")[2] not in told


def test_quoted_text_ends_what_it_begins():
    """Between the two lines GitHub looks for no commands; an end of line more does not matter."""
    assert annotations.quoted("a\n::error::b\n\n", "t0ken") == "::stop-commands::t0ken\na\n::error::b\n::t0ken::\n"
