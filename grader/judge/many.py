"""Many submissions in one judge: the checks are collected once, the zygote is warm, each cell is fresh.

A submission is graded by the same hooks as a student's own run; only the loop around them differs.
"""

import contextlib
import gc
import io
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.course import plain
from grader.course.hidden import HiddenFolder
from grader.errors import GraderError, StoppedError
from grader.judge import plugin
from grader.judge.fixtures import RUN
from grader.judge.hidden import HiddenPart
from grader.judge.hooks import LessonHooks
from grader.judge.run import Run
from grader.model import Report
from grader.reports.terminal import Line

MOST = 200  # characters about an exception


class Submitted(msgspec.Struct, frozen=True):
    """A folder to grade, whole or only some of its exercises.

    `beside` names files that stood beside the submission's own and were not brought along, `unread` exercise files
    that could not be, with what the student reads of each, and the next step.
    """

    name: str
    folder: Path
    exercises: frozenset[str] | None = None
    beside: tuple[str, ...] = ()
    unread: dict[str, tuple[str, str]] = {}


Note = Callable[[Submitted, Report], None]
Lose = Callable[[Submitted, Exception], None]


def stop(one: Submitted, error: Exception) -> None:
    """End the run where a submission cannot be reported. Raises GraderError."""
    raise GraderError(f"{one.name}: {lost(error)}") from error


def lost(error: Exception) -> str:
    """What to say of a submission that the judge itself failed at."""
    return plain.writable(f"the judge stopped with {type(error).__name__}: {error}"[:MOST])


def grade(  # noqa: PLR0913 - the last three are for special runs
    root: Path,
    lesson: str,
    submissions: Iterable[Submitted],
    note: Note,
    *,
    lose: Lose = stop,
    options: Sequence[str] = (),
    plugins: Sequence[object] = (),
) -> set[str]:
    """Grade submissions one after the other; `note` gets each report as it comes.

    `lose` gets what the judge or `note` raised over a submission; the others are graded all the same. Returns the
    places of all exchanges that were replayed. `options` are more of pytest's. Raises GraderError where the lesson
    itself is wrong, in pytest's words or ours, and StoppedError after Ctrl-C.
    """
    many = Many(submissions, note, lose)
    said = io.StringIO()
    arguments = [f"--rootdir={root}", f"--config-file={root / 'pyproject.toml'}", "--noconftest"]
    arguments += ["-s", "-p", "no:cacheprovider", "-p", plugin.__name__, "--lang=en"]
    arguments += [f"{root}/assignments/{lesson}", *options]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main(arguments, plugins=[many, *plugins])
    if code == pytest.ExitCode.INTERRUPTED:
        raise StoppedError("Stopped with Ctrl-C.")
    if many.used is None:
        raise GraderError(said.getvalue().strip() or f"{lesson} could not be graded.")
    return many.used


class Many:
    """What the judge's plugin asks for the hooks of its run."""

    def __init__(self, submissions: Iterable[Submitted], note: Note, lose: Lose) -> None:
        self.submissions = submissions
        self.note = note
        self.lose = lose
        self.used: set[str] | None = None

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        """Add the option for what students never get; their own runs do not know it."""
        parser.addoption("--hidden", metavar="DIR", help="also run the checks, and hold the takes, of this folder")

    def grader_hooks(self, config: pytest.Config, run: Run) -> LessonHooks:
        """The hooks that loop over the submissions. Raises GraderError where what is hidden is wrong."""
        folder = config.getoption("hidden")
        if folder:
            found = run.found
            run.hidden = HiddenPart(HiddenFolder(Path(folder), found.course, found.lesson), found.lesson)
        return ManyHooks(config, run, self)


class ManyHooks(LessonHooks):
    """A lesson's hooks, run for each submission in turn; nothing is written to the terminal."""

    def __init__(self, config: pytest.Config, run: Run, many: Many) -> None:
        super().__init__(config, run)
        self._many = many
        if run.hidden and run.hidden.checks.is_dir():
            config.args.append(str(run.hidden.checks))

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out whatever is neither a registered check nor a hidden one."""
        hidden = self._run.hidden
        of_exercise = collection_path.name in {one.checks_file for one in self._run.found.lesson.exercise}
        if hidden and (collection_path == hidden.checks or (hidden.holds(collection_path) and of_exercise)):
            return None
        return super().pytest_ignore_collect(collection_path)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Stop where hidden checks cannot be read: a class graded without them would have to be graded again."""
        report = yield
        if report.failed and self._run.hidden and self._run.hidden.holds(collector.path):
            said = str(report.longrepr).strip().splitlines()[-1].removeprefix("E").strip()
            raise pytest.UsageError(f"{collector.path}: these hidden checks cannot be read: {said}")
        return report

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the checks of each submission."""
        gc.enable()  # this run is not short
        first = self._run
        reporter: Any = session.config.pluginmanager.getplugin("terminalreporter")
        for submitted in self._many.submissions:
            try:
                run = first.again(submitted.folder, submitted.beside, submitted.unread)
                self._run = session.config.stash[RUN] = run
                self._many.note(submitted, self._graded(session.items, submitted.exercises))
            except (GraderError, pytest.exit.Exception):  # no submission's own
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the others their grade
                session._setupstate.teardown_exact(None)
                self._many.lose(submitted, error)
            reporter.stats.clear()  # pytest keeps the report of every check for its summary
        self._many.used = first.used
        return True

    def _graded(self, every: list[pytest.Item], chosen: frozenset[str] | None) -> Report:
        """Run the checks of the present submission, all or those of some exercises, and report."""
        items = [item for item in every if chosen is None or self._run.exercise(item).name in chosen]
        self._run.planned = [self._plan(item) for item in items]
        for item, following in zip(items, [*items[1:], None], strict=False):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._run.report()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say nothing: each report was handed on."""

    def _write(self, lines: list[Line]) -> None:
        """Write nothing: nobody watches."""
