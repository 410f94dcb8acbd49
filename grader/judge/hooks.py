"""pytest's hooks for a run of a lesson, in the order in which pytest calls them."""

import os
import shlex
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader import messages
from grader.course.lessons import Exercise
from grader.errors import GraderError
from grader.judge import checks, collection, fixtures
from grader.judge.api import Api
from grader.judge.outcomes import ours
from grader.judge.run import Run
from grader.judge.score import Planned
from grader.judge.student import Student
from grader.model import Verdict
from grader.reports import files, terminal
from grader.reports.formats import One
from grader.reports.text import safe
from grader.reports.translation import ENGLISH, Translator

REPEATED = ("submission", "live", "base-url", "max-cost", "lang")  # options of the command that the summary shows


class LessonHooks:
    """Collects a lesson's checks, judges them, and reports."""

    def __init__(
        self, config: pytest.Config, run: Run, renderer: One = files.render, language: Translator = ENGLISH
    ) -> None:
        self._config = config
        self._run = run
        self._renderer = renderer
        self._language = language
        config.stash[fixtures.RUN] = run
        config.pluginmanager.register(fixtures, "grader-fixtures")
        self._verbose = config.option.verbose > 0
        self._student: Student | None = None
        self._last: dict[Exercise, str] = {}  # the id of each exercise's last check
        config.args[:] = run.found.arguments
        options = config.option
        # pytest's own words are for programmers; ours come from reports/terminal.py
        options.verbose, options.tbstyle, options.reportchars = -2, "no", "N"
        options.no_header = options.disable_warnings = True
        options.continue_on_collection_errors = True

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out whatever is not a registered check."""
        return None if collection.registered(collection_path, self._run.found) else True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a checks file that cannot be read: the author's fault, and only this exercise's loss."""
        exercise = self._run.found.lesson.named(Path(report.nodeid).stem.removeprefix("test_"))
        if report.failed and exercise:
            lines = str(report.longrepr).strip().splitlines()
            self._run.faults[exercise.name] = [f"its checks cannot be read: {lines[-1].removeprefix('E').strip()}"]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None]:
        """Put the checks in the lesson's order, and prove their points before -k takes some away."""
        order = [exercise.name for exercise in self._run.found.lesson.exercise]
        items.sort(key=lambda item: order.index(self._run.exercise(item).name))
        if not self._selects():
            self._run.prove([self._plan(item) for item in items])
        try:
            result = yield
        except pytest.UsageError as error:
            if "'-k'" not in str(error):
                raise
            raise pytest.UsageError(self._nothing_selected()) from None
        self._run.planned = [self._plan(item) for item in items]
        self._last = {self._run.exercise(item): item.nodeid for item in items}
        return result

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say what is about to be graded."""
        self._run.keep_draws(getattr(self._config, "cache", None))
        if not session.config.option.collectonly:
            try:
                self._run.demand_isolation()
            except GraderError as error:
                raise pytest.UsageError(self._language.sentence(str(error))) from None
            self._write(terminal.heading(self._run.found.name, self._run.found.lesson.title, self._language))

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Judge one check; pytest learns of a failure as of any other."""
        values: dict[str, Any] = pyfuncitem.funcargs
        arguments = {name: values[name] for name in pyfuncitem._fixtureinfo.argnames}
        student = values.get("student")
        if not isinstance(student, Student):
            finding = ours(f"{pyfuncitem.name} does not use the fixture `student`")
        else:
            api: Api | None = values.get("api")
            self._student = student
            finding = checks.judge(partial(pyfuncitem.obj, **arguments), student, api)
            replay_only = pyfuncitem.get_closest_marker("replay")
            if self._run.live and replay_only and finding.verdict is Verdict.FAILED:
                finding = checks.not_live(str(replay_only.args[0]))
            self._run.played(api._played if api else [])
        self._run.note(pyfuncitem, finding)
        if finding.verdict is not Verdict.PASSED:
            raise self._failure(pyfuncitem)
        return True

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str] | None:
        """Word a failed comparison for the student; an author's own message comes before it."""
        if self._student is None:
            return None
        return [checks.COMPARED + checks.compared(op, left, right, self._student)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what stopped a check that has no finding, such as a broken cassette: never the student's fault."""
        report = yield
        if call.excinfo and not self._run.found_out(item):
            error = call.excinfo.value
            what = str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
            self._run.note(item, ours(what))
        return report

    def pytest_report_teststatus(self) -> tuple[str, str, str]:
        """No dots: a line for each exercise says more."""
        return "", "", ""

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Write an exercise's line when its last check is done."""
        for exercise, last in self._last.items():
            if nodeid == last:
                result = self._run.exercise_result(exercise)
                self._write([terminal.exercise_line(result, self._language)])

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say that it was Ctrl-C; pytest would show where in the grader it waited."""
        if excinfo.type is KeyboardInterrupt:  # and not `q` in a debugger
            self._write([terminal.Line(self._language.words(messages.STOPPED))])
            reporter: Any = self._config.pluginmanager.getplugin("terminalreporter")
            reporter._report_keyboardinterrupt = lambda: None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the summary, and the report file if one is wanted."""
        if session.config.option.collectonly or session.exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
        stopped = session.shouldfail or session.shouldstop or interrupted  # -x, Ctrl-C, `q` in a debugger
        if stopped:  # the rest is neither right nor wrong
            self._run.keep_what_ran()
        if stopped and not self._run.planned:
            return
        if not self._run.planned and not self._run.faults:
            self._write([terminal.Line(self._nothing_selected())])
            return
        report = self._run.last_report()
        unread = [one for one in report.result.exercises if one.name not in {each.name for each in self._last}]
        self._write([terminal.exercise_line(exercise, self._language) for exercise in unread])
        self._write(terminal.summary(report, self._view()))
        if session.exitstatus == pytest.ExitCode.OK and report.result.score < report.result.max_score:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # a check was skipped, or is missing
        path = self._config.getoption("report")
        try:
            if path:
                files.write(self._config.invocation_params.dir / path, self._renderer(report, self._view()))
        except GraderError as error:
            self._write([terminal.Line(self._language.sentence(str(error)), terminal.RED)])
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _failure(self, item: pytest.Item) -> BaseException:
        """What tells pytest, and with --pdb its debugger, that a check is not passed."""
        exercise = self._run.exercise_result(self._run.exercise(item))
        check = next(one for one in exercise.checks if one.id == self._run.check_id(item))
        if not self._config.option.usepdb:
            return pytest.fail.Exception(check.message, pytrace=False)
        from grader.judge import debugging  # noqa: PLC0415 - a usual run never loads it

        return debugging.failure(check, terminal.block(exercise, check, self._view()), self._run.cells.stopped)

    def _nothing_selected(self) -> str:
        """What to tell where no check is left, or -k cannot be read: how to select the exercises that it names."""
        selection = self._config.option.keyword or " ".join(self._config.invocation_params.args)
        named = [one.short for one in self._run.found.lesson.exercise if one.short in selection.lower()]
        template = messages.SEVERAL_SELECTED if len(named) > 1 else messages.NOTHING_SELECTED
        return self._language.words(template, selection=safe(selection), names=" or ".join(named))

    def _selects(self) -> bool:
        """Whether pytest was asked to collect a part of the checks only."""
        options = self._config.option
        narrow = any(getattr(options, name, False) for name in ("lf", "failedfirst", "stepwise", "deselect"))
        paths = {path.partition("::")[0] for path in self._config.args}
        whole = paths >= {str(self._run.found.course.checks(self._run.found.name))}
        return bool(narrow) or not whole or any("::" in path for path in self._config.args)

    def _write(self, lines: list[terminal.Line]) -> None:
        writer = self._config.get_terminal_writer()
        for line in lines:
            writer.line(line.text, **line.markup)

    def _view(self) -> terminal.View:
        found = self._run.found
        start = self._config.invocation_params.dir
        lesson = Path(os.path.relpath(found.course.folder(found.name), start)).as_posix()
        given = {name: self._config.getoption(name.replace("-", "_")) for name in REPEATED}
        submission = given["submission"]
        place = Path(submission or lesson)
        folder = (place.parent if place.suffix == ".ipynb" else place).as_posix()
        options = [
            f" --{name}" + ("" if value is True else f"={shlex.quote(str(value))}")
            for name, value in given.items()
            if value
        ]
        return terminal.View(
            folder="" if folder == "." else f"{folder}/",
            command=f"pytest {lesson}{''.join(options)}",
            verbose=self._verbose,
            printed={key: finding.printed for key, finding in self._run.findings.items()},
            language=self._language,
            notebooks=self._run.submission.in_notebooks(),
        )

    def _plan(self, item: pytest.Item) -> Planned:
        titled = item.get_closest_marker("title")
        title = titled.args[0] if titled else getattr(item, "obj", None).__doc__ or item.name
        title = title.strip().splitlines()[0].strip()
        hidden = self._run.hidden if self._run.hidden and self._run.hidden.holds(item.path) else None
        exercise, check = self._run.exercise(item).name, self._run.check_id(item)
        return Planned(exercise, check, title, points(item), hidden.mark(item) if hidden else None)


def points(item: pytest.Item) -> int:
    """What a check is worth. Raises UsageError where its mark holds no number."""
    mark = item.get_closest_marker("points")
    if mark is None:
        return 0
    if len(mark.args) == 1 and not mark.kwargs and type(mark.args[0]) is int and mark.args[0] >= 0:
        return mark.args[0]
    path, line, _ = item.location
    where = f"{Path(path).as_posix()}:{(line or 0) + 1}"
    raise pytest.UsageError(f"{where}: {item.name}: its points are no number. Write points(2).")
