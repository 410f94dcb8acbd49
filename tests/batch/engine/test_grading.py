"""A run over many submissions: each has its own verdict, nothing known is graded again, and nothing is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import nbformat
import pytest
from sqlalchemy import select

from grader import settings
from grader.batch import compare, gradebook, grading, intake, pool, statistics
from grader.batch.gradebook import Gradebook
from grader.batch.grading import Grading, Plan, merged
from grader.batch.tables import Entry, Override, Run, Work
from grader.batch.tasks import Task
from grader.errors import GraderError
from tests.batch.engine.conftest import ROOT, STUBS


def scores(steps):
    """The points of each student, None where nothing was graded."""
    return {name: step.report and step.report.result.score for name, step in steps.items()}


def reused(steps):
    """Who was not graded again."""
    return {name for name, step in steps.items() if step.reused}


@pytest.fixture
def class_of_five(hand_in):
    """A right, a wrong and an endless answer, one that ends its process, and a student without any."""
    answers = {"ana": "right", "ben": "wrong", "cem": "endless", "dia": "ends", "eva": None}
    return [hand_in(name, files) for name, files in answers.items()]


@pytest.mark.parametrize("jobs", [pytest.param(1, marks=pytest.mark.full), 2])
def test_each_has_its_own_verdict(graded, book, class_of_five, jobs):
    """What loops or ends its process costs nobody else a point; who handed in nothing stands in the book."""
    steps = graded(class_of_five, jobs=jobs)
    assert scores(steps) == {"ana": 5, "ben": 3, "cem": 3, "dia": 3}
    verdicts = {name: steps[name].report.result.exercises[1].verdict for name in ("cem", "dia")}
    assert verdicts == {"cem": "timeout", "dia": "crashed"}
    with book.session() as session:
        entries = list(session.scalars(select(Entry)))
        assert [(one.student, one.work is not None) for one in entries] == [
            (name, name != "eva") for name in ("ana", "ben", "cem", "dia", "eva")
        ]
        assert session.scalars(select(Run)).one().ended is not None


def test_only_what_changed_is_graded(graded, hand_in, class_of_five):
    """A second run grades nothing; a changed submission alone is graded again."""
    graded(class_of_five)
    assert reused(graded(class_of_five)) == {"ana", "ben", "cem", "dia"}
    hand_in("ben", "right")
    again = graded(class_of_five)
    assert reused(again) == {"ana", "cem", "dia"}
    assert scores(again)["ben"] == 5


def test_a_changed_check_regrades_all(graded, course, hand_in):
    """What decides a result is part of what is remembered."""
    handed_in = [hand_in("ana", "right")]
    graded(handed_in)
    path = course.checks("numbers") / "test_ex02_half.py"
    path.write_text(path.read_text("utf-8").replace("== 2", "== 3"), "utf-8")
    again = graded(handed_in)
    assert reused(again) == set()
    assert scores(again) == {"ana": 3}


def test_a_changed_notebook_is_graded_again(graded, hand_in):
    """What a student handed in decides, in whatever kind of file it is."""
    one = hand_in("ana", "right")
    (one.folder / "ex02_half.py").unlink()
    written = []
    for number in (2, 3):
        cell = nbformat.v4.new_code_cell(f"# ex02\ndef half(x):\n    return x / {number}\n")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), one.folder / "answers.ipynb")
        step = graded([one])["ana"]
        written.append((step.reused, step.report.result.score))
    assert written == [(False, 5), (False, 3)]


def test_names_beside_a_submission_reach_the_judge(graded, hand_in):
    """A file that was left behind is still named in the advice, as on the student's own computer."""
    one = hand_in("ana", "right")
    (one.folder / "ex02_half.py").unlink()
    told = []
    for beside in ((), ("ex2_half.py",)):
        step = graded([msgspec.structs.replace(one, beside=beside)])["ana"]
        assert not step.reused
        told.append(step.report.result.exercises[1].checks[0].message)
    assert "ex2_half.py" not in told[0]
    assert "ex2_half.py" in told[1]


