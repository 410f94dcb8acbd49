"""The pytest plugin. conftest.py at the project's root loads it.

A run that names nothing under assignments/ is left alone; for a lesson the hooks of hooks.py are added.
"""

import gc
import sys
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import settings
from grader.cell.isolation import HIGHEST, kernel
from grader.cell.launch import launcher
from grader.cell.places import Cells
from grader.cell.supervisor import Supervised
from grader.course.lessons import Course
from grader.errors import GraderError
from grader.judge import collection
from grader.reports import languages
from grader.reports.translation import Translator
from grader.settings import Limits

if TYPE_CHECKING:
    from grader.judge.live import Live
    from grader.reports.formats import One

LIVE_OPTIONS = ("--base-url", "--max-cost")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the lesson's options to `pytest --help`."""
    group = parser.getgroup("lesson", "lessons under assignments/")
    told = "grade the files in DIR, or one notebook, instead of the lesson's folder"
    group.addoption("--submission", metavar="DIR", help=told)
    group.addoption("--report", metavar="FILE", help="write the result and its environment to FILE")
    group.addoption("--report-format", metavar="F", help="with --report: its format; else what FILE ends with")
    group.addoption(
        "--live", action="store_true", help="ask the real API, with your own key, instead of replaying"
    )
    group.addoption("--base-url", metavar="URL", help="with --live: another API, such as the local model's")
    group.addoption(
        "--in-process", action="store_true", help="run your code inside pytest, as --pdb and --trace do (no grade)"
    )
    group.addoption("--max-cost", metavar="X", help="with --live: the most dollars that the run may cost (0.05)")
    group.addoption("--lang", metavar="L", help="show the results in this language (yours, if it ships; else en)")
    group.addoption("--require-isolation", metavar="N", help="run student code at isolation tier N or higher only")
    most = Limits()
    parser.addini("call_seconds", "time limit of one call of student code", default=str(most.call_seconds))
    parser.addini("submission_seconds", "of all calls together", default=str(most.submission_seconds))
    parser.addini("isolation", "the highest isolation tier to try (4)", default=str(HIGHEST))


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Keep every conftest.py below assignments/ out, before pytest looks for them."""
    if getattr(plugin, "__name__", "") == __name__:
        files = [getattr(other, "__file__", None) or "" for other in manager.get_plugins()]
        for root in {Path(file).parent for file in files if Path(file).name == "conftest.py"}:
            collection.ignore_conftests(root / "assignments", manager)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Find out which lesson is meant, and let its cells warm up while pytest collects."""
    config.addinivalue_line("markers", "points(n): what this check is worth")
    config.addinivalue_line("markers", "title(text): what the student reads, in the place of the docstring")
    config.addinivalue_line("markers", "hint(text): what students read where this hidden check does not pass")
    config.addinivalue_line("markers", "replay(reason): only the recorded exchanges can prove this check")
    start = config.invocation_params.dir
    language = translator(config)
    try:
        found = collection.target(Course(config.rootpath), config.args, start)
        if found is None:
            return
        gc.freeze()  # a short run makes little garbage, and looking for it costs more than keeping it
        gc.disable()
        config.add_cleanup(gc.enable)
        submission = folder(config, found.course.folder(found.name))
        limits = Limits(*(seconds(config, name) for name in ("call_seconds", "submission_seconds")))
        live = real_api(config)
        least = tier(f"--require-isolation={config.getoption('require_isolation') or 0}")
        most = tier(f"isolation = {config.getini('isolation')}")
        cells, limits = in_process(config) if debugs(config) else supervised(limits, most)
        config.add_cleanup(cells.close)
        # The rest of the judge is imported while the cells warm up on another core.
        from grader.judge.hooks import LessonHooks  # noqa: PLC0415
        from grader.judge.run import Run  # noqa: PLC0415

        run = Run(found, submission, cells, limits, live)
        run.least_tier = least
        renderer = report_format(config)
        many = next((each for each in config.pluginmanager.get_plugins() if hasattr(each, "grader_hooks")), None)
        hooks = many.grader_hooks(config, run) if many else LessonHooks(config, run, renderer, language)
    except GraderError as error:
        raise pytest.UsageError(language.sentence(str(error))) from None
    config.pluginmanager.register(hooks, "grader-lesson")


