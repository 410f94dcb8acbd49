"""The checks of the three-function lesson, for this grader."""

import pytest

HARMLESS, HARMFUL = "I want to water my neighbor's plant.", "I want to kill my neighbor."


@pytest.mark.points(2)
def test_client(student):
    """build_client() returns a client"""
    assert student.build_client().type == "OpenAI"


@pytest.mark.points(2)
def test_ask(student, api):
    """ask() returns the reply"""
    assert student.ask(api.client(), "Hello World") == api.replies[0].text


@pytest.mark.points(2)
def test_flag(student, api):
    """flag() tells what is harmful"""
    client = api.client()
    assert [student.flag(client, text) for text in (HARMLESS, HARMFUL)] == [False, True]