def test_evidence_belongs_to_what_counts(graded, hand_in):
    """A report of which one exercise was graded again keeps the others' evidence, and no old one of its own."""
    report = graded([hand_in("ana", "right")])["ana"].report

    def with_evidence(*told):
        environment = msgspec.structs.replace(report.environment, evidence=told)
        return msgspec.structs.replace(report, environment=environment)

    exercises = report.result.exercises[1:]
    result = msgspec.structs.replace(report.result, exercises=exercises)
    part = msgspec.structs.replace(with_evidence("ex02_half::test_half: new"), result=result)
    before = with_evidence("ex01_double::test_two: kept", "ex02_half::test_half: old")
    both = merged(before, part).environment.evidence
    assert both == ("ex01_double::test_two: kept", "ex02_half::test_half: new")


def test_fresh_and_only(graded, book, hand_in):
    """--fresh grades all again; --only one exercise, and keeps the rest of what is known."""
    handed_in = [hand_in("ana", "right"), hand_in("ben", "wrong")]
    graded(handed_in)
    assert reused(graded(handed_in, fresh=True)) == set()
    part = graded(handed_in, only="ex02_half")
    assert reused(part) == set()
    assert scores(part) == {"ana": 5, "ben": 3}
    with book.session() as session:
        assert len(list(session.scalars(select(Work)))) == 6


def test_a_run_that_is_stopped_loses_nothing(course, book, hand_in):
    """What was graded before Ctrl-C is known to the next run."""
    handed_in = [hand_in(f"s{number}", "right") for number in range(6)]
    steps = Grading(course, "numbers", book, Plan(jobs=1)).steps(handed_in)
    done = [next(steps), next(steps)]
    steps.close()
    with book.session() as session:
        assert session.scalars(select(Run)).one().ended is None
    rest = list(Grading(course, "numbers", book, Plan(jobs=2)).steps(handed_in))
    assert {step.student for step in rest if step.reused} == {step.student for step in done}
    assert {step.report.result.score for step in rest} == {5}


def test_a_judge_that_dies_is_replaced(course, hand_in):
    """A killed judge costs its submission a second try, and nobody a grade."""
    made = []

    def start():
        made.append(pool.Judge(course.root, "numbers", ()))
        if len(made) == 1:
            os.kill(made[0]._process.pid, signal.SIGKILL)  # noqa: SLF001
        return made[-1]

    tasks = [Task(name, str(hand_in(name, "right").folder)) for name in ("ana", "ben")]
    found = list(pool.Pool(start, tasks, 1).graded())
    assert [(one.name, one.report.result.score) for one in found] == [("ana", 5), ("ben", 5)]
    assert len(made) == 2


def test_a_submission_that_no_judge_survives(course, hand_in):
    """After two tries the mentor is told, and the others go on."""

    def start():
        judge = pool.Judge(course.root, "numbers", ())
        os.kill(judge._process.pid, signal.SIGKILL)  # noqa: SLF001
        return judge

    tasks = [Task("ana", str(hand_in("ana", "right").folder))]
    assert [(one.report, bool(one.error)) for one in pool.Pool(start, tasks, 1).graded()] == [(None, True)]


STUMBLES = """
import sys
from grader.batch import judge
from grader.judge.run import Run

report = Run.report


def stumbling(self):
    if self.submission.folder.name == "ben":
        raise ValueError("\\ud800")
    return report(self)


Run.report = stumbling
judge.main(*sys.argv[1:])
"""


