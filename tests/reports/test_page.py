"""The web page: one file that loads and runs nothing, parsed by the rules of HTML."""

import base64
import hashlib
import itertools
import re
import shutil
import subprocess
from pathlib import Path

import html5lib
import msgspec
import pytest
from hypothesis import given

from grader.reports import page
from grader.reports.graded import Override, overridden
from grader.reports.languages import CATALOGUE, LOCALE, load
from tests.reports.hostile import NASTY, SAMPLE, VIEW, check, exercise, report, shown

TAGS = {"html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "article", "div"}
TAGS |= {"h1", "h2", "h3", "h4", "p", "br", "pre", "code", "span", "bdi"}
TAGS |= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "scope"}
CONTRAST = 4.5  # WCAG 2, level AA, for text
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


def tree(content):
    """The parsed page; anything that is not sound HTML is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content.decode())


def texts(root, tag):
    """The text of each element of a kind."""
    return [" ".join("".join(element.itertext()).split()) for element in root.iter(tag)]


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote: the page is sound, and has no element and no attribute but the template's own."""
    root = tree(page.render(*case))
    assert {element.tag for element in root.iter()} <= TAGS
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
    classes = {name for element in root.iter() for name in element.get("class", "").split()}
    assert classes <= set(re.findall(r"\.([a-z_]+)", page.HERE.with_suffix(".css").read_text("utf-8"))) | {
        "what", "change", "failed", "timeout", "crashed", "memory", "output_limit", "tampered", "error",
    }  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_shown(text):
    """A student still reads what their code returned."""
    hostile = check("a", "b", "failed", 1, message=text)
    root = tree(page.render(report(exercise("ex01_x", "X", "failed", hostile)), VIEW))
    [what] = [element for element in root.iter("p") if element.get("class") == "what"]
    assert "".join(what.itertext()) == page.line(text)


def test_it_says_everything():
    """Student, score, each exercise, and for each failure what, where, what was printed, and what is next."""
    root = tree(page.render(SAMPLE, VIEW))
    assert texts(root, "h1") == ["lesson1: 2 of 20 points"]
    assert texts(root, "title") == ["lesson1: 2 of 20 points - Ada Lovelace"]
    assert texts(root, "th")[3:] == ["ex03 Hello World", "ex10 Moderation", "ex12 Speech"]
    assert texts(root, "td") == ["2 of 6", "failed", "0 of 8", "not started", "0 of 6", "tampered"]
    assert texts(root, "h4")[0] == "hello() returns the text of the model's reply 0 of 4"
    assert texts(root, "pre") == ["Hi there"]
    told = texts(root, "article")[0]
    assert "assignments/lesson1/ex03_hello.py:8 hello() returned None; expected 'Hi | <b>there</b>'." in told
    assert told.endswith("Next: hand the text back with return")
    assert "my_notes.py is not part of the lesson. It was not used." in texts(root, "footer")[0]


def test_a_cut_is_told():
    """A very long text is cut, and says so."""
    hostile = check("a", "b", "failed", 1, message="w" * 10_000)
    root = tree(page.render(report(exercise("ex01_x", "X", "failed", hostile)), VIEW))
    assert texts(root, "article")[0].endswith("... [cut: it has 10000 characters]")


def test_a_mentors_change_is_shown():
    """Points that were given by hand stand there with their reason."""
    root = tree(page.render(overridden(SAMPLE, {"ex03_hello": Override(6, "See <b>me</b>.")}), VIEW))
    assert "ex03: Your mentor changed the points: See <b>me</b>. (+4)" in texts(root, "p")


def test_it_loads_nothing():
    """There is nothing to load, and the page's own policy would forbid it; its one style is the one it names."""
    content = page.render(SAMPLE, VIEW).decode()
    root = tree(content.encode())
    [style] = texts_raw(root, "style")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [one.get("content") for one in root.iter("meta") if one.get("http-equiv")]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|https?:|src=|href=", content)


def texts_raw(root, tag):
    """The text of each element of a kind, to the letter."""
    return ["".join(element.itertext()) for element in root.iter(tag)]


def test_headings_and_table_are_for_screen_readers():
    """Headings go down step by step, there is one h1, and the table's heads say what they are heads of."""
    root = tree(page.render(SAMPLE, VIEW))
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert [element.get("scope") for element in root.iter("th")] == ["col"] * 3 + ["row"] * 3
    assert texts(root, "caption") == ["Your exercises"]


def luminance(colour):
    """The relative luminance of #rrggbb, by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_can_be_read():
    """In the light, in the dark and on paper each text has enough contrast with what is behind it."""
    found = re.findall(r":root \{(.*?)\}", page.HERE.with_suffix(".css").read_text("utf-8"), re.DOTALL)
    assert len(found) == 3
    colours = {}
    for block in found:
        colours = (colours if "print" in block else dict(colours)) | dict(re.findall(r"--(\w+): (#\w{6})", block))
        if block is found[2]:
            colours = dict(re.findall(r"--(\w+): (#\w{6})", found[0])) | dict(
                re.findall(r"--(\w+): (#\w{6})", block)
            )
        for front in ("text", "soft", "good", "bad", "open"):
            for back in ("page", "box"):
                light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= CONTRAST, (front, back)


def test_in_another_language():
    """The page is in the student's language, and says so."""
    spanish = load(LOCALE / "es" / CATALOGUE)
    root = tree(page.render(SAMPLE, msgspec.structs.replace(VIEW, language=spanish)))
    assert root.get("lang") == "es"
    assert texts(root, "h1") == ["lesson1: 2 de 20 puntos"]


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium, which .ci/run installs")
def test_a_browser_runs_nothing(tmp_path: Path):
    """Chromium shows the page with its style, and no script of a student changes it."""
    scripts = [
        "<script>document.title = 'hacked'</script>",
        "<img src=x onerror=\"document.title = 'hacked'\">",
        "</title><script>document.title = 'hacked'</script>",
        "</style><style>main { display: none }</style>",
    ]
    failed = [check(f"a{i}", text, "failed", 1, message=text, next=text) for i, text in enumerate(scripts)]
    view = msgspec.structs.replace(VIEW, student="".join(scripts))
    path = tmp_path / "page.html"
    path.write_bytes(page.render(report(exercise("ex01_x", scripts[2], "failed", *failed)), view))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    ended = subprocess.run(
        [*command, "--dump-dom", path.as_uri()], capture_output=True, timeout=60, check=True, text=True
    )
    root = html5lib.parse(ended.stdout, namespaceHTMLElements=False)
    assert texts(root, "title")[0].startswith("lesson1: 0 of 4 points - <script>")
    assert {element.tag for element in root.iter()} <= TAGS
    assert "Content Security Policy" not in ended.stderr
