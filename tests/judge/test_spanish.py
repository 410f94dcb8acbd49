"""Lesson 1 in other languages: the same result, and what every stored mistake says.

tests/reports/golden/spanish.txt shows a whole run.
"""

import re
from pathlib import Path

import msgspec
import pytest

from grader.authoring import catalogue
from grader.model import ExerciseResult, Verdict
from grader.reports import languages, terminal
from grader.reports.languages import CATALOGUE, LOCALE
from grader.reports.terminal import CUT, View
from grader.reports.translation import Translator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def mistakes(in_cells):
    """Each stored mistake with its graded exercises."""
    return {
        name: [msgspec.convert(one, ExerciseResult) for one in report["exercises"].values()]
        for name, report in in_cells.items()
        if "/mistakes/" in name
    }


def failures(exercises):
    """The checks that say something."""
    return [check for one in exercises for check in one.checks if check.verdict is not Verdict.PASSED]


def test_a_spanish_run_decides_the_same(grade):
    """With --lang=es the summary is in Spanish; the result has the bytes of the English run."""
    spanish, english = grade(None, "--lang=es"), grade(None)
    assert "puntos" in spanish.stdout
    assert "points" in english.stdout
    assert "--lang=es -k ex01" in spanish.stdout
    assert spanish.canonical == english.canonical


def test_the_locale_is_enough(grade, submit):
    """Without --lang the user's own language counts, and is not repeated in the commands to copy."""
    broken = submit(ex03_hello="def hello(client):\n    return 7\n")
    run = grade(broken, "-k", "ex03", env={"LANG": "es_MX.UTF-8"})
    assert "puntos" in run.stdout
    assert "--lang" not in run.stdout
    assert run.canonical == grade(broken, "-k", "ex03").canonical


def test_every_mistake_is_known(mistakes):
    """Title, message and next step of each stored mistake are in the catalogue: no sentence stays English."""
    known = [str(one.id) for one in catalogue.extracted(ROOT) if one.id]
    marked = Translator({english: f"«{english}»" for english in known})
    texts = {
        text
        for exercises in mistakes.values()
        for check in failures(exercises)
        for text in (exercises[0].title, check.title, check.message, check.next)
    }
    assert [text for text in sorted(texts) if not re.fullmatch("«.+»", marked.sentence(text))] == []
    assert len(texts) > 100


@pytest.mark.parametrize("language", [name for name in languages.shipped() if name != languages.SOURCE])
def test_every_mistake_fits(mistakes, language):
    """Other languages need more room, but no message of a stored mistake is cut, and no verdict or title."""
    translator = languages.load(LOCALE / language / CATALOGUE)
    english = View(folder="assignments/lesson1/", command="pytest assignments/lesson1", verbose=True, printed={})
    view = msgspec.structs.replace(english, language=translator)
    for name, exercises in mistakes.items():
        for exercise in exercises:
            for check in failures([exercise]):
                lines = [line.text for line in terminal.block(exercise, check, view)]
                known = [line.text for line in terminal.block(exercise, check, english)]
                assert len(lines) <= terminal.BLOCK
                assert cuts(lines) <= cuts(known), (name, lines)


@pytest.mark.parametrize("language", languages.shipped())
def test_the_words_of_a_line_fit(language, lesson):
    """Verdicts keep to their column, and the titles of all exercises are shown whole."""
    translator = languages.chosen(language)
    for verdict in Verdict:
        assert len(translator.words(verdict.replace("_", " "))) < terminal.WORDS
    for one in lesson["exercise"]:
        result = ExerciseResult(
            name=one["name"], title=one["title"], verdict=Verdict.OUTPUT_LIMIT, score=10, max_score=10, checks=()
        )
        assert not cuts([terminal.exercise_line(result, translator).text])


def cuts(lines):
    """How many lines were cut. The first holds title and points."""
    return sum(line.endswith(CUT) or f"{CUT}  " in line for line in lines)
