"""The language of a run: --lang, else the user's locale, else English, which never loads Babel."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader import settings
from grader.errors import GraderError
from grader.reports import languages
from grader.reports.translation import ENGLISH

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
TITLE = "Speech"


@pytest.fixture
def system(monkeypatch):
    """Set the variables that name the user's language."""

    def given(**variables):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    given()
    return given


def spanish(translator):
    """Whether it speaks Spanish."""
    return translator.words("error") == "error" and translator.words("passed") == "superado"


@pytest.mark.parametrize(
    "variables",
    [
        {"LANG": "es_ES.UTF-8"},
        {"LANG": "es_MX.UTF-8@euro"},
        {"LANG": "es"},
        {"LC_MESSAGES": "es_AR.UTF-8", "LANG": "en_US.UTF-8"},
        {"LC_ALL": "es_CL", "LC_MESSAGES": "C", "LANG": "en_US.UTF-8"},
        {"LC_ALL": "", "LANG": "es_PE.UTF-8"},
    ],
)
def test_the_locale_chooses(system, variables):
    """A Spanish locale of any country gives Spanish; the variables count in their usual order."""
    system(**variables)
    assert spanish(languages.chosen(None))


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"LANG": "C"},
        {"LANG": "C.UTF-8"},
        {"LANG": "POSIX"},
        {"LANG": "en_GB.UTF-8"},
        {"LC_ALL": "C", "LANG": "es_ES.UTF-8"},
        {"LANG": "de_DE.UTF-8"},
        {"LANG": "../../etc"},
        {"LANG": "\udcff_\udcff"},
    ],
)
def test_every_other_locale_is_english(system, variables):
    """C, English, an unknown language and nonsense give English, and no error."""
    system(**variables)
    assert languages.chosen(None) is ENGLISH


@pytest.mark.parametrize("option", ["es", "es-MX", "es_ES", "ES"])
def test_the_option_wins(system, option):
    """--lang counts before the locale, in the usual spellings."""
    system(LC_ALL="en_US.UTF-8")
    assert spanish(languages.chosen(option))
    system(LC_ALL="es_ES.UTF-8")
    assert languages.chosen("en") is ENGLISH
    assert languages.chosen("en-GB") is ENGLISH


@pytest.mark.parametrize("option", ["xx", "de", "../es", "e", " "])
def test_a_language_that_is_missing_is_refused(system, option):
    """A --lang that does not ship is told, with those that do."""
    system(LANG="es_ES.UTF-8")
    with pytest.raises(GraderError, match="There are: en, es"):
        languages.chosen(option)


def test_a_run_refuses_an_unknown_language(grade):
    """A run calls it wrong use, and says which languages there are."""
    run = grade(None, "--lang=xx")
    assert run.code == 4
    assert "--lang=xx: there is no such language here. There are: en, es." in run.stderr


def test_english_does_not_load_babel():
    """A run in English pays nothing for the other languages."""
    program = (
        "import json, sys, pytest\n"
        "pytest.main(['assignments/lesson1', '-k', 'ex03', '--submission=tests/solutions/lesson1'])\n"
        "sys.stderr.write(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    env = settings.judge_environment()
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, check=True)
    loaded = json.loads(done.stderr)
    assert "grader" in loaded
    assert "babel" not in loaded


def test_a_judge_that_we_start_speaks_english(system):
    """What this program reads from a judge of its own does not depend on the user's locale."""
    system(LC_ALL="es_ES.UTF-8", LANG="es_ES.UTF-8")
    assert settings.judge_environment()["LC_ALL"] == "C"
