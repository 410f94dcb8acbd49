"""Reports for the tests of all formats: one as it comes every day, and those with hostile text in every field."""

from hypothesis import strategies as st

from grader.model import CheckResult, Environment, ExerciseResult, Hashes, Report, Result, Verdict
from grader.reports.graded import Graded, Override
from grader.reports.terminal import View

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></pre></code></title><svg/onload=alert(1)>",
    "]]> --> <!-- <![CDATA[ &lt; &#60; &amp;",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }} {% raw %} {# x #} {0} %s %(x)s",
    "[link](javascript:alert(1)) ![image](http://evil.example/x.png) <http://evil.example>",
    "http://evil.example www.evil.example someone@evil.example",
    "@everyone @octocat #1 octo/repo#2 GH-3 :tada:",
    "``` \n```\n# heading\n- item\n> quote\n~~~\n````````",
    "`code` ``two`` *a* **b** __c__ ~~d~~ \\ | a | b |\n|---|---|",
    "::error file=a.py,line=1::gotcha",
    "  ::stop-commands::x\n::add-mask::y",
    "##[error]old ##vso[task.complete result=Failed]",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "x;=1+1,=2",
    '";=1+1',
    "\uff1d1+1",
    "\x1b[31mred\x1b]8;;http://evil.example\x07link\x9b2J",
    "\x00\x07\x08\x7f\x85\x0b\x0c\ufffe\uffff\ud800\udfff",
    "\u202eright to left\u2066\u200f\u2028\u2029\ufeff",
    "a\r\nb\rc\n\n\nd",
    "'quotes' \"double\" \\back\\slash\\",
    "\U0001f642" * 200,
    "w" * 5_000,
    '\\"' * 3_000,
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=10)), max_size=4).map(" ".join),
)


@st.composite
def checks(draw):
    """A check with hostile text in every field."""
    most = draw(st.integers(0, 10))
    verdict = draw(st.sampled_from(Verdict))
    return CheckResult(
        id=draw(texts),
        title=draw(texts),
        verdict=verdict,
        points=most if verdict is Verdict.PASSED else 0,
        max_points=most,
        message=draw(texts),
        where=draw(texts),
        next=draw(texts),
    )


@st.composite
def reports(draw, most=3):
    """A report with hostile text in every field."""
    exercises = []
    for _ in range(draw(st.integers(0, most))):
        own = tuple(draw(st.lists(checks(), max_size=most)))
        one = ExerciseResult(
            name=draw(texts),
            title=draw(texts),
            verdict=draw(st.sampled_from(Verdict)),
            score=sum(check.points for check in own),
            max_score=sum(check.max_points for check in own),
            checks=own,
        )
        exercises.append(one)
    result = Result(
        lesson=draw(texts),
        whole_lesson=draw(st.booleans()),
        score=sum(one.score for one in exercises),
        max_score=sum(one.max_score for one in exercises),
        exercises=tuple(exercises),
        hashes=Hashes(submission=draw(texts), checks="", cassettes=""),
    )
    environment = Environment(
        tier=draw(st.integers(0, 4)),
        missing=draw(texts),
        seconds=draw(st.floats(0, 1e6)),
        replayed={"live": 3},
        notes=tuple(draw(st.lists(texts, max_size=2))),
        versions={draw(texts): draw(texts)},
        evidence=tuple(draw(st.lists(texts, max_size=2))),
    )
    return Report(result=result, environment=environment)


@st.composite
def views(draw, report):
    """A view of a report: what its checks printed is hostile, too."""
    keys = [(one.name, check.id) for one in report.result.exercises for check in one.checks]
    return View(
        folder="assignments/lesson1/",
        command="pytest assignments/lesson1",
        verbose=True,
        printed={key: draw(texts) for key in keys},
        student=draw(texts),
    )


shown = reports().flatmap(lambda report: st.tuples(st.just(report), views(report)))


@st.composite
def students(draw):
    """A student with hostile names and a report, or with none."""
    report = draw(st.none() | reports())
    names = [one.name for one in report.result.exercises] if report else []
    changed = draw(st.dictionaries(st.sampled_from(names), overrides, max_size=2)) if names else {}
    return Graded(student=draw(texts), name=draw(texts), email=draw(texts), report=report, overrides=changed)


overrides = st.builds(Override, st.integers(0, 20), texts)


def check(name, title, verdict, points, **words):
    """A check that is worth so many points."""
    earned = points if verdict is Verdict.PASSED else 0
    return CheckResult(id=name, title=title, verdict=verdict, points=earned, max_points=points, **words)


def exercise(name, title, verdict, *own):
    """An exercise with these checks."""
    score, most = sum(one.points for one in own), sum(one.max_points for one in own)
    return ExerciseResult(name=name, title=title, verdict=verdict, score=score, max_score=most, checks=own)


def report(*exercises, notes=(), evidence=()):
    """A report about these exercises."""
    result = Result(
        lesson="lesson1",
        whole_lesson=True,
        score=sum(one.score for one in exercises),
        max_score=sum(one.max_score for one in exercises),
        exercises=exercises,
        hashes=Hashes(submission="5ub", checks="c4ec", cassettes="ca55"),
    )
    environment = Environment(
        tier=3,
        missing="",
        seconds=1.25,
        replayed={"local-model": 7},
        notes=tuple(notes),
        versions={"openai": "3.54.0"},
        evidence=tuple(evidence),
    )
    return Report(result=result, environment=environment)


EVIDENCE = "ex12_speech::test_speech: a frame that nobody asked for"
SAMPLE = report(
    exercise(
        "ex03_hello",
        "Hello World",
        Verdict.FAILED,
        check(
            "test_reply",
            "hello() returns the text of the model's reply",
            Verdict.FAILED,
            4,
            message="hello() returned None; expected 'Hi | <b>there</b>'.",
            where="ex03_hello.py:8",
            next="hand the text back with return",
        ),
        check("test_one_question", "the request holds one user message", Verdict.PASSED, 2),
    ),
    exercise(
        "ex10_moderation",
        "Moderation",
        Verdict.NOT_STARTED,
        check("test_flags", "flags() tells what is harmful", Verdict.NOT_STARTED, 8),
    ),
    exercise(
        "ex12_speech",
        "Speech",
        Verdict.TAMPERED,
        check(
            "test_speech",
            "speak() saves a sound",
            Verdict.TAMPERED,
            3,
            message="Your code wrote into the grader's own connection.",
            where="ex12_speech.py",
            next="take out the code that reaches into the grader",
        ),
        check(
            "test_voice",
            "speak() takes a voice",
            Verdict.BLOCKED,
            3,
            message="This exercise needs lameenc, which is not installed here.",
            next="tell your mentor; your points are not lost",
        ),
    ),
    notes=["my_notes.py is not part of the lesson. It was not used."],
    evidence=[EVIDENCE],
)
VIEW = View(
    folder="assignments/lesson1/",
    command="pytest assignments/lesson1",
    verbose=True,
    printed={("ex03_hello", "test_reply"): "Hi\nthere\n"},
    student="Ada Lovelace",
)