def debugs(config: pytest.Config) -> bool:
    """Whether student code is to run in this process."""
    return any(config.getoption(name) for name in ("in_process", "usepdb", "trace"))


def supervised(limits: Limits, most: int) -> tuple[Cells, Limits]:
    """Cells in processes of their own, at this isolation tier at best."""
    cells = Supervised(launcher(settings.cell_environment(), most), limits.call_seconds)
    if sys.platform == "linux":
        kernel.hide_memory()  # below tier 3 nothing else keeps an ordinary user's code out of it
    return cells, limits


def in_process(config: pytest.Config) -> tuple[Cells, Limits]:
    """The judge's own process, without limits. Raises GraderError for options that do not fit."""
    if config.getoption("live"):
        raise GraderError("--live keeps your key from student code. Leave out --in-process, --pdb and --trace.")
    from grader.judge import debugging  # noqa: PLC0415 - a usual run never loads it

    return debugging.cells(config), Limits(inf, inf)


def report_format(config: pytest.Config) -> "One":
    """What makes the file of --report. Raises GraderError for options that do not fit."""
    from grader.reports import formats  # noqa: PLC0415 - with the rest of the judge

    name, file = config.getoption("report_format"), config.getoption("report") or ""
    if name and not file:
        raise GraderError(f"--report-format is for --report. Write --report=FILE --report-format={name}.")
    return formats.one(name or formats.of_file(file))


def translator(config: pytest.Config) -> Translator:
    """The language in which results are shown."""
    try:
        return languages.chosen(config.getoption("lang"))
    except GraderError as error:
        raise pytest.UsageError(str(error)) from None


def folder(config: pytest.Config, lesson: Path) -> Path:
    """The folder of the submission, or its one notebook: the lesson's own folder without --submission."""
    given = config.getoption("submission")
    path = config.invocation_params.dir / (given or lesson)
    if not path.is_dir() and not (path.suffix == ".ipynb" and path.is_file()):
        raise GraderError(f"--submission={given}: there is no such folder, and it is no notebook.")
    return path


def real_api(config: pytest.Config) -> "Live | None":
    """The API of --live; None for a replayed run. Raises GraderError for options that do not fit."""
    options = {name: config.getoption(name.removeprefix("--").replace("-", "_")) for name in LIVE_OPTIONS}
    if not config.getoption("live"):
        given = [name for name, value in options.items() if value is not None]
        if given:
            raise GraderError(f"{given[0]} is for runs with --live. Add --live, or leave it out.")
        return None
    from grader.judge import endpoint, live  # noqa: PLC0415 - it loads an HTTP client

    where = endpoint.endpoint(options["--base-url"] or endpoint.OPENAI, config.rootpath)
    api = live.Live(where, dollars(options["--max-cost"], live.MAX_COST))
    config.add_cleanup(api.close)
    return api


def dollars(given: str | None, default: float) -> float:
    """The amount of --max-cost."""
    try:
        amount = float(default if given is None else given)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < inf:
        raise GraderError(f"--max-cost={given}: expected dollars, as in --max-cost={default}.")
    return amount


def seconds(config: pytest.Config, name: str) -> float:
    """A limit of the configuration."""
    text = config.getini(name)
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not 0 < limit < inf:
        raise GraderError(f"{name} = {text!r}: expected a number of seconds.")
    return limit


def tier(given: str) -> int:
    """The isolation tier of an option, as in `--require-isolation=3`."""
    text = given.rpartition("=")[2].strip()
    if text not in list("01234"):
        raise GraderError(f"{given}: expected a tier, from 0 to 4.")
    return int(text)
