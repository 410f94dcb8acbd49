"""Markdown, read as GitHub reads it: by its own fork of cmark, then by the filters that make links of names."""

import re

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options
from hypothesis import given

from grader.reports import markdown
from tests.reports.hostile import SAMPLE, VIEW, check, exercise, report, shown, texts

TAGS = {"html", "head", "body", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "p"}
LIMIT = 65_536  # of a comment on GitHub
# What GitHub makes links of in a text outside of <pre> and <code>, beside what Markdown itself does.
MENTION, ISSUE = re.compile(r"@[\w-]"), re.compile(r"#\d")


def page(text):
    """The tree of what GitHub's Markdown gives, with raw HTML let through, as the worst case."""
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html5lib.parse(html, namespaceHTMLElements=False)


def tags(tree):
    """The names of all elements."""
    return {element.tag for element in tree.iter()}


def prose(tree):
    """The text outside of blocks of code."""
    for block in tree.iter("pre"):
        block.clear()
    return "".join(tree.itertext())


@given(shown)
def test_hostile_text_is_only_text(case):
    """Whatever a student wrote: no link, image, list or tag comes of it, nobody is mentioned, and it fits."""
    content = markdown.render(*case)
    tree = page(content.decode())
    assert tags(tree) <= TAGS
    assert not [element.attrib for element in tree.iter() if set(element.attrib) - {"align", "lang", "class"}]
    text = prose(tree)
    assert not MENTION.search(text)
    assert not ISSUE.search(text)
    assert len(content) <= LIMIT


@given(shown)
def test_the_table_keeps_its_form(case):
    """Each exercise is one row of four cells."""
    rows = [[cell.tag for cell in row] for row in page(markdown.render(*case).decode()).iter("tr")]
    assert rows[0] == ["th"] * 4
    assert rows[1:] == [["td"] * 4] * len(case[0].result.exercises)


@given(texts)
def test_escaped_text_can_be_read(text):
    """The reader sees the same signs, apart from what is made safe for every format."""
    tree = page(f"x {markdown.escaped(text)} x")
    seen = "".join(tree.itertext()).strip().replace(markdown.APART, "")
    assert seen.split() == f"x {markdown.line(text, 400)} x".split()


def test_no_line_is_a_command():
    """Printed into a log, no line of it is a command of the CI runner."""
    hostile = check("a", "b", "failed", 1, message="w" * 76 + "::error::x and ::error::y", where="::error::z")
    text = markdown.render(report(exercise("ex01_x", "::error::", "failed", hostile)), VIEW).decode()
    assert not [line for line in text.splitlines() if line.strip().startswith("::")]


def test_backticks_do_not_end_a_block():
    """A block's fence is longer than any run of backticks in it."""
    hostile = check("a", "b", "failed", 1, message="`````", next="<b>now</b>")
    tree = page(markdown.render(report(exercise("ex01_x", "X", "failed", hostile)), VIEW).decode())
    assert any("`````\n  Next: <b>now</b>" in "".join(block.itertext()) for block in tree.iter("pre"))
    assert "b" not in tags(tree)


def test_it_reads_as_the_terminal():
    """A failure stands there as in the terminal: what, where, next, and what the code printed."""
    block = """```text
ex03 hello: hello() returns the text of the model's reply                 0 of 4
  assignments/lesson1/ex03_hello.py:8
  hello() returned None; expected 'Hi | <b>there</b>'.
  Your code printed: Hi there
  Next: hand the text back with return
```"""
    assert block in markdown.render(SAMPLE, VIEW).decode()


def test_a_cut_is_told():
    """A lesson of very many failures keeps to GitHub's limit, and says that something is left out."""
    failed = [
        check(f"test_{i}", f"title {i}", "failed", 1, message=f"message {i} {'w ' * 200}") for i in range(300)
    ]
    content = markdown.render(
        report(exercise("ex01_x", "X", "failed", *failed[:150]), exercise("ex02_y", "Y", "failed", *failed)), VIEW
    )
    assert len(content) <= LIMIT
    tree = page(content.decode())
    assert "The rest is left out here: it is too long. Run pytest assignments/lesson1" in prose(tree)
    assert tags(tree) <= TAGS
