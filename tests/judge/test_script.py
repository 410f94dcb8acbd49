"""`student.run(typed=[...])`: what a check learns of a script, and what a student reads where it stops."""

import pytest

SOURCE = """
import sys

seen = []


def main():
    seen.append(1)
    print("runs:", len(seen))
    while True:
        line = input("> ")
        if line == "stop":
            sys.exit(3)
        if line == "fail":
            raise ValueError("not this word")
        if line == "ask":
            from dotenv import load_dotenv
            from openai import OpenAI

            load_dotenv()
            words = [{"role": "user", "content": "Hello World"}]
            print(OpenAI().chat.completions.create(model="gpt-4o-mini", messages=words).choices[0].message.content)


if __name__ == "__main__":
    main()
"""
CHECKS = '''
import pytest


@pytest.mark.points(1)
def test_ran(student, api):
    """output, status and requests"""
    for _ in range(2):
        ran = student.run(typed=["one", "ask", "stop", "never read"])
        assert ran.status == 3
        assert ran.output == f"runs: 1\\n> > {api.replies[0].text}\\n> "
        (request,) = ran.requests
        assert (request.operation, request.line) == ("chat", 22)
    assert len(api.requests) == 2
    assert student.printed == ran.output and student.read("seen") == [1]


@pytest.mark.points(2)
def test_fails(student):
    """an exception"""
    student.run(["one", "fail"])


@pytest.mark.points(2)
def test_end(student):
    """the end of the input"""
    student.run(typed=["one"])


@pytest.mark.points(1)
def test_too_much(student):
    """more than a pipe holds"""
    student.run(typed=["x" * 5000])
'''


@pytest.fixture
def graded(grade, submit, project):
    """The checks above, judged on the script above."""
    (project / "assignments/lesson1/checks/test_ex03_hello.py").write_text(CHECKS)
    return grade(submit(ex03_hello=SOURCE), "-k", "ex03", root=project)


def test_what_a_check_learns_and_a_student_reads(graded):
    """Output, status and requests of each run, in a world of its own; where it stopped, line and next step."""
    found = {check["id"]: check for check in graded.exercise("ex03")["checks"]}
    assert (found["test_ran"]["verdict"], found["test_ran"]["message"]) == ("passed", "")
    fails, end, much = found["test_fails"], found["test_end"], found["test_too_much"]
    assert (fails["message"], fails["where"]) == (
        "Your program stopped with ValueError: not this word",
        "ex03_hello.py:15",
    )
    assert end["message"] == "The input ended, and your program still waited for a line."
    assert end["where"] == "ex03_hello.py:11"
    assert end["next"].startswith("catch the error of input()")
    assert much["verdict"] == "error"
    assert "5001 bytes" in much["message"]
