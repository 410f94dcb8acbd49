"""A report as JUnit XML, for Jenkins, GitLab and other CI services.

Only what the schema of Jenkins' xunit plugin (junit-10.xsd) allows is used: a suite for each exercise, with the
points as its properties. A report does not know when it was made, nor how long a check took.
"""

from typing import Final
from xml.etree import ElementTree as ET

from grader.model import CheckResult, ExerciseResult, Report, Verdict
from grader.reports.terminal import View
from grader.reports.text import explained, line, lines

OUTCOMES: Final = {Verdict.FAILED: "failure", Verdict.NOT_STARTED: "skipped", Verdict.BLOCKED: "skipped"}
OTHER: Final = "error"  # of all that is not passed


def render(report: Report, view: View) -> bytes:
    """The report as XML."""
    result = report.result
    suites = ET.Element("testsuites", name=line(result.lesson), time=f"{report.environment.seconds:.3f}")
    every = [check for exercise in result.exercises for check in exercise.checks]
    for name, count in counted(every).items():
        if name != "skipped":  # only suites have it
            suites.set(name, count)
    for exercise in result.exercises:
        suites.append(_suite(result.lesson, exercise, view))
    ET.indent(suites)
    content: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def counted(checks: list[CheckResult]) -> dict[str, str]:
    """How many checks there are, and how many of each outcome."""
    found = [outcome(check) for check in checks]
    counts = {"errors": "error", "failures": "failure", "skipped": "skipped"}
    return {"tests": str(len(checks))} | {name: str(found.count(one)) for name, one in counts.items()}


def outcome(check: CheckResult) -> str:
    """JUnit's word for a verdict; empty for passed."""
    return "" if check.verdict is Verdict.PASSED else OUTCOMES.get(check.verdict, OTHER)


def _suite(lesson: str, exercise: ExerciseResult, view: View) -> ET.Element:
    name = line(f"{lesson}.{exercise.name}")
    suite = ET.Element("testsuite", {"name": name} | counted(list(exercise.checks)))
    properties = ET.SubElement(suite, "properties")
    values = {"title": view.language.sentence(exercise.title), "points": exercise.score}
    values |= {"max_points": exercise.max_score}
    values |= {f"points of {one.id}": f"{one.points} of {one.max_points}" for one in exercise.checks}
    for key, value in values.items():
        ET.SubElement(properties, "property", name=line(key), value=line(str(value)))
    for check in exercise.checks:
        case = ET.SubElement(suite, "testcase", classname=name, name=line(check.id), time="0.000")
        _tell(case, exercise, check, view)
    return suite


def _tell(case: ET.Element, exercise: ExerciseResult, check: CheckResult, view: View) -> None:
    kind = outcome(check)
    if kind:
        told = explained(check, view.language, view.folder)
        element = ET.SubElement(case, kind, type=check.verdict, message=line(told.what))
        element.text = lines(f"{view.language.sentence(check.title)}\n{told.whole()}")
    printed = view.printed.get((exercise.name, check.id), "")
    if printed.strip():
        ET.SubElement(case, "system-out").text = lines(printed)