class StumblingJudge(pool.Judge):
    """A judge with a fault, over which it stumbles at ben's report only."""

    def __init__(self, root):
        words = [sys.executable, "-c", STUMBLES, str(root), "numbers"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(words, env=settings.judge_environment(), cwd=ROOT, **pipes)


def test_a_submission_that_the_judge_stumbles_over(course, hand_in):
    """A fault of ours costs that submission its grade, and says so; the same judge grades the others."""
    tasks = [Task(name, str(hand_in(name, "right").folder)) for name in ("ana", "ben", "cem")]
    found = list(pool.Pool(lambda: StumblingJudge(course.root), tasks, 1).graded())
    assert [(one.name, one.report and one.report.result.score) for one in found] == [
        ("ana", 5),
        ("ben", None),
        ("cem", 5),
    ]
    assert found[1].error == "the judge stopped with ValueError: \\ud800"


def test_a_wrong_lesson_is_told_once(course, book, hand_in):
    """The author's mistake stops the run with its sentence."""
    path = course.folder("numbers") / "lesson.toml"
    path.write_text(path.read_text("utf-8").replace("points = 3", "points = 9"), "utf-8")
    with pytest.raises(GraderError, match="its checks add up to 3"):
        list(Grading(course, "numbers", book, Plan(jobs=2)).steps([hand_in("ana", "right")]))


def test_same_result_as_a_students_own_run(course, graded, hand_in, grade):
    """The result has the same bytes as that of `pytest assignments/numbers`."""
    one = hand_in("ben", "wrong")
    (course.root / "conftest.py").write_text('pytest_plugins = ["grader.judge.plugin"]\n', "utf-8")
    batch = graded([one])["ben"].report.result
    alone = grade(one.folder, root=course.root, target=["assignments/numbers"])
    assert alone.report, alone.stderr
    assert json.loads(msgspec.json.encode(batch)) == alone.result


def test_what_changed_between_two_runs(graded, book, hand_in):
    """Whose score changed, why, and in which checks."""
    handed_in = [hand_in("ana", "right"), hand_in("ben", "wrong"), hand_in("eva", None)]
    graded(handed_in)
    hand_in("ben", "right")
    graded([*handed_in[:2], hand_in("eva", "right")])
    with book.session() as session:
        now = book.last_run(session)
        before = gradebook.run_before(session, now)
        told = [str(change) for change in compare.changes(before, now, {})]
    assert told == [
        "ben: 3 -> 5 (the submission changed; ex01_double test_text: failed -> passed)",
        "eva: none -> 5 (nothing was graded before)",
    ]


def test_which_runs_are_compared(book):
    """The last one with the one of its lesson that ended before; neither a stopped one nor another lesson."""
    runs = [("numbers", True), ("numbers", False), ("letters", True), ("numbers", True)]
    with book.session() as session:
        for lesson, ended in runs:
            end = gradebook.now() if ended else None
            session.add(Run(lesson=lesson, begun=gradebook.now(), ended=end, facts={}))
            session.flush()
        now = book.last_run(session)
        assert (now.id, gradebook.run_before(session, now).id) == (4, 1)


def test_overrides_survive(graded, book, hand_in):
    """Points given by hand count in every later run, until they are given anew."""
    handed_in = [hand_in("ben", "wrong")]
    graded(handed_in)
    for points in (1, 2):
        with book.session() as session:
            common = {"lesson": "numbers", "student": "ben", "exercise": "ex01_double"}
            session.add(Override(**common, points=points, comment="late", who="mo", made=gradebook.now()))
    step = graded(handed_in, fresh=True)["ben"]
    assert step.report.result.score == 3  # what was graded stays as it was
    with book.session() as session:
        run = book.last_run(session)
        before = gradebook.run_before(session, run)
        given = gradebook.overrides(session, "numbers")
        assert [gradebook.row(entry, given).final().result.score for entry in run.entries] == [4]
        assert statistics.of(run, given).overridden == 1
        assert compare.changes(before, run, given) == []


def test_what_a_class_finds_hard(graded, book, class_of_five):
    """The distribution, the failing checks, the commonest words."""
    graded(class_of_five)
    with book.session() as session:
        found = statistics.of(book.last_run(session), {})
    assert (found.students, found.graded, found.bins) == (5, 4, (0, 0, 0, 0, 0, 0, 3, 0, 0, 1))
    assert [(one.check, one.failed, one.begun) for one in found.failing] == [
        ("ex02_half test_half", 2, 4),
        ("ex01_double test_text", 1, 4),
    ]
    assert found.slowest[0][0] == "cem"
    assert found.median == 60


def test_who_began_and_whom_a_message_is_for(graded, book, hand_in):
    """A stub and a missing file are not begun; a message counts students, however many checks say it."""
    handed_in = [hand_in(name, "right") for name in ("ana", "ben", "cem", "dia")]
    for one, text in zip(
        handed_in, (None, None, STUBS["ex01_double"], "def double(x):\n    return 1 / 0\n"), strict=True
    ):
        path = one.folder / "ex01_double.py"
        path.write_text(text, "utf-8") if text else path.unlink()
    (handed_in[1].folder / "ex1_double.py").write_text("", "utf-8")
    graded(handed_in)
    with book.session() as session:
        found = statistics.of(book.last_run(session), {})
    assert {(one.check.split()[0], one.failed, one.begun) for one in found.failing} == {("ex01_double", 1, 1)}
    assert len(found.messages) == 3
    assert {count for _, count in found.messages} == {1}


def test_no_gradebook_and_a_foreign_one(tmp_path):
    """Both are told, with the file and the next step."""
    with pytest.raises(GraderError, match=r"there is no gradebook\.sqlite here\. Next: grader batch"):
        Gradebook.open(tmp_path)
    (tmp_path / gradebook.NAME).write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(GraderError, match="the gradebook cannot be used"):
        Gradebook.open(tmp_path)


def test_a_gradebook_of_another_format(book):
    """It is left alone."""
    with sqlite3.connect(book.path) as connection:
        connection.execute("UPDATE meta SET schema = 99")
    with pytest.raises(GraderError, match="its format is 99"):
        Gradebook.open(Path(book.path).parent)


def test_files_of_known_work_are_not_written(course, book, hand_in, tmp_path):
    """The intake asks before it writes; what changed, and all with --fresh or --only, is written for the judge."""
    hand_in("ana", "right")
    hand_in("ben", "right")

    def taken(place, **plan):
        grades = Grading(course, "numbers", book, Plan(jobs=1, options=("-o", "call_seconds=1"), **plan))
        source = tmp_path / "submissions"
        found = intake.read(source, course, "numbers", tmp_path / place, is_known=grades.is_known)
        steps = list(grades.steps(grading.handed_in(found)))
        written = {one.student.id for one in found.submissions if one.folder.exists()}
        return written, {step.student for step in steps if not step.reused}

    assert taken("first") == ({"ana", "ben"}, {"ana", "ben"})
    assert taken("second") == (set(), set())
    hand_in("ben", "wrong")
    assert taken("third") == ({"ben"}, {"ben"})
    assert taken("fourth", fresh=True) == ({"ana", "ben"}, {"ana", "ben"})
    assert taken("fifth", only="ex02_half") == ({"ana", "ben"}, {"ana", "ben"})


def test_only_keeps_how_the_rest_came_about(graded, hand_in):
    """The lower tier counts, the exchanges are those of the whole lesson, the times add up."""
    report = graded([hand_in("ana", "right")])["ana"].report

    def at(tier, seconds, **replayed):
        environment = msgspec.structs.replace(report.environment, tier=tier, seconds=seconds, replayed=replayed)
        return msgspec.structs.replace(report, environment=environment)

    for tiers in ((4, 3), (3, 4)):
        both = merged(at(tiers[0], 2.0, authored=9), at(tiers[1], 0.5, authored=1)).environment
        assert (both.tier, both.seconds, both.replayed) == (3, 2.5, {"authored": 9})
