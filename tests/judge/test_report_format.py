"""`pytest --report=FILE --report-format=F`: a real run in each format, and what is told about wrong use."""

import re
import xml.etree.ElementTree as ET

import pytest

FORGED = """\
import os

def make_client():
    for number in range(3, 256):
        try:
            os.write(number, (4).to_bytes(4) + b"xxxx")
        except OSError:
            pass
"""
HOSTILE = """\
def hello(client):
    print("<script>alert(1)</script>")
    raise ValueError("<img src=x onerror=alert(1)> | @everyone `x`")
"""
ONE = ("-k", "ex03")


@pytest.fixture(scope="module")
def hostile(submit):
    return submit(ex03_hello=HOSTILE)


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("json", "{"),
        ("terminal", "lesson1\n"),
        ("markdown", "## lesson1&#58; "),
        ("html", "<!doctype html>"),
        ("junit", "<?xml"),
        ("gradescope", "{"),
        ("classroom", "result="),
        ("exercism", '{"version":3'),
        ("csv", "\ufeffstudent,"),
    ],
)
def test_each_format(grade, hostile, tmp_path, name, begin):
    """A run writes its report in the format asked for, keeps pytest's exit code, and says the same as ever."""
    path = tmp_path / "report"
    run = grade(hostile, *ONE, f"--report={path}", f"--report-format={name}")
    assert (run.code, run.stderr) == (1, "")
    content = path.read_bytes().decode("utf-8")
    assert content.startswith(begin)
    assert "0 of 4" in run.stdout


@pytest.mark.parametrize(("file", "begin"), [("a.HTML", "<!doctype html>"), ("a.out", '{\n  "result": ')])
def test_the_end_of_a_files_name_chooses_the_format(grade, hostile, tmp_path, file, begin):
    """Without a format, a known end is that format; any other is JSON."""
    path = tmp_path / file
    run = grade(hostile, *ONE, f"--report={path}")
    assert (run.code, run.stderr) == (1, "")
    assert path.read_bytes().decode("utf-8").startswith(begin)


def test_a_named_format_wins_over_the_end_of_the_file(grade, hostile, tmp_path):
    """Who names a format gets it in a file of any name."""
    path = tmp_path / "a.html"
    grade(hostile, *ONE, f"--report={path}", "--report-format=exercism")
    assert path.read_bytes().startswith(b'{"version":3')


def test_what_a_student_returned_is_text(grade, hostile, tmp_path):
    """What student code returned and printed stands in the report, and is no markup."""
    grade(hostile, *ONE, f"--report={tmp_path / 'a.html'}", "--report-format=html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    grade(hostile, *ONE, f"--report={tmp_path / 'a.xml'}", "--report-format=junit")
    case = ET.parse(tmp_path / "a.xml").find("testsuite/testcase")  # noqa: S314 - our own
    assert "<img src=x onerror=alert(1)>" in case.find("failure").text
    assert "<script>" in case.find("system-out").text


@pytest.mark.parametrize("name", ["nope", "canvas", "HTML"])
def test_an_unknown_format(grade, tmp_path, name):
    """A wrong format is wrong use: nothing is graded, and the known ones are listed."""
    run = grade(None, *ONE, f"--report={tmp_path / 'x'}", f"--report-format={name}")
    assert run.code == 4
    assert f"There is no format {name}" in run.stderr
    assert "json, terminal, markdown, html, junit, gradescope, classroom, exercism, csv" in run.stderr
    assert not (tmp_path / "x").exists()


def test_a_format_without_a_file(grade):
    """A format alone writes nothing, so it is told."""
    run = grade(None, *ONE, "--report=", "--report-format=html")
    assert run.code == 4
    assert "--report=FILE --report-format=html" in run.stderr


def test_the_report_is_in_the_students_language(grade, hostile, tmp_path):
    """A format for people is in the language of the run; `json` is always in English."""
    grade(hostile, *ONE, f"--report={tmp_path / 'a.html'}", "--report-format=html", "--lang=es")
    assert '<html lang="es">' in (tmp_path / "a.html").read_text("utf-8")
    assert " de 6 puntos" in (tmp_path / "a.html").read_text("utf-8")


def test_evidence_of_tampering_is_for_mentors(grade, submit):
    """What the judge saw stands in the environment of a JSON report, not in its result or in the terminal."""
    forged = submit(ex02_client=FORGED)
    run = grade(forged, "-k", "ex02")
    assert set(run.verdicts.values()) == {"tampered"}
    evidence = run.report["environment"]["evidence"]
    assert all(re.match(r"ex02_client::test_\w+: a frame ", one) for one in evidence)
    assert evidence
    assert "a frame " not in run.canonical.decode() + run.stdout
