"""English sentences in another language: known by their templates, with their values left as they are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import messages
from grader.reports.translation import ENGLISH, Template, Translator, template

SPANISH = Translator(
    {
        "not started": "sin empezar",
        "a text": "un texto",
        "There is no key": "No hay clave",
        "Print {{file}}.": "Imprime {{file}}.",
        messages.RETURNED: "{function} devolvió {got}; se esperaba {want}.",
        messages.RAISED: "{function} se detuvo con {kind}: {message}",
        messages.NOT_SENT: "Falta {field} en tu petición: se espera {field}={want}.",
        messages.NO_FILE: "No hay ningún {file} en tu carpeta.",
        messages.NO_FILE_BUT: "No hay ningún {file} en tu carpeta, pero sí {other}.",
        messages.EITHER: "{one} o {other}",
        messages.RANGE: "de {first} a {last}",
        messages.SECONDS: "{count} segundos",
        "{situation}. f() returned {got}, which is wrong.": "{situation}. f() dio {got}: está mal.",
        "{score} of {most}": "{score} de {most}",
    }
)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("not started", "sin empezar"),
        ("hello() returned None; expected 'Hi'.", "hello() devolvió None; se esperaba 'Hi'."),
        ("hello() returned 1; expected 'a' or 'b'.", "hello() devolvió 1; se esperaba 'a' o 'b'."),
        ("f() returned 0; expected 1 to 8.", "f() devolvió 0; se esperaba de 1 a 8."),
        ("f() returned 0; expected 1 or 2 or 3.", "f() devolvió 0; se esperaba 1 o 2 o 3."),
        ("There is no key. f() returned a text, which is wrong.", "No hay clave. f() dio un texto: está mal."),
        ("There is no a.py in your folder.", "No hay ningún a.py en tu carpeta."),
        (
            "There is no a.py in your folder, but there is b.py.",
            "No hay ningún a.py en tu carpeta, pero sí b.py.",
        ),
        (
            "Your request did not send n; this exercise wants n=3.",
            "Falta n en tu petición: se espera n=3.",
        ),
        ("2.5 seconds", "2.5 segundos"),
        ("Print {file}.", "Imprime {file}."),
    ],
)
def test_a_sentence_is_known_by_its_template(english, spanish):
    """Values stay, words change; a value that is a message of its own changes too; the closest template counts."""
    assert SPANISH.sentence(english) == spanish


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("f() returned 'tea or coffee'; expected 'x'.", "f() devolvió 'tea or coffee'; se esperaba 'x'."),
        ("f() returned tea or coffee; expected 'x'.", "f() devolvió tea or coffee; se esperaba 'x'."),
        ("f() stopped with ValueError: a text", "f() se detuvo con ValueError: a text"),
        ("f() returned '{want}'; expected '{}'.", "f() devolvió '{want}'; se esperaba '{}'."),
        ("f() returned {want.__class__}; expected {0}.", "f() devolvió {want.__class__}; se esperaba {0}."),
    ],
)
def test_values_of_students_stay_as_they_are(english, spanish):
    """Neither a text that looks like our words nor one that looks like a template is changed or filled."""
    assert SPANISH.sentence(english) == spanish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "something else",
        "tea or coffee",
        "Your request did not send n; this exercise wants top_p=3.",
        "many seconds",
        "NOT STARTED",
    ],
)
def test_what_is_not_known_stays_english(text):
    """Unknown text is shown as it is, and a template with one word of its own takes plain values only."""
    assert SPANISH.sentence(text) == text


literals = st.sampled_from(
    [
        " or ",
        " to ",
        "; expected ",
        " returned ",
        "There is no ",
        " in your folder",
        ".",
        "{",
        "}",
        "{got}",
        "1",
        "'",
    ]
)
texts = st.text() | st.lists(literals | st.text(max_size=5)).map("".join)


@given(texts)
@example("1 or " * 2000)
@example("There is no " * 500 + " in your folder.")
def test_any_text_can_be_shown(text):
    """Nothing that a student can bring into a sentence stops a translator; English shows it unchanged."""
    assert isinstance(SPANISH.sentence(text), str)
    assert ENGLISH.sentence(text) == text


@given(st.text(), st.text(), st.text())
def test_values_come_through_whole(function, got, message):
    """Our own words are filled with values that are never read as templates, in any language."""
    values = {"function": function, "kind": got, "message": message}
    assert ENGLISH.words(messages.RAISED, **values) == f"{function} stopped with {got}: {message}"
    assert SPANISH.words(messages.RAISED, **values) == f"{function} se detuvo con {got}: {message}"


def test_names_of_fields_do_not_matter():
    """Words with fields of other names are known as well."""
    assert SPANISH.words("{points} of {all_points}", points=1, all_points=6) == "1 de 6"


@given(st.text().filter(lambda text: "; expected " not in text and " returned " not in text))
def test_a_value_is_found_again(got):
    """What stands between our words is the value, whatever it holds."""
    assert template(messages.RETURNED).values(f"f() returned {got}; expected 1.") == {
        "function": "f()",
        "got": got,
        "want": "1",
    }


@pytest.mark.parametrize("text", ["1 or 1 to ", "f() returned 1 or ", "There is no ; expected ", "{1} of '"])
def test_a_hostile_text_costs_little(text, monkeypatch):
    """However long a text is that nearly fits many templates, each is tried a few times, in linear time each."""
    tried = []
    monkeypatch.setattr(Template, "values", lambda *args, really=Template.values: tried.append(1) or really(*args))
    for length in (10, 1000):
        tried.clear()
        SPANISH.sentence(text * length + "!")
        assert len(tried) < 1000


def test_a_template_with_a_lone_brace_is_refused():
    """A catalogue's entry must be a template as str.format() reads it."""
    with pytest.raises(ValueError, match="'}'"):
        template("one { alone")
